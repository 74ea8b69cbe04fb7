using MerBench.Analysis.Queries;
using MerBench.Host;
using MerBench.Host.Results;
using MerBench.Reports.Html.Sections;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Html;

/// <summary>The report of a run: one HTML file that opens on what matters.</summary>
public static class RunReport
{
    public const string FileName = "report.html";

    // In the order of the page; sections without data are left out.
    private static readonly Func<RunReportData, HtmlSection?>[] Sections =
    [
        Failures.Create,
        Ranking.Create,
        HarmCurves.Create,
        Corruptions.Create,
        OverTime.Create,
        Across.Create,
        EmotionMap.Create,
        SeedBoxes.Create,
        Differences.Create,
        Ratings.Create,
        WorstClips.Create,
        Listen.Create,
        Audible.Create,
        Concepts.Create,
        TrainingCosts.Create,
        LearningCurves.Create,
        Transfers.Create,
        SmallestSizes.Create,
        Certificates.Create,
        Defences.Create,
        WhatWasRun.Create,
    ];

    /// <exception cref="UserErrorException">The results or a table cannot be read.</exception>
    public static HtmlPage Create(RunFolder run) => Create(run, run.ReadResults());

    internal static HtmlPage Create(RunFolder run, RunResults results, bool withSounds = true)
    {
        using RunDatabase database = RunDatabase.Open([run]);
        var data = new RunReportData(run, results, database) { WithSounds = withSounds };
        return new HtmlPage(
            results.Benchmark,
            Lead(results),
            Filters(results),
            [.. Sections.Select(section => section(data)).OfType<HtmlSection>()]
        );
    }

    private static Markup Lead(RunResults results)
    {
        int models = results.Models.Select(m => m.Name).Distinct(StringComparer.Ordinal).Count(),
            perturbations = results.Summary.Select(s => s.Perturbation).Distinct(StringComparer.Ordinal).Count();
        return Markup.Format(
            $"How robust {Count(models, "model")} of emotion in music {(models == 1 ? "is" : "are")} to "
                + $"{Count(perturbations, "perturbation")}, on {Count(results.Dataset.Test, "test clip")} of "
                + $"<code>{results.Dataset.Id}</code>{Failed(results)}"
        );
    }

    private static string Failed(RunResults results) =>
        new CellTally(results).FailedModels.Count is > 0 and var failed ? FormattableString.Invariant($"; {failed:#,0} failed") : "";

    private static PageFilters Filters(RunResults results) =>
        new(
            [.. results.Summary.Select(s => s.Model).Distinct(StringComparer.Ordinal)],
            [
                .. results
                    .Summary.OrderBy(s => !s.LabelPreserving)
                    .Select(s => LabelMark.Name(s.Perturbation, s.LabelPreserving))
                    .Distinct(StringComparer.Ordinal),
            ],
            results.Dataset.Emotions
        );

    private static string Count(int number, string what) => FormattableString.Invariant($"{number:#,0} {what}{(number == 1 ? "" : "s")}");
}
