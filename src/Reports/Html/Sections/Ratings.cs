using System.Globalization;
using System.Text.Json.Nodes;
using MerBench.Host.Results;
using MerBench.Host.Results.Tables;
using MerBench.Reports.Html.Data;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Html.Sections;

/// <summary>Predictions against ratings before and after, as in Figure 4 of Hoedt, Flexer and Widmer (2025).</summary>
internal static class Ratings
{
    private const string Name = "predictions";

    // Pages stay light and charts readable: of large runs a sample of clips is shown, the same for all models.
    private const int MostPoints = 24_000,
        LeastClips = 20;

    public static HtmlSection? Create(RunReportData data)
    {
        if (data.Errors.Conditions.Count == 0)
            return null;
        DatasetSummary dataset = data.Results.Dataset;
        int models = data.Errors.Conditions.DistinctBy(c => c.Model).Count(),
            emotions = dataset.Emotions.Count;
        int most = Math.Max(1, MostPoints / (models * emotions * LeastClips));
        Condition[] shown = [.. data.Strongest.OrderByDescending(c => c.Harm).Take(most)];
        int clips = Math.Max(LeastClips, MostPoints / (models * emotions * shown.Length));
        PageData points = PageData.Create(Name, data.Database.Query(Sql(data, shown, clips)));
        var chart = new Chart(
            "ratings-chart",
            "Ratings and predictions",
            "Scatter plots of predictions against ratings before and after a perturbation, a panel for each model; points on the dashed "
                + "diagonal are right.",
            new PageView(Name) { Choice = new("condition", "Perturbation") },
            ChartSpec
                .Read("ratings")
                .Set("data.values", new JsonArray(new JsonObject { ["at"] = dataset.Minimum }, new JsonObject { ["at"] = dataset.Maximum }))
                .Set("x.scale.domain", new JsonArray(dataset.Minimum, dataset.Maximum))
        )
        {
            PanelWidth = 280,
            Note = Passage.Read("report", "ratings, legend").Fill("sample", Sample(data, clips, shown.Length)).Sentences(),
        };
        return new HtmlSection(
            "ratings",
            "Ratings and predictions",
            Markup.Format(
                $"""
                {Passage.Read("report", "ratings").Paragraphs()}
                {chart.Render()}
                """
            )
        )
        {
            Data = [points],
        };
    }

    // What a large run leaves out; empty where all is shown.
    private static string Sample(RunReportData data, int clips, int conditions)
    {
        bool isWhole = conditions >= data.Strongest.Count;
        if (isWhole && clips >= data.Results.Dataset.Test)
            return "";
        string most = isWhole ? "" : string.Create(CultureInfo.InvariantCulture, $" under the {conditions} most harmful perturbations");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Of this large run, a sample of {Math.Min(clips, data.Results.Dataset.Test)} clips{most} is shown. "
        );
    }

    private static string Sql(RunReportData data, Condition[] shown, int clips) =>
        $"""
            WITH conditions(perturbation, strength, name, place) AS (VALUES {string.Join(
                ", ",
                shown.Select(
                    (s, i) =>
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"({DuckDb.Text(s.Perturbation)}, {DuckDb.Text(s.Strength)}, {DuckDb.Text(data.Names[s.Perturbation])}, {i})"
                        )
                )
            )}),
                models(model, model_place) AS ({data.ModelPlaces}),
                emotions(emotion, emotion_place) AS (VALUES {string.Join(
                ", ",
                data.Results.Dataset.Emotions.Select((e, i) => string.Create(CultureInfo.InvariantCulture, $"({DuckDb.Text(e)}, {i})"))
            )}),
                sample AS (SELECT clip FROM (SELECT DISTINCT clip FROM clips) ORDER BY hash(clip), clip LIMIT {clips.ToString(
                CultureInfo.InvariantCulture
            )}),
                first AS (SELECT model, perturbation, strength, min(seed) AS seed FROM cells
                    WHERE failure IS NULL GROUP BY model, perturbation, strength)
            SELECT clip, model, name AS perturbation, trim(name || ' ' || strength) AS condition, seed, emotion, rating, clean, perturbed
            FROM predictions JOIN conditions USING (perturbation, strength)
                JOIN first USING (model, perturbation, strength, seed) JOIN sample USING (clip) JOIN models USING (model) JOIN emotions USING (emotion)
            ORDER BY place, model_place, clip, emotion_place
            """;
}
