using MerBench.Host.Results;
using MerBench.Reports.Html.Data;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Html.Sections;

/// <summary>Models by their error under the perturbation that hurts them most, and whether that is to be believed.</summary>
internal static class Ranking
{
    public static HtmlSection? Of(RunReportData data)
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
            Markup.Of(
                $"""
                <p>Models are ranked by their <strong>worst case</strong>: the mean absolute error (MAE, in rating units) under that perturbation and strength, of those chosen above, that raises it most. <strong>Harm</strong> is how much worse
                the perturbed predictions are than the clean ones. Intervals hold the true value 95 times of 100, for other seeds and other clips; where they overlap widely, the order may be chance.</p>
                <p>{Believed(data.Results)}</p>
                {Picture(worst, data).Render()}
                {table.Render()}
                """
            )
        )
        {
            Data = [data.Conditions, Doubts(data.Results)],
            Scripts = ["intervals.js", "doubts.js"],
        };
    }

    private static Markup Believed(RunResults results)
    {
        int judged = results.Cells.Count(c => c.Believable is not null);
        return results.DoubtfulCells == 0
            ? Markup.Of($"No check found a reason to doubt any of the {judged:#,0} cells.")
            : Markup.Of(
                $"<strong>{results.DoubtfulCells:#,0} of {judged:#,0} cells are doubtful</strong>: a check found a reason why the model may be less robust than it looks there, such as an attack that got stuck. Open the marks below to read the reasons."
            );
    }

    private static Chart Picture(PageView view, RunReportData data)
    {
        // Where one model breaks down, the others would lie on top of each other.
        bool wide = data.Errors.Conditions.Max(c => c.Perturbed.Mean) > 8 * data.Errors.Conditions.Max(c => c.Clean.Mean);
        object scale = wide
            ? new
            {
                type = "log",
                nice = false,
                padding = 10,
            }
            : new { zero = true, nice = true };
        object Error(string field) =>
            new
            {
                field,
                type = "quantitative",
                scale,
                title = $"MAE (rating units{(wide ? ", logarithmic" : "")})",
                axis = new { tickCount = 8, format = "~g" },
            };
        string[] when = ["clean", "worst case"];
        object When(object range) =>
            new
            {
                field = "when",
                type = "nominal",
                title = (string?)null,
                scale = new { domain = when, range },
            };
        object colour = When(new[] { "var(--help)", "var(--harm)" });
        return new Chart(
            "ranking-chart",
            "Clean and worst case",
            "For each model the mean absolute error on clean clips and in the worst case, with 95 % intervals; the table below has the numbers.",
            view,
            new
            {
                height = new { step = 34 },
                transform = new object[]
                {
                    new { fold = new[] { "clean", "perturbed" }, @as = new[] { "key", "error" } },
                    new { calculate = "datum[datum.key + '_low']", @as = "low" },
                    new { calculate = "datum[datum.key + '_high']", @as = "high" },
                    new { calculate = "datum.key == 'clean' ? 'clean' : 'worst case'", @as = "when" },
                },
                encoding = new
                {
                    y = new
                    {
                        field = "model",
                        type = "nominal",
                        sort = new { field = "perturbed", op = "min" },
                        title = (string?)null,
                        axis = new
                        {
                            grid = true,
                            labelFontSize = 13,
                            labelColor = "var(--ink)",
                        },
                    },
                },
                layer = new object[]
                {
                    new
                    {
                        mark = new { type = "rule", strokeWidth = 2 },
                        encoding = new
                        {
                            x = Error("low"),
                            x2 = new { field = "high" },
                            color = colour,
                        },
                    },
                    new
                    {
                        mark = new { type = "point", size = 90 },
                        encoding = new
                        {
                            x = Error("error"),
                            color = colour,
                            shape = When(new[] { "circle", "diamond" }),
                        },
                    },
                },
            }
        );
    }

    // Those of the same check, model and perturbation together.
    private static PageData Doubts(RunResults results) =>
        PageData.Of(
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
