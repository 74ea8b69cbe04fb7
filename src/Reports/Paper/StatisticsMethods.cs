using MerBench.Host.Results;
using MerBench.Host.Statistics;
using MerBench.Reports.Bibliography;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Paper;

/// <summary>Metrics, intervals, tests and checks.</summary>
internal static class StatisticsMethods
{
    public static Paragraph Write(RunFacts facts)
    {
        var text = new Paragraph();
        RunResults results = facts.Results;
        string[] metrics = [.. RobustnessTable.MetricIds(results)];
        if (metrics.Length > 0)
        {
            text.Say(
                $"We report {Inline.List(metrics.Select(m => Inline.Text(results.Metrics[m].Name)))}, and as harm how much worse "
                    + $"{(metrics.Length == 1 ? "it is" : "each is")} for perturbed clips than for clean ones, positive always being worse."
            );
            if (LeftOutMark.Explain(results) is not null)
                text.Say(
                    $"Where a metric is not defined for an emotion, as a correlation with constant predictions is not, values of clean and "
                        + $"of perturbed clips and of all seeds leave that emotion out alike."
                );
            if (results.Cells.Any(c => c.Objective is not null))
                text.Say($"A perturbation succeeded where it moved a prediction by {results.SuccessTolerance}.");
        }

        SayIntervals(text, results);
        SayChecks(text, results);
        return text;
    }

    private static void SayIntervals(Paragraph text, RunResults results)
    {
        ConditionStatistics[] measured = [.. results.Statistics.Where(s => s.Means.Count > 0)];
        if (measured.Length == 0)
            return;
        bool severalSeeds = measured.Any(s => s.Seeds > 1);
        if (severalSeeds)
            text.Say(
                $"Intervals of mean absolute errors are percentile bootstrap intervals of 95 % over seeds and clips, drawn anew "
                    + $"{HierarchicalBootstrap.Resamples} times{Inline.Cite(OwnReferences.Bootstrap)}."
            );
        else
            text.Say(
                $"Intervals of mean absolute errors are percentile bootstrap intervals of 95 % over clips, drawn anew "
                    + $"{HierarchicalBootstrap.Resamples} times; with one training of each model they say nothing of other trainings."
            );
        SystemComparison[] comparisons = [.. measured.SelectMany(s => s.Comparisons)];
        if (comparisons.Length == 0)
            return;
        Inline test = severalSeeds
            ? Sentence.Format(
                $"a t-test with seeds and clips as crossed random effects{Inline.Cite(OwnReferences.CrossedTest)} and Satterthwaite's "
                    + $"degrees of freedom{Inline.Cite(OwnReferences.DegreesOfFreedom)}"
            )
            : Inline.Text("a paired t-test over clips");
        text.Say(
            $"Models were compared in harm, pair by pair on the same clips{(severalSeeds ? " and seeds" : "")}, by {test}, corrected by "
                + $"Holm's method over the pairs of a condition{Inline.Cite(OwnReferences.Holm)}, and for equivalence within "
                + $"{comparisons[0].Margin} by two one-sided tests{Inline.Cite(OwnReferences.Equivalence)}, corrected alike; the level "
                + $"is 5 %."
        );
    }

    private static void SayChecks(Paragraph text, RunResults results)
    {
        int judged = results.Cells.Count(c => c.Believable is not null),
            failed = results.FailedCells;
        Inline after = results.Cells.Any(c => c.Objective is not null && c.Believable is not null)
            ? Inline.Cite(OwnReferences.Checks)
            : Inline.Text("");
        string[] names =
        [
            .. results
                .Cells.SelectMany(c => c.Doubts)
                .GroupBy(d => d.Check, StringComparer.Ordinal)
                .OrderByDescending(g => g.Count())
                .Select(g => FormattableString.Invariant($"{g.Key} {g.Count()}")),
        ];
        if (judged > 0 && results.DoubtfulCells == 0)
            text.Say($"Every result was checked for signs of false robustness{after}; none of {judged} is doubtful.");
        else if (judged > 0)
            text.Say(
                $"Every result was checked for signs of false robustness{after}; {results.DoubtfulCells} of {judged} "
                    + $"{(results.DoubtfulCells == 1 ? "is" : "are")} doubtful and marked as such (cells by sign, of which one may have "
                    + $"several: {string.Join(", ", names)})."
            );
        if (failed > 0)
            text.Say($"{failed} of {results.Cells.Count} cells failed and {(failed == 1 ? "has" : "have")} no result.");
    }
}
