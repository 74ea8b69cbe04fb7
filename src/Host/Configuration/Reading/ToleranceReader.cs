using System.IO.Enumeration;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Options;
using MerBench.Host.Plugins;
using MerBench.Host.Text;

namespace MerBench.Host.Configuration.Reading;

/// <summary>Reads the tolerances of <c>snapshot:</c>; a name that stands for nothing in the benchmark is a typing error.</summary>
internal sealed class ToleranceReader(
    BindingContext context,
    IReadOnlyList<ModelDefinition> models,
    IReadOnlyList<PerturbationDefinition> perturbations,
    IReadOnlyList<PluginUse> metrics
)
{
    private static readonly string[] DeviceTypes = ["cpu", "cuda"];

    public SnapshotTolerances Read(SnapshotEntry? snapshot)
    {
        var rules = new List<ToleranceRule>();
        foreach (
            (string pattern, Located<Tolerance> tolerance) in snapshot?.Tolerance
                ?? new Dictionary<string, Located<Tolerance>>(StringComparer.Ordinal)
        )
            rules.Add(Rule(pattern, tolerance, null));
        foreach (
            (string device, var tolerances) in snapshot?.On
                ?? new Dictionary<string, Located<IReadOnlyDictionary<string, Located<Tolerance>>>>(StringComparer.Ordinal)
        )
        {
            if (!DeviceTypes.Contains(device, StringComparer.Ordinal))
                context.Report(tolerances.At, $"'{device}' is no type of device", NearestName.Hint(device, DeviceTypes));
            rules.AddRange(tolerances.Value.Select(t => Rule(t.Key, t.Value, device)));
        }

        return new SnapshotTolerances(rules);
    }

    private ToleranceRule Rule(string pattern, Located<Tolerance> tolerance, string? device)
    {
        if (pattern.Contains('/', StringComparison.Ordinal))
            CheckPattern(pattern, tolerance.At);
        else if (pattern != ToleranceRule.Default && metrics.All(m => m.Plugin.Id != pattern))
            context.Report(
                tolerance.At,
                $"'{pattern}' is no metric of this benchmark",
                NearestName.Hint(pattern, [.. metrics.Select(m => m.Plugin.Id), ToleranceRule.Default])
            );
        if (tolerance.Value is { Relative: null, Absolute: null })
            context.Report(
                tolerance.At,
                $"the tolerance of '{pattern}' allows nothing",
                "give it 'relative', 'absolute' or both; 0 allows no change"
            );
        return new ToleranceRule(pattern, tolerance.Value, device);
    }

    // Wrong plugins were reported already, and leave no models and perturbations to compare with.
    private void CheckPattern(string pattern, SourceLocation at)
    {
        string[] parts = pattern.Split('/');
        Check(parts[0], models.Select(m => m.Name), "model");
        if (parts.Length > 1 && !parts[0].Contains('*', StringComparison.Ordinal))
            Check(parts[1], perturbations.Select(p => p.Name), "perturbation");

        void Check(string part, IEnumerable<string> names, string what)
        {
            string[] all = [.. names];
            if (all.Length > 0 && !Array.Exists(all, name => FileSystemName.MatchesSimpleExpression(part, name, ignoreCase: false)))
                context.Report(at, $"no {what} of this benchmark is named '{part}'", NearestName.Hint(part, all));
        }
    }
}
