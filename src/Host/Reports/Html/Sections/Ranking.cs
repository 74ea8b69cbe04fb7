using MerBench.Host.Results;

namespace MerBench.Host.Reports.Html.Sections;

/// <summary>Models by their error under the perturbation that hurts them most, and whether that is to be believed.</summary>
internal static class Ranking
{
    public static HtmlSection? Of(RunReportData data)
    {
        if (data.Conditions.Rows == 0) return null;
        var worst = new PageView(ConditionData.Name) { Where = new Dictionary<string, object?>(StringComparer.Ordinal) { ["label_preserving"] = true }, OneOf = ["model"], Largest = "perturbed" };
        var table = new PageTable("ranking-table", "Models, the most robust first", worst,
        [
            new("model", "Model"),
            new("perturbed", "Worst-case MAE", "interval") { Meaning = "Mean absolute error under the perturbation and strength that raise it most; 95 % interval over seeds and clips" },
            new("harm", "Harm", "signedInterval") { Meaning = "Worst-case minus clean error" },
            new("clean", "Clean MAE", "number") { Meaning = "Mean absolute error on clips as they are" },
            new("perturbation", "Hurt most by"),
            new("strength", "Strength"),
            new("seeds", "Seeds", "whole"),
            new("model", "Believable?", "believable") { Meaning = "Whether a check found a reason not to take the result for the truth" },
        ]) { Sort = "perturbed" };
        return new HtmlSection("ranking", "Ranking", Markup.Of($"""
            <p>Models are ranked by their <strong>worst case</strong>: the mean absolute error (MAE, in rating units) under that perturbation and strength, of those chosen above, that raises it most. <strong>Harm</strong> is how much worse
            the perturbed predictions are than the clean ones. Intervals hold the true value 95 times of 100, for other seeds and other clips; where they overlap widely, the order may be chance.</p>
            {Picture(worst).Render()}
            {table.Render()}
            <p class="note">A result is <strong>doubtful</strong> where a check found a reason why the model may be less robust than it looks, such as an attack that got stuck; open the mark to read it.</p>
            """)) { Data = [data.Conditions, Doubts(data.Results)], Scripts = ["ranking.js"] };
    }

    private static Chart Picture(PageView view)
    {
        string[] when = ["clean", "worst case"];
        object By(string value) => new { datum = value, type = "nominal", scale = new { domain = when, range = new[] { "var(--help)", "var(--harm)" } }, legend = new { title = (string?)null } };
        object Shape(string value) => new { datum = value, type = "nominal", scale = new { domain = when, range = new[] { "circle", "diamond" } }, legend = new { title = (string?)null } };
        object Span(string field, string value) => new
        {
            mark = new { type = "rule", strokeWidth = 2 },
            encoding = new { x = new { field = $"{field}_low", type = "quantitative" }, x2 = new { field = $"{field}_high" }, color = By(value) },
        };
        object Dot(string field, string value) => new
        {
            mark = new { type = "point", size = 90, filled = true },
            encoding = new { x = new { field, type = "quantitative", scale = new { zero = true }, title = "mean absolute error (rating units), with 95 % intervals" }, color = By(value), shape = Shape(value) },
        };
        return new Chart("ranking", "Clean and worst case", "For each model the mean absolute error on clean clips and in the worst case, with 95 % intervals; the table below has the numbers.", view, new
        {
            height = new { step = 34 },
            encoding = new { y = new { field = "model", type = "nominal", sort = new { field = "perturbed", op = "min" }, title = (string?)null, axis = new { grid = true, labelFontSize = 13, labelColor = "var(--ink)" } } },
            layer = new[] { Span("clean", when[0]), Span("perturbed", when[1]), Dot("clean", when[0]), Dot("perturbed", when[1]) },
        });
    }

    // Those of the same check, model and perturbation together.
    private static PageData Doubts(RunResults results) => PageData.Of(
        "doubts",
        [.. results.Cells.SelectMany(cell => cell.Doubts.Select(doubt => (Cell: cell, Doubt: doubt))).GroupBy(d => (d.Cell.Model, Perturbation: LabelMark.Name(d.Cell.Perturbation, d.Cell.LabelPreserving), d.Doubt.Check))],
        ("model", g => g.Key.Model), ("perturbation", g => g.Key.Perturbation), ("check", g => g.Key.Check), ("cells", g => g.Count()), ("reason", g => g.First().Doubt.Reason));
}
