using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Results;

namespace MerBench.Analysis.Leaderboards;

/// <summary>The threat models of a run whose benchmark declares none: one for each domain and budget of attacks, one for attacks without a
/// budget, one for corruptions.</summary>
internal static class DerivedThreats
{
    public static IReadOnlyList<ThreatModel> Derive(RunResults run)
    {
        CellSummary[] cells = [.. run.Cells.Where(c => c.LabelPreserving)];
        IEnumerable<ThreatModel> attacks = cells
            .Where(c => c.Severity is null)
            .GroupBy(c => (c.Domain, c.Norm, c.Size))
            .Select(g => new ThreatModel(Name(g.Key.Domain, g.Key.Norm, g.Key.Size), Perturbations(g), g.Key.Norm, g.Key.Size, null, null));
        IEnumerable<ThreatModel> corruptions = cells
            .Where(c => c.Severity is not null)
            .GroupBy(_ => true)
            .Select(g => new ThreatModel("corruptions", Perturbations(g), null, null, g.Max(c => c.Severity), AdversaryKnowledge.Natural));
        return [.. attacks, .. corruptions];
    }

    private static string Name(string domain, string? norm, double? size) =>
        norm is null
            ? $"{domain}, no budget"
            : FormattableString.Invariant($"{domain}, {norm} {size}{(norm is "snr" or "masking-excess" ? " dB" : "")}");

    private static string[] Perturbations(IEnumerable<CellSummary> cells) =>
        [.. cells.Select(c => c.Perturbation).Distinct(StringComparer.Ordinal)];
}
