using System.Globalization;
using System.Text.Json.Nodes;
using MerBench.Host.Results;
using MerBench.Reports.Html.Data;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Html.Sections;

/// <summary>Models by their error under the perturbation that hurts them most, and whether that is to be believed.</summary>
internal static class Ranking
{
    private static readonly TableColumn Failed = new("failed", "Failed", "whole")
    {
        Meaning = "Cells of the model that failed; one of them might have been its worst case",
    };

    public static HtmlSection? Create(RunReportData data)
    {
        if (data.Conditions.Rows == 0)
            return null;
        var worst = new PageView(ConditionData.Name)
        {
            Where = new Dictionary<string, object?>(StringComparer.Ordinal) { ["label_preserving"] = true },
            OneOf = ["model"],
            Largest = "perturbed",
        };
        var table = new PageTable(
            "ranking-table",
            "Models, the most robust first",
            worst,
            [
                new("model", "Model"),
                new("perturbed", "Worst-case MAE", "interval")
                {
                    Meaning =
                        "Mean absolute error under the perturbation and strength that raise it most; 95 % interval over seeds and clips",
                },
                new("harm", "Harm", "signedInterval") { Meaning = "Worst-case minus clean error" },
                new("clean", "Clean MAE", "number") { Meaning = "Mean absolute error on clips as they are" },
                new("perturbation", "Hurt most by"),
                new("strength", "Strength"),
                new("seeds", "Seeds", "whole"),
                .. data.Results.FailedCells == 0 ? [] : (TableColumn[])[Failed],
                new("model", "Believable?", "believable")
                {
                    Meaning = "Whether a check found a reason not to take the result for the truth",
                },
            ]
        )
        {
            Sort = "perturbed",
        };
        return new HtmlSection(
            "ranking",
            "Ranking",
            Markup.Format(
                $"""
                {Passage.Read("report", "ranking").Paragraphs()}
                <p>{Believed(data.Results)}</p>
                {Picture(worst, data).Render()}
                {table.Render()}
                {Unranked(data.Results)}
                """
            )
        )
        {
            Data = [data.Conditions, Doubts(data.Results)],
            Scripts = ["intervals.js", "doubts.js"],
        };
    }

    private static Markup Unranked(RunResults results)
    {
        IReadOnlyList<FailedModel> failed = new CellTally(results).FailedModels;
        return failed.Count == 0
            ? Markup.Empty
            : new StaticTable(
                "Without a rank: all cells failed",
                ["Model", "Reason", "Failed cells"],
                [
                    .. failed.Select(
                        IReadOnlyList<Markup> (m) =>
                            [Markup.Format($"{m.Model}"), Markup.Format($"{m.Reason}"), Markup.Format($"{m.Cells:#,0}")]
                    ),
                ],
                TextColumns: 2
            ).Render();
    }

    private static Markup Believed(RunResults results)
    {
        int judged = results.Cells.Count(c => c.Believable is not null);
        return results.DoubtfulCells == 0
            ? Markup.Format($"No check found a reason to doubt any of the {judged:#,0} finished cells.")
            : Passage
                .Read("report", "ranking, doubtful")
                .Fill("doubtful", Number(results.DoubtfulCells))
                .Fill("judged", Number(judged))
                .Sentences();
    }

    private static string Number(int number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    private static Chart Picture(PageView view, RunReportData data)
    {
        // Where one model breaks down, the others would lie on top of each other.
        bool wide = data.Errors.Conditions.Max(c => c.Perturbed.Mean) > 8 * data.Errors.Conditions.Max(c => c.Clean.Mean);
        var spec = ChartSpec.Read("ranking");
        if (wide)
            spec.Set("x.scale", JsonNode.Parse("""{ "type": "log", "nice": false, "padding": 10 }"""))
                .Set("x.title", "MAE (rating units, logarithmic)");
        return new Chart(
            "ranking-chart",
            "Clean and worst case",
            "For each model the mean absolute error on clean clips and in the worst case, with 95 % intervals; the table below has the "
                + "numbers.",
            view,
            spec
        );
    }

    // Those of the same check, model and perturbation together.
    private static PageData Doubts(RunResults results) =>
        PageData.Create(
            "doubts",
            [
                .. results
                    .Cells.SelectMany(cell => cell.Doubts.Select(doubt => (Cell: cell, Doubt: doubt)))
                    .GroupBy(d => (d.Cell.Model, Perturbation: LabelMark.Name(d.Cell.Perturbation, d.Cell.LabelPreserving), d.Doubt.Check)),
            ],
            ("model", g => g.Key.Model),
            ("perturbation", g => g.Key.Perturbation),
            ("check", g => g.Key.Check),
            ("cells", g => g.Count()),
            ("reason", g => g.First().Doubt.Reason)
        );
}
