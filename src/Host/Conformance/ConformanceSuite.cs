using MerBench.Host.Configuration.Reading;
using MerBench.Host.Options;
using MerBench.Host.Plugins;
using MerBench.Host.Text;
using MerBench.Host.Torch;
using MerBench.Host.Yaml;
using static TorchSharp.torch;

namespace MerBench.Host.Conformance;

/// <summary>
/// Asks plugins whether they keep the promises of the contract: shapes, determinism, independence of batches, gradients, budgets,
/// cancellation, tensors freed. Small inputs, made here; no dataset.
/// A check that throws or takes too long fails.
/// </summary>
public static class ConformanceSuite
{
    /// <summary>How long a check may take, unless the user says otherwise.</summary>
    public static readonly TimeSpan StandardLimit = TimeSpan.FromMinutes(2);

    /// <summary>Runs all checks of a plugin.</summary>
    /// <param name="with">Its options, as the YAML of <c>with:</c>; null for defaults. Plugins that need options and get none are
    /// skipped.</param>
    /// <param name="catalog">Where options that name other plugins find them.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="limit">How long a check may take; the plugin is not asked further after one that took longer.</param>
    /// <exception cref="UserErrorException">The options are wrong.</exception>
    public static IReadOnlyList<ConformanceResult> Run(
        PluginDescriptor plugin,
        string? with,
        PluginCatalog catalog,
        Device device,
        TimeSpan limit,
        CancellationToken cancel
    )
    {
        ConformanceResult Result(string check, ConformanceOutcome outcome, string message = "") =>
            new(plugin.Kind!.Value, plugin.Id, check, outcome, message);
        List<ConformanceResult> results =
        [
            .. plugin.References.Select(r =>
                r.Problem is { } fault
                    ? Result("references", ConformanceOutcome.Failed, fault)
                    : Result("references", ConformanceOutcome.Passed)
            ),
        ];
        (PluginUse? use, string problem) = Bind(plugin, with, catalog);
        if (use is null && with is not null)
            throw new UserErrorException(problem);
        if (use is null)
            return
            [
                .. results,
                Result("options", ConformanceOutcome.Skipped, $"it needs options to be asked anything: {problem.Split('\n')[0]}"),
            ];

        using var thread = new TorchThread();
        foreach ((string name, Func<CancellationToken, string?> check) in ChecksOf(use, device))
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                string? fault = thread.Run(
                    token =>
                    {
                        using var scope = NewDisposeScope();
                        return check(token);
                    },
                    limit,
                    cancel
                );
                results.Add(fault is null ? Result(name, ConformanceOutcome.Passed) : Result(name, ConformanceOutcome.Failed, fault));
            }
            catch (CheckSkippedException reason)
            {
                results.Add(Result(name, ConformanceOutcome.Skipped, reason.Message));
            }
            catch (TimeLimitException)
            {
                results.Add(
                    Result(name, ConformanceOutcome.Failed, FormattableString.Invariant($"not finished after {limit.TotalSeconds:0} s"))
                );
                return results;
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested)
            {
                results.Add(Result(name, ConformanceOutcome.Failed, PluginFailure.Describe(plugin.Id, e)));
            }
        }

        return results;
    }

    private static IEnumerable<(string Name, Func<CancellationToken, string?> Check)> ChecksOf(PluginUse use, Device device) =>
        use.Plugin.Kind switch
        {
            PluginKind.Model => new ModelConformance(use, device).Checks(),
            PluginKind.Attack => new AttackConformance(use, device).Checks(),
            PluginKind.Corruption => new CorruptionConformance(use, device).Checks(),
            PluginKind.FrontEnd => new FrontEndConformance(use, device).Checks(),
            PluginKind.Dataset => new DatasetConformance(use).Checks(),
            _ => new MetricConformance(use).Checks(),
        };

    private static (PluginUse? Use, string Problem) Bind(PluginDescriptor plugin, string? with, PluginCatalog catalog)
    {
        var problems = new List<BenchmarkProblem>();
        BindingContext context = PluginResolver.CreateContext(Environment.CurrentDirectory, problems, catalog);
        Node? node = with is null ? null : YamlLoader.Load(with, "--with", Environment.GetEnvironmentVariable, problems);
        PluginUse? use =
            problems.Count > 0 ? null : new PluginResolver(catalog, context).Bind(plugin, node, new SourceLocation("--with", 1, 1));
        return (use, string.Join('\n', problems));
    }
}

/// <summary>A check does not concern the plugin, or cannot be made here.</summary>
internal sealed class CheckSkippedException(string reason) : Exception(reason);
