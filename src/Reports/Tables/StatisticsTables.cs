using System.Globalization;
using MerBench.Host.Results;
using MerBench.Host.Statistics;

namespace MerBench.Reports.Tables;

/// <summary>Means with intervals, and comparisons of systems, as tables.</summary>
internal static class StatisticsTables
{
    /// <summary>Box plots as numbers; the quartiles are numpy's, whiskers reach 1.5 interquartile ranges.</summary>
    public static ReportTable Harms(IReadOnlyList<HarmOverSeeds> harms) =>
        new(
            "Harm in MAE over seeds",
            ["Model", "Seeds", "mean", "sd", "median", "Q1", "Q3", "low", "high"],
            [
                .. harms.Select(
                    IReadOnlyList<string> (h) =>
                        [
                            h.System,
                            Whole(h.Seeds),
                            .. new[] { h.Harm.Mean, h.Harm.Sd, h.Harm.Median, h.Harm.Q1, h.Harm.Q3, h.Harm.Low, h.Harm.High }.Select(Three),
                        ]
                ),
            ],
            1
        );

    /// <summary>A row a system, a column a measure.</summary>
    public static ReportTable Means(IReadOnlyList<SystemMean> means)
    {
        string[] measures = [.. means.Select(m => m.Measure).Distinct(StringComparer.Ordinal)];
        return new ReportTable(
            "Means with 95 % intervals over seeds and clips",
            ["System", .. measures],
            [
                .. means
                    .GroupBy(m => m.System, StringComparer.Ordinal)
                    .Select(
                        IReadOnlyList<string> (system) =>
                            [
                                system.Key,
                                .. measures.Select(measure =>
                                    system.FirstOrDefault(m => m.Measure == measure) is { } mean ? With(mean.Mean, mean.Bootstrap) : ""
                                ),
                            ]
                    ),
            ],
            1
        );
    }

    /// <summary>What fits into a terminal: one table a measure.</summary>
    public static IEnumerable<ReportTable> Comparisons(IReadOnlyList<SystemComparison> comparisons) =>
        comparisons
            .GroupBy(c => c.Measure, StringComparer.Ordinal)
            .Select(measure => new ReportTable(
                $"Differences in {measure.Key}; equivalent means within {measure.First().Margin.ToString(CultureInfo.InvariantCulture)}",
                ["Systems", "difference, 95 %", "p (Holm)", "d_z", "verdict"],
                [.. measure.Select(ComparisonCells)],
                1
            ));

    /// <summary>Who, difference, corrected p, effect, verdict.</summary>
    public static IReadOnlyList<string> ComparisonCells(SystemComparison c) =>
        [Pair(c), With(c.Difference, c.Bootstrap), P(c.CorrectedP), Two(c.Effect.CohenDz), Text(c.Verdict)];

    /// <summary>Everything that was computed.</summary>
    public static IEnumerable<ReportTable> FullComparisons(IReadOnlyList<SystemComparison> comparisons) =>
        comparisons
            .GroupBy(c => c.Measure, StringComparer.Ordinal)
            .Select(measure => new ReportTable(
                $"Differences in {measure.Key}",
                [
                    "Systems",
                    "seeds",
                    "clips",
                    "difference, 95 %",
                    "t",
                    "df",
                    "p",
                    "p (Holm)",
                    "Wilcoxon p",
                    "d_z",
                    "g",
                    "rank-biserial",
                    "p (equivalence)",
                    "verdict",
                ],
                [
                    .. measure.Select(
                        IReadOnlyList<string> (c) =>
                            [
                                Pair(c),
                                Whole(c.Seeds),
                                Whole(c.Clips),
                                With(c.Difference, c.Bootstrap),
                                Two(c.Test.T),
                                c.Test.DegreesOfFreedom.ToString("0.#", CultureInfo.InvariantCulture),
                                P(c.Test.P),
                                P(c.CorrectedP),
                                P(c.OverClips.P),
                                Two(c.Effect.CohenDz),
                                Two(c.Effect.HedgesG),
                                Two(c.OverClips.RankBiserial),
                                P(c.EquivalenceP),
                                Text(c.Verdict),
                            ]
                    ),
                ],
                1
            ));

    private static string Pair(SystemComparison c) => $"{c.First} - {c.Second}";

    private static string With(double mean, Interval interval) =>
        FormattableString.Invariant($"{mean:0.000;-0.000;0.000} [{interval.Low:0.000;-0.000;0.000}, {interval.High:0.000;-0.000;0.000}]");

    private static string Three(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Two(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string P(double value) =>
        value switch
        {
            double.NaN => "n/a",
            < 0.0001 => "<.0001",
            _ => value.ToString("0.0000", CultureInfo.InvariantCulture),
        };

    private static string Text(Verdict verdict) =>
        verdict switch
        {
            Verdict.Different => "different",
            Verdict.Equivalent => "equivalent",
            Verdict.DifferentWithinMargin => "negligible",
            _ => "cannot tell",
        };
}
