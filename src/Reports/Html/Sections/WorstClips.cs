using System.Globalization;
using MerBench.Host.Results;
using MerBench.Host.Results.Tables;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Html.Sections;

/// <summary>The clips that suffered most, with what listeners rated and what models predicted.</summary>
internal static class WorstClips
{
    private const string Name = "worst-clips";

    // The page's filters need some of every model and perturbation.
    private const int Most = 1500,
        MostOfEach = 10;

    public static HtmlSection? Create(RunReportData data)
    {
        if (data.Errors.Conditions.Count == 0)
            return null;
        int each = Math.Clamp(Most / (data.Models.Count * data.Names.Count), 1, MostOfEach);
        IReadOnlyList<string> emotions = data.Results.Dataset.Emotions;
        PageData clips = PageData.Create(Name, data.Database.Query(Sql(emotions, each, data)));
        var worst = new PageTable(
            "clips-table",
            "Clips that suffered most",
            new PageView(Name),
            [
                new("clip", "Clip"),
                new("model", "Model"),
                new("perturbation", "Perturbation"),
                new("strength", "Strength"),
                new("seed", "Seed", "whole"),
                new("clean", "MAE clean", "number"),
                new("perturbed", "MAE perturbed", "number"),
                new("harm", "Harm", "signed"),
                new("rating." + emotions[0], "Ratings and predictions", "ratings")
                {
                    Meaning =
                        "A column for each emotion: the bar is what listeners rated, the hollow mark the clean and the filled one the "
                        + "perturbed prediction",
                },
            ]
        )
        {
            Sort = "-harm",
            Limit = 10,
            Note = Markup.Format(
                $"<span class=\"ratings-key\">In each column, from left to right {string.Join(", ", emotions)}: <span class=\"key "
                    + $"rating\"></span> what listeners rated, <span class=\"key clean\"></span> clean prediction, <span class=\"key "
                    + $"perturbed\"></span> perturbed prediction. Errors are means over emotions; the CSV has all numbers.</span>"
            ),
        };
        return new HtmlSection(
            "clips",
            "Worst clips",
            Markup.Format(
                $"""
                {Passage.Read("report", "clips").Fill("each", each.ToString(CultureInfo.InvariantCulture)).Paragraphs()}
                {worst.Render()}
                """
            )
        )
        {
            Data = [clips],
            Scripts = ["ratings.js"],
        };
    }

    private static string Sql(IReadOnlyList<string> emotions, int each, RunReportData data)
    {
        string clean = ClipError.MeasureSql(emotions, "clean"),
            perturbed = ClipError.MeasureSql(emotions, "perturbed");
        string columns = string.Join(
            ", ",
            new[] { "rating", "clean", "perturbed" }.SelectMany(kind => emotions.Select(e => DuckDb.Name($"{kind}.{e}")))
        );
        return $"""
            WITH names(perturbation, name) AS (VALUES {string.Join(
                ", ",
                data.Names.Select(n => $"({DuckDb.Text(n.Key)}, {DuckDb.Text(n.Value)})")
            )}),
                errors AS (SELECT model, perturbation, strength, seed, clip, {ClipError.HarmSql(clean, perturbed)} AS harm FROM clips),
                worst AS (
                    SELECT model, perturbation, clip, max(harm) AS harm, arg_max(strength, harm) AS strength, arg_max(seed, harm) AS seed
                    FROM errors GROUP BY model, perturbation, clip
                    QUALIFY row_number() OVER (PARTITION BY model, perturbation ORDER BY max(harm) DESC, clip) <= {each.ToString(
                CultureInfo.InvariantCulture
            )})
            SELECT clip, model, name AS perturbation, strength, seed, {clean} AS clean, {perturbed} AS perturbed, harm, {columns}
            FROM clips JOIN worst USING (model, perturbation, strength, seed, clip) JOIN names USING (perturbation)
            ORDER BY harm DESC, model, perturbation, clip
            """;
    }
}
