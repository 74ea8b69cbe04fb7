using System.CommandLine;
using MerBench.Host;
using MerBench.Host.Arithmetic;
using MerBench.Host.Conformance;
using MerBench.Host.Plugins;
using MerBench.Host.Plugins.Guests;
using MerBench.Host.Storage;
using MerBench.Host.Text;
using MerBench.Host.Torch;
using MerBench.Reports.Console;
using MerBench.Tool.Completion;
using MerBench.Tool.Display;
using Spectre.Console;

namespace MerBench.Tool.Commands;

internal static class ConformCommand
{
    public static Command Create()
    {
        Argument<string[]> ids = new Argument<string[]>("id")
        {
            Description = "Plugin ids. All plugins of --plugin when left out, or all bundled ones without it.",
            Arity = ArgumentArity.ZeroOrMore,
        }
            .WithoutOptions()
            .OfPlugins();
        Option<string[]> plugins = CommonOptions.Plugins();
        Option<string?> with = new("--with")
        {
            Description = "Options of the plugin, as the YAML of 'with:', for plugins that need some: --with '{ root: data }'. For one id.",
            HelpName = "YAML",
        };
        Option<string?> libtorch = CommonOptions.LibTorch();
        Option<string> device = new("--device") { Description = "auto, cpu, cuda or cuda:N.", DefaultValueFactory = _ => "auto" };
        Option<int> timeout = new("--timeout")
        {
            Description = "Seconds that a check may take.",
            HelpName = "N",
            DefaultValueFactory = _ => (int)ConformanceSuite.StandardLimit.TotalSeconds,
        };
        Option<bool> json = CommonOptions.Json("the checks");
        var command = new Command(
            "conform",
            "Ask plugins whether they keep the promises of the contract: shapes, determinism, batches, gradients, budgets, cancellation, "
                + "tensors freed."
        )
        {
            ids,
            plugins,
            with,
            libtorch,
            device,
            timeout,
            json,
        };
        command.SetAction(
            (parsed, cancel) =>
                Task.FromResult(
                    Interruption.Guard(stop =>
                    {
                        string[] named = parsed.GetValue(ids) ?? [],
                            paths = parsed.GetValue(plugins) ?? [];
                        PluginCatalog catalog = PluginCatalogs.For(null, paths);
                        PluginDescriptor[] chosen = Choose(catalog, named, paths);
                        if (parsed.GetValue(with) is not null && chosen.Length != 1)
                            throw new UserErrorException($"'--with' is for one plugin, and {chosen.Length} are meant: name its id");
                        TorchBackend backend = TorchBackend.Select(parsed.GetValue(libtorch));
                        var arithmetic = ArithmeticChoice.Make(
                            backend,
                            new StoreFolder(CommonOptions.UserCache),
                            ToolProgram.SelfTest,
                            inWholeBlocks: false,
                            stop
                        );
                        if (arithmetic.Remark is { } remark)
                            Terminal.Remark(parsed, remark);
                        TorchDevice on = backend.Choose(parsed.GetValue(device)!, null);
                        var results = new List<ConformanceResult>();
                        foreach (PluginDescriptor plugin in chosen)
                        {
                            string name = $"{KebabCase.Convert(plugin.Kind!.Value.ToString())} {plugin.Id}";
                            GuestWatch.Note($"{name} was asked about the contract");
                            if (parsed.GetValue(json))
                                Terminal.Remark(parsed, name);
                            else
                                Terminal.Output.Write(new FlowText(0, 2).Add(name, Style.Parse("bold")));
                            IReadOnlyList<ConformanceResult> found = ConformanceSuite.Run(
                                plugin,
                                parsed.GetValue(with),
                                catalog,
                                on.Device,
                                TimeSpan.FromSeconds(Math.Max(1, parsed.GetValue(timeout))),
                                stop
                            );
                            if (!parsed.GetValue(json))
                                Write(Terminal.Output, found);
                            results.AddRange(found);
                        }

                        if (parsed.GetValue(json))
                            Terminal.WriteJson(results);
                        else
                            Terminal.WriteLine(
                                $"{Count(ConformanceOutcome.Passed)} passed, {Count(ConformanceOutcome.Failed)} failed, "
                                    + $"{Count(ConformanceOutcome.Skipped)} skipped"
                            );
                        return Count(ConformanceOutcome.Failed) > 0 ? ExitCode.CellFailed : ExitCode.Fine;

                        int Count(ConformanceOutcome outcome) => results.Count(r => r.Outcome == outcome);
                    })
                )
        );
        return command;
    }

    private static IEnumerable<PluginDescriptor> Find(PluginCatalog catalog, string[] ids, string[] paths)
    {
        if (ids.Length > 0)
            return catalog.All.Where(p => ids.Contains(p.Id, StringComparer.Ordinal));
        return paths.Length > 0 ? PluginPaths.Within(catalog, paths) : catalog.All;
    }

    private static PluginDescriptor[] Choose(PluginCatalog catalog, string[] ids, string[] paths)
    {
        PluginDescriptor[] own = [.. Find(catalog, ids, paths)];
        if (Array.Find(own, p => p.State != PluginState.Ready) is { } unusable)
            throw new UserErrorException($"{unusable.Id} cannot be used: {unusable.Reason}");
        foreach (string id in ids.Where(id => !Array.Exists(own, p => p.Id == id)))
            throw new UserErrorException($"unknown plugin '{id}'; {NearestName.Hint(id, catalog.All.Select(p => p.Id), "none was found")}");
        if (own.Length == 0)
            throw new UserErrorException($"no plugin was found in {string.Join(", ", paths)}");
        return own;
    }

    private static void Write(IAnsiConsole console, IReadOnlyList<ConformanceResult> results)
    {
        foreach (ConformanceResult result in results)
        {
            (string word, string colour) = result.Outcome switch
            {
                ConformanceOutcome.Passed => ("passed ", "green"),
                ConformanceOutcome.Failed => ("FAILED ", "red"),
                _ => ("skipped", "yellow"),
            };
            console.Write(
                new FlowText(2, 10)
                    .Add(word, Style.Parse(colour))
                    .Add(result.Message.Length == 0 ? $" {result.Check}" : $" {result.Check}: {result.Message}")
            );
        }
    }
}
