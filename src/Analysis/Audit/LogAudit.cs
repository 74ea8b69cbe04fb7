using MerBench.Host;
using MerBench.Host.Results;

namespace MerBench.Analysis.Audit;

/// <summary>What published attack logs say, recomputed without running any model.</summary>
public sealed record LogAudit(
    int Rows,
    IReadOnlyList<SystemScores> Systems,
    IReadOnlyList<PairedTTest> Tests,
    LogStatistics Statistics,
    IReadOnlyList<AuditFinding> Findings
)
{
    /// <summary>Numbers in one input of the paper: 313 frames of 149 bands.</summary>
    public const long PaperInputValues = 313 * 149;

    // Logs are on the scale 0 to 1.
    private static readonly ErrorMeasure AfterClipped = new("clipped MAE after", row => row.ClippedError(0, 1));

    /// <summary>Audits logs.</summary>
    /// <param name="inputValues">Numbers in one attacked input, which turn a configured L-infinity radius into a bound on the L2
    /// norm.</param>
    /// <param name="margin">Largest difference in mean absolute error that counts as none, in rating units.</param>
    /// <exception cref="UserErrorException">Logs do not fit together.</exception>
    public static LogAudit Examine(
        IReadOnlyList<ClipLog> logs,
        long inputValues = PaperInputValues,
        double margin = LogStatistics.DefaultMargin
    )
    {
        IReadOnlyList<string> emotions = logs[0].Emotions;
        foreach (ClipLog log in logs)
        {
            if (!log.Emotions.SequenceEqual(emotions))
                throw new UserErrorException(
                    $"{log.Path} has the emotions {string.Join(", ", log.Emotions)}, but {logs[0].Path} has "
                        + $"{string.Join(", ", emotions)}. Audit logs of one study at a time."
                );
            if (log.Rows.FirstOrDefault(r => r.Rating.Length != emotions.Count) is { } odd)
                throw new UserErrorException(
                    FormattableString.Invariant(
                        $"{log.Path}:{odd.Line}:1: {odd.Rating.Length} emotions, but {emotions.Count} in its first row."
                    )
                );
            if (log.Rows.GroupBy(r => r.Clip, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
                throw new UserErrorException(
                    FormattableString.Invariant($"{log.Path}:{twice.Last().Line}:1: clip '{twice.Key}' is attacked twice.")
                );
        }

        List<List<ClipLog>> bySystem = [.. logs.GroupBy(l => l.System, StringComparer.Ordinal).Select(g => g.ToList())];
        List<SystemScores> systems = [.. bySystem.Select(s => SystemScores.Compute(s[0].System, s))];
        List<PairedTTest> tests = [.. bySystem.SelectMany((a, i) => bySystem.Skip(i + 1).SelectMany(b => PairedTTest.Compare(a, b)))];
        LogStatistics statistics = LogStatistics.Compute(
            logs,
            margin,
            [ErrorMeasure.Before, ErrorMeasure.After, AfterClipped],
            [ErrorMeasure.After, AfterClipped]
        );
        return new LogAudit(
            logs.Sum(l => l.Rows.Count),
            systems,
            tests,
            statistics,
            new AuditRules(logs, systems, tests, statistics, inputValues).All()
        );
    }
}
