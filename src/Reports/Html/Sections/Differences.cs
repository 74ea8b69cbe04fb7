using MerBench.Host.Results;
using MerBench.Host.Statistics;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Html.Sections;

/// <summary>Which differences between models are more than chance.</summary>
internal static class Differences
{
    private const int Most = 2000;

    public static HtmlSection? Create(RunReportData data)
    {
        (ConditionStatistics Condition, SystemComparison Pair)[] rows =
        [
            .. data
                .Results.Statistics.Where(s =>
                    s.LabelPreserving && data.Strongest.Any(c => c.Perturbation == s.Perturbation && c.Strength == s.Strength)
                )
                .SelectMany(s => s.Comparisons.Select(c => (s, c)))
                .Take(Most),
        ];
        if (rows.Length == 0)
            return null;
        PageData table = PageData.Create(
            "differences",
            rows,
            ("model", r => r.Pair.First),
            ("other_model", r => r.Pair.Second),
            ("perturbation", r => data.Names[r.Condition.Perturbation]),
            ("strength", r => r.Condition.Strength),
            ("difference", r => r.Pair.Difference),
            ("difference_low", r => r.Pair.Bootstrap.Low),
            ("difference_high", r => r.Pair.Bootstrap.High),
            ("p", r => r.Pair.CorrectedP),
            ("verdict", r => Text(r.Pair.Verdict))
        );
        string margin = FormattableString.Invariant($"{rows[0].Pair.Margin}");
        var differences = new PageTable(
            "differences-table",
            "Differences in harm",
            new PageView("differences"),
            [
                new("model", "Model"),
                new("other_model", "minus"),
                new("perturbation", "Perturbation"),
                new("strength", "Strength"),
                new("difference", "Difference in harm", "signedInterval")
                {
                    Meaning = "First minus second, MAE in rating units; 95 % interval by bootstrap over seeds and clips",
                },
                new("p", "p", "probability")
                {
                    Meaning = "Of the test with seeds and clips crossed, both random, after Holm’s correction over pairs",
                },
                new("verdict", "Verdict"),
            ]
        )
        {
            Note = Passage.Read("report", "differences, legend").Fill("margin", margin).Sentences(),
        };
        return new HtmlSection(
            "differences",
            "Differences between models",
            Markup.Format(
                $"""
                {Passage.Read("report", "differences").Paragraphs()}
                {differences.Render()}
                """
            )
        )
        {
            Data = [table],
            Scripts = ["intervals.js"],
        };
    }

    private static string Text(Verdict verdict) =>
        verdict switch
        {
            Verdict.Different => "different",
            Verdict.Equivalent => "equivalent",
            Verdict.DifferentWithinMargin => "negligible",
            _ => "cannot tell",
        };
}
