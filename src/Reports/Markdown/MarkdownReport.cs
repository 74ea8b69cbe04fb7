using System.Globalization;
using System.Text;
using MerBench.Host.IO;
using MerBench.Host.Results;
using MerBench.Host.Text;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Markdown;

/// <summary><c>results.md</c>: what was run, the robustness table with every metric, per-emotion harm, models, failures, legend.</summary>
public static class MarkdownReport
{
    private const int MostRemarks = 20;

    public static void Write(RunResults results, string path) => AtomicFile.Write(path, Encoding.UTF8.GetBytes(Render(results)));

    public static string Render(RunResults results)
    {
        var text = new StringBuilder();
        void Line(MarkdownPieces line) => text.AppendMarkdown(line).Append('\n');
        RunEnvironment on = results.Environment;
        Line($"# {results.Benchmark}\n");
        text.AppendMarkdown(
                $"MerBench {on.MerBench} (contract {on.Contract}), libtorch {on.LibTorch}, {on.Device}, {on.Threads} threads, "
                    + $"{on.Runtime}, "
                    + $"{on.OperatingSystem}  "
            )
            .Append('\n');
        if (on.Processor.Length > 0)
            Line($"Processor {on.ProcessorAndInstructions}  ");
        if (on.Arithmetic.Length > 0)
            Line($"{on.Arithmetic}  ");
        text.AppendMarkdown(
                $"Dataset `{results.Dataset.Id}`: {results.Dataset.Train} train, {results.Dataset.Validation} validation, "
                    + $"{results.Dataset.Test} test clips; ratings {results.Dataset.Minimum}..{results.Dataset.Maximum} "
                    + $"({results.Dataset.Scale})  "
            )
            .Append('\n');
        text.AppendMarkdown(
                $"{results.Cells.Count} cells ({results.Cells.Count(c => c.FromStore)} from the store, {results.FailedCells} failed), "
                    + $"{on.Seconds:0} s\n"
            )
            .Append('\n');

        if (ModelEars.Describe(results) is { } ears)
            Line($"{ears}\n");
        IReadOnlyList<string> metrics = RobustnessTable.MetricIds(results);
        AppendFailures(text, results);
        AppendDoubts(text, results);
        AppendRemarks(text, results);
        Line($"## Robustness\n");
        AppendTable(text, RobustnessTable.Build(results, metrics));
        Line($"\n## Robustness, predictions clipped to the rating scale\n");
        AppendTable(text, RobustnessTable.Build(results, metrics, clipped: true));
        AppendPerEmotion(text, results, metrics);
        foreach (ReportTable table in AttackTables.All(results))
        {
            Line($"\n## {table.Title}\n");
            table.AppendMarkdown(text);
        }

        AppendEvaluatedOn(text, results);
        AppendStatistics(text, results);
        AppendModels(text, results);
        AppendTrainingCost(text, results);
        Line($"\n{Passage.Read("results", "legend")}");
        Line($"\n*Success* is the share of clips whose prediction moved by {results.SuccessTolerance}.");
        if (results.Cells.Sum(c => c.Result?.SparedCalls) is { } spared and > 0)
            text.AppendMarkdown(
                    $"\n{spared} gradient calls were not made, because attacks came back to points whose answer they knew; results are "
                        + $"the same."
                )
                .Append('\n');
        if (LeftOutMark.Explain(results) is { } leftOut)
            Line($"\n{leftOut}");
        if (PrecisionLegend.Write(results) is { } precision)
            Line($"\n{precision}");
        if (RobustnessTable.DoubtLegend(results) is { } doubt)
            Line($"\n{doubt}");
        if (LabelMark.Legend(results) is { } mark)
            Line($"\n{mark}");
        return text.ToString();
    }

    private static void AppendEvaluatedOn(StringBuilder text, RunResults results)
    {
        foreach (EvaluationSummary set in results.EvaluatedOn)
            text.AppendMarkdown(
                $"\nJudged on **{set.Name}** (`{set.Id}`, {set.Test} test clips) as well: {string.Join("; ", set.Labels)}.\n"
            );
        foreach (string sentence in AcrossTable.Describe(results))
            text.AppendMarkdown($"* {sentence}\n");
    }

    private static void AppendRemarks(StringBuilder text, RunResults results)
    {
        if (results.Dataset.Remarks is not { } remarks)
            return;
        text.Append("## Remarks on recordings\n\n");
        foreach (string remark in remarks.Take(MostRemarks))
            text.AppendMarkdown($"* {remark}\n");
        if (remarks.Count > MostRemarks)
            text.AppendMarkdown($"* ... and {ShortList.Count(remarks.Count - MostRemarks)} more; `results.json` has all of them\n");
        text.Append('\n');
    }

    private static void AppendFailures(StringBuilder text, RunResults results)
    {
        if (results.FailedCells == 0)
            return;
        var tally = new CellTally(results);
        text.AppendMarkdown($"## Failed\n\n{tally.Counts}.\n\n");
        foreach (FailedModel model in tally.FailedModels)
            text.AppendMarkdown($"* **{model.Model}** has no result, as all of its {model.Cells} cells failed: {model.Reason}\n");
        foreach (CellSummary cell in results.Cells.Where(c => c.Failure is not null))
            text.AppendMarkdown($"* {cell.Name}: {GuestText.Flatten(cell.Failure!)}\n");
        text.Append('\n');
    }

    private static void AppendDoubts(StringBuilder text, RunResults results)
    {
        int judged = results.Cells.Count(c => c.Believable is not null);
        text.Append("## Believable?\n\n");
        if (results.DoubtfulCells == 0)
            text.AppendMarkdown($"Yes: no check found a reason to doubt any of {judged} finished cells.\n\n");
        else
            text.AppendMarkdown(
                $"{results.DoubtfulCells} of {judged} finished cells are doubtful; docs/checks.md explains the checks.\n\n"
            );
        foreach (string line in DoubtList.Lines(results))
            text.AppendMarkdown($"* {line}\n");
        if (results.DoubtfulCells > 0)
            text.Append('\n');
    }

    private static void AppendTable(StringBuilder text, RobustnessTable table) =>
        new ReportTable("Robustness", table.Headers, table.Rows, RobustnessTable.TextColumns).AppendMarkdown(text);

    private static void AppendPerEmotion(StringBuilder text, RunResults results, IReadOnlyList<string> metrics)
    {
        if (metrics.Count == 0)
            return;
        string metric = metrics[0];
        text.AppendMarkdown($"\n## Harm in {metric} per emotion\n\n");
        var rows = new List<IReadOnlyList<string>>();
        foreach (
            var group in results
                .Cells.Where(c => c.Result is not null)
                .OrderBy(c => !c.LabelPreserving)
                .GroupBy(c => (c.Model, Perturbation: LabelMark.Name(c.Perturbation, c.LabelPreserving), c.Strength))
        )
        {
            var harms = SharedLabels.Find([.. group.Select(c => c.Result!.Metrics[metric])]);
            rows.Add([
                group.Key.Model,
                group.Key.Perturbation,
                group.Key.Strength,
                .. results.Dataset.Emotions.Select(emotion =>
                    harms.OfLabel(emotion)?.Harm is { } harm ? harm.ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture) : "n/a"
                ),
            ]);
        }

        new ReportTable(
            "Per emotion",
            ["Model", "Perturbation", "Strength", .. results.Dataset.Emotions],
            rows,
            TextColumns: 3
        ).AppendMarkdown(text);
    }

    private static void AppendStatistics(StringBuilder text, RunResults results)
    {
        if (results.Statistics.All(s => s.Means.Count == 0))
            return;
        text.Append(
            "\n## Means with 95 % intervals, and differences of models\n\nMean absolute error in rating units. Intervals: bootstrap over "
                + "seeds and clips. Tests: seeds and clips crossed, both random, Holm-corrected over pairs; docs/audit.md explains them.\n"
        );
        if (results.Statistics.Any(s => s.Seeds == 1))
            text.Append("With one seed, intervals and tests are over clips alone, and say nothing of other trainings.\n");
        foreach (ConditionStatistics condition in results.Statistics.Where(s => s.Means.Count > 0).OrderBy(s => !s.LabelPreserving))
        {
            text.AppendMarkdown($"\n### {LabelMark.Name(condition.Perturbation, condition.LabelPreserving)} {condition.Strength}\n\n");
            StatisticsTables.Means(condition.Means).AppendMarkdown(text);
            if (condition.Seeds > 1)
            {
                text.Append("\nHarm over seeds (population sd; quartiles; whiskers of 1.5 interquartile ranges):\n\n");
                StatisticsTables.Harms(condition.Harms).AppendMarkdown(text);
            }

            foreach (ReportTable table in StatisticsTables.FullComparisons(condition.Comparisons))
            {
                text.AppendMarkdown($"\n{table.Title}; equivalent means within {condition.Comparisons[0].Margin}:\n\n");
                table.AppendMarkdown(text);
            }
        }
    }

    private static void AppendModels(StringBuilder text, RunResults results)
    {
        text.Append("\n## Models\n\n");
        var rows = results.Models.Select(
            IReadOnlyList<string> (model) =>
                [
                    model.Name,
                    $"`{model.Use}`",
                    model.Training?.Source ?? "weights",
                    Text(model.Seed),
                    Text(model.Training?.Outcome?.EpochsRun),
                    Text(model.Training?.Outcome?.BestEpoch),
                    model.Training?.Outcome?.WallTime.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) ?? "",
                ]
        );
        new ReportTable(
            "Models",
            ["Model", "Plugin", "Training", "Seed", "Epochs", "Best epoch", "Seconds"],
            [.. rows],
            TextColumns: 3
        ).AppendMarkdown(text);
    }

    private static void AppendTrainingCost(StringBuilder text, RunResults results)
    {
        ReportTable table = TrainingCostTable.Create(results);
        if (table.Rows.Count == 0)
            return;
        text.AppendMarkdown($"\n## {table.Title}\n\n{TrainingCostTable.Note}\n\n");
        table.AppendMarkdown(text);
    }

    private static string Text(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
