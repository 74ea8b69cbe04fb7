using System.Globalization;
using MerBench.Analysis.Comparisons;
using static MerBench.Reports.Tables.ComparisonText;

namespace MerBench.Reports.Tables;

/// <summary>A comparison of runs as tables.</summary>
internal static class ComparisonTables
{
    /// <summary>The column of verdicts.</summary>
    public const string VerdictHeader = "Verdict";

    /// <summary>Errors, the clean ones of each model first.</summary>
    public static ReportTable Errors(RunComparison comparison) => Changes("Errors", Rows(comparison, withClean: true));

    public static ReportTable Harm(RunComparison comparison) => Changes("Harm", Rows(comparison, withClean: false));

    /// <summary>The same for where there is room.</summary>
    public static ReportTable FullErrors(RunComparison comparison) => FullChanges("Errors", Rows(comparison, withClean: true));

    public static ReportTable FullHarm(RunComparison comparison) => FullChanges("Harm", Rows(comparison, withClean: false));

    /// <summary>What moved: errors, then harm; without those in which nothing did.</summary>
    public static IEnumerable<ReportTable> Moved(RunComparison comparison)
    {
        ConditionChange[] errors = [.. comparison.Conditions.Where(c => c.Clean.IsMoved || c.Perturbed.IsMoved)],
            harms = [.. comparison.Conditions.Where(c => c.Harm.IsMoved)];
        if (errors.Length > 0)
            yield return FullErrors(comparison with { Conditions = errors }) with
            {
                Title = "Errors of what moved",
            };
        if (harms.Length > 0)
            yield return FullHarm(comparison with { Conditions = harms }) with
            {
                Title = "Harm of what moved",
            };
    }

    /// <summary>All metrics of the runs, means over the seeds of both; without tests, as most of them are not defined for a clip.</summary>
    public static ReportTable Metrics(RunComparison comparison) =>
        new(
            "Metrics",
            ["Model", "Perturbation", "Strength", "Metric", "clean before", "after", "perturbed before", "after", "change of harm"],
            [
                .. comparison.Conditions.SelectMany(c =>
                    c.Metrics.Select(
                        IReadOnlyList<string> (m) =>
                            [
                                c.ModelName,
                                LabelMark.Name(c.Perturbation, c.LabelPreserving),
                                c.Strength,
                                m.Metric,
                                Three(m.CleanBefore),
                                Three(m.CleanAfter),
                                Three(m.PerturbedBefore),
                                Three(m.PerturbedAfter),
                                LeftOutMark.Append(Signed(ChangeOfHarm(m)), m.LeftOut),
                            ]
                    )
                ),
            ],
            4
        );

    /// <summary>What the runs are and were made on; rows that differ are marked.</summary>
    public static ReportTable Runs(RunComparison comparison) =>
        new(
            "Runs",
            ["", "first", "second", ""],
            [
                .. comparison.Before.Facts.Zip(
                    comparison.After.Facts,
                    IReadOnlyList<string> (a, b) => [a.Name, a.Value, b.Value, a.Value == b.Value ? "" : "differs"]
                ),
            ],
            4
        );

    private static double? ChangeOfHarm(MetricChange m) =>
        ((m.PerturbedAfter - m.CleanAfter) - (m.PerturbedBefore - m.CleanBefore)) * (m.HigherIsBetter ? -1 : 1);

    // The only model stands in the title, where there is room for it.
    private static ReportTable Changes(string title, IEnumerable<Row> all)
    {
        Row[] rows = [.. all];
        string[] models = [.. rows.Select(r => r.Condition.ModelName).Distinct(StringComparer.Ordinal)];
        bool isOne = models.Length == 1;
        return new ReportTable(
            isOne ? $"{title}, {models[0]}" : title,
            [.. isOne ? [] : new[] { "Model" }, "Condition", VerdictHeader, "before", "change, 95 %", "after", "p"],
            [
                .. rows.Select(
                    IReadOnlyList<string> (r) =>
                        [
                            .. isOne ? [] : new[] { r.IsFirst ? r.Condition.ModelName : "" },
                            r.Name,
                            Verdict(r),
                            Three(r.Change.Before),
                            With(r.Change.Difference, r.Change.Paired?.Interval),
                            Three(r.Change.After),
                            P(r.Change.Paired?.P),
                        ]
                ),
            ],
            isOne ? 2 : 3
        );
    }

    private static ReportTable FullChanges(string title, IEnumerable<Row> rows) =>
        new(
            title,
            [
                VerdictHeader,
                "Model",
                "Condition",
                "before",
                "after",
                "change, 95 %",
                "p (Holm)",
                "p (equivalence)",
                "visible from",
                "seeds",
                "clips",
            ],
            [
                .. rows.Select(
                    IReadOnlyList<string> (r) =>
                        [
                            Verdict(r),
                            r.Condition.ModelName,
                            r.Name,
                            Three(r.Change.Before),
                            Three(r.Change.After),
                            With(r.Change.Difference, r.Change.Paired?.Interval),
                            P(r.Change.Paired?.P),
                            P(r.Change.Paired?.EquivalenceP),
                            r.Change.Paired is { } paired ? Three(paired.SmallestVisible) : "",
                            Whole(r.Condition.Seeds.Count),
                            Whole(r.Condition.ClipCount),
                        ]
                ),
            ],
            3
        );

    private static IEnumerable<Row> Rows(RunComparison comparison, bool withClean)
    {
        foreach (IGrouping<string, ConditionChange> model in comparison.Conditions.GroupBy(c => c.ModelName, StringComparer.Ordinal))
        {
            bool isFirst = true;
            if (withClean)
            {
                yield return new Row(model.First(), "clean", model.First().Clean, IsFirst: true);
                isFirst = false;
            }

            foreach (ConditionChange condition in model.OrderBy(c => !c.LabelPreserving))
            {
                yield return new Row(
                    condition,
                    $"{LabelMark.Name(condition.Perturbation, condition.LabelPreserving)} {condition.Strength}",
                    withClean ? condition.Perturbed : condition.Harm,
                    isFirst
                );
                isFirst = false;
            }
        }
    }

    private static string Verdict(Row row) =>
        row.Condition.Doubtful && row.Name != "clean"
            ? $"{Describe(row.Change.Verdict)} {RobustnessTable.DoubtMark}"
            : Describe(row.Change.Verdict);

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);

    private sealed record Row(ConditionChange Condition, string Name, MeasureChange Change, bool IsFirst);
}
