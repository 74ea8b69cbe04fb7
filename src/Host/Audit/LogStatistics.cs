using MerBench.Host.Statistics;

namespace MerBench.Host.Audit;

/// <summary>What can be said of systems from the clips of their logs: means with intervals, and comparisons of all pairs.</summary>
public sealed record LogStatistics(IReadOnlyList<SystemMean> Means, IReadOnlyList<SystemComparison> Comparisons)
{
    /// <summary>Largest difference in mean absolute error that counts as none: a fiftieth of the rating scale.</summary>
    public const double DefaultMargin = 0.02;

    /// <summary>Of logs in the order of their systems.</summary>
    /// <param name="margin">Largest difference that counts as none, in rating units.</param>
    /// <param name="means">What to average.</param>
    /// <param name="compared">What to compare.</param>
    public static LogStatistics Of(
        IReadOnlyList<AttackLog> logs,
        double margin,
        IReadOnlyList<ErrorMeasure> means,
        IReadOnlyList<ErrorMeasure> compared
    )
    {
        List<List<AttackLog>> systems = [.. logs.GroupBy(l => l.System, StringComparer.Ordinal).Select(g => g.ToList())];
        return new LogStatistics(
            [.. means.SelectMany(measure => Tables(measure).Select(t => SystemMean.Of(measure.Name, t.System, t.Errors)))],
            [.. compared.SelectMany(measure => SystemComparison.AllPairs(measure.Name, Tables(measure), margin))]
        );

        List<(string System, ErrorTable Errors)> Tables(ErrorMeasure measure) =>
            [
                .. systems
                    .Select(s =>
                        (
                            s[0].System,
                            Errors: ErrorTable.Of(s.SelectMany(log => log.Rows.Select(row => (log.Seed, row.Clip, measure.Of(row)))))!
                        )
                    )
                    .Where(t => t.Errors is not null),
            ];
    }
}

/// <summary>A number of one attacked clip.</summary>
public sealed record ErrorMeasure(string Name, Func<AttackLogRow, double> Of)
{
    public static ErrorMeasure Before { get; } = new("MAE before", row => row.CleanMae);

    public static ErrorMeasure After { get; } = new("MAE after", row => row.PerturbedMae);

    public static ErrorMeasure AfterClipped { get; } = new("clipped MAE after", row => row.ClippedMae);

    public static ErrorMeasure Harm { get; } = new("harm", row => row.PerturbedMae - row.CleanMae);
}
