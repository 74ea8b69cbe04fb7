using System.Globalization;
using MerBench.Host.Statistics;

namespace MerBench.Analysis.Snapshots;

/// <summary>The explanation of a comparison with a snapshot, in lines of text for any medium.</summary>
public static class VerificationText
{
    /// <summary>The verdict as people say it.</summary>
    public static string Describe(SnapshotVerdict verdict) =>
        verdict switch
        {
            SnapshotVerdict.CannotTell => "cannot tell",
            _ => verdict.ToString().ToLowerInvariant(),
        };

    /// <summary>«3 regressed, 1 cannot tell, 8 same» of cells, the worst first.</summary>
    public static string Counts(BenchmarkVerification verification) =>
        string.Join(
            ", ",
            Enum.GetValues<SnapshotVerdict>()
                .OrderDescending()
                .Select(v => (Verdict: v, Count: verification.Count(v)))
                .Where(c => c.Count > 0)
                .Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Count} {Describe(c.Verdict)}"))
        );

    /// <summary>What to do about it; empty where nothing is to be done.</summary>
    public static string Advice(BenchmarkVerification verification) =>
        verification switch
        {
            { Received: null } => "",
            { HasSnapshot: false } =>
                $"There is no snapshot yet: look at the results, then 'merbench accept {verification.File}' (or 'verify --accept') and "
                    + $"commit {Path.GetFileName(verification.Verified)}.",
            _ => $"If this is what you want: 'merbench accept {verification.File}', and commit {Path.GetFileName(verification.Verified)}.",
        };

    /// <summary>What moved, by how much, beyond what noise, in which clips, and why it can have; a line each.</summary>
    public static IReadOnlyList<string> Explain(ConditionComparison condition)
    {
        var lines = new List<string>();
        foreach (
            IGrouping<(string, bool), MetricMove> metric in condition.Cells.SelectMany(c => c.Moves).GroupBy(m => (m.Metric, m.IsPerturbed))
        )
            lines.Add(Move([.. metric], condition.Cells.Count));
        bool moved = lines.Count > 0;
        if (moved && condition.Cells.Any(c => c.Moves.Any(m => m.IsPerturbed)))
            lines.AddRange(Noise("perturbed", condition.PerturbedChange));
        if (moved && condition.Cells.Any(c => c.Moves.Any(m => !m.IsPerturbed)))
            lines.AddRange(Noise("clean", condition.CleanChange));
        if (condition.Clips.Count > 0)
            lines.Add(
                $"clips that moved most: "
                    + $"{string.Join(", ", condition.Clips.Select(c => $"{c.Clip} {Number(c.Accepted)} -> {Number(c.Received)}"))}"
            );
        foreach (
            IGrouping<string, CellComparison> note in condition
                .Cells.Where(c => c.Note.Length > 0)
                .GroupBy(c => c.Note, StringComparer.Ordinal)
        )
            lines.Add(condition.Cells.Count == 1 ? note.Key : $"seed {string.Join(", ", note.Select(c => c.Seed))}: {note.Key}");
        if (condition.Causes.Count > 0)
            lines.Add($"why it can have moved: {string.Join("; ", condition.Causes)}");
        else if (moved)
            lines.Add(
                "why it can have moved: code, options, weights, data, device and libtorch are the same; something is not deterministic, "
                    + "or depends on what no option names"
            );
        return lines;
    }

    private static string Move(MetricMove[] moves, int cells)
    {
        MetricMove first = moves[0];
        double? accepted = moves.Average(m => m.Accepted),
            received = moves.Average(m => m.Received);
        string seeds = cells == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $", {moves.Length} of {cells} seeds");
        return $"{(first.IsPerturbed ? "perturbed" : "clean")} {first.Metric} {Number(accepted)} -> {Number(received)} "
            + $"({Signed(received - accepted)}, allowed {Number(moves.Average(m => m.Allowed))}{seeds})"
            + string.Concat(moves.Select(m => m.Labels).OfType<LabelChange>().Take(1).Select(Describe));
    }

    private static string Describe(LabelChange labels)
    {
        string[] parts =
        [
            .. labels.Lost.Count > 0 ? [$"no longer defined for {string.Join(", ", labels.Lost)}"] : Array.Empty<string>(),
            .. labels.Gained.Count > 0 ? [$"now defined for {string.Join(", ", labels.Gained)}"] : Array.Empty<string>(),
        ];
        return $"; the two are over other emotions: {string.Join(", and ", parts)}";
    }

    private static IEnumerable<string> Noise(string side, PairedChange? change)
    {
        if (change is null)
            yield break;
        string seeds = change.Seeds == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" x {change.Seeds} seeds");
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{side} errors of {change.Clips} clips{seeds}: {Signed(change.Mean)} (95 % interval {Signed(change.Interval.Low)} to "
                + $"{Signed(change.Interval.High)}, p {P(change.P)}); a change of {Number(change.SmallestVisible)} would have been seen"
        );
    }

    private static string P(double p) => p < 0.0001 ? "< .0001" : "= " + p.ToString(".0000", CultureInfo.InvariantCulture);

    private static string Number(double? value) => value?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "not defined";

    private static string Signed(double? value) => value?.ToString("+0.0000;-0.0000;0.0000", CultureInfo.InvariantCulture) ?? "not defined";
}
