using MerBench.Host.Statistics;

namespace MerBench.Host.Results;

/// <summary>What can be said of systems from the clips of their logs: means with intervals, and comparisons of all pairs.</summary>
public sealed record LogStatistics(IReadOnlyList<SystemMean> Means, IReadOnlyList<SystemComparison> Comparisons)
{
    /// <summary>Largest difference in mean absolute error that counts as none: a fiftieth of the rating scale.</summary>
    public const double DefaultMargin = 0.02;

    /// <summary>Of logs in the order of their systems.</summary>
    /// <param name="margin">Largest difference that counts as none, in rating units.</param>
    /// <param name="means">What to average.</param>
    /// <param name="compared">What to compare.</param>
    public static LogStatistics Compute(
        IReadOnlyList<ClipLog> logs,
        double margin,
        IReadOnlyList<ErrorMeasure> means,
        IReadOnlyList<ErrorMeasure> compared
    )
    {
        List<List<ClipLog>> systems = [.. logs.GroupBy(l => l.System, StringComparer.Ordinal).Select(g => g.ToList())];
        return new LogStatistics(
            [.. means.SelectMany(measure => Tables(measure).Select(t => SystemMean.Estimate(measure.Name, t.System, t.Errors)))],
            [.. compared.SelectMany(measure => SystemComparison.AllPairs(measure.Name, Tables(measure), margin))]
        );

        List<(string System, ErrorTable Errors)> Tables(ErrorMeasure measure) =>
            [
                .. systems
                    .Select(s =>
                        (
                            s[0].System,
                            Errors: ErrorTable.Create(
                                s.SelectMany(log => log.Rows.Select(row => (log.Seed, row.Clip, measure.Measure(row))))
                            )!
                        )
                    )
                    .Where(t => t.Errors is not null),
            ];
    }
}

/// <summary>A number of one attacked clip.</summary>
public sealed record ErrorMeasure(string Name, Func<ClipRow, double> Measure)
{
    public static ErrorMeasure Before { get; } = new("MAE before", row => row.Error.Clean);

    public static ErrorMeasure After { get; } = new("MAE after", row => row.Error.Perturbed);

    public static ErrorMeasure Harm { get; } = new("harm", row => row.Harm);
}
