using System.Globalization;
using MerBench.Host.Results.Tables;
using MerBench.Reports.Html.Data;

namespace MerBench.Reports.Html.Sections;

/// <summary>Predictions against ratings before and after, as in Figure 4 of Hoedt, Flexer and Widmer (2025).</summary>
internal static class Ratings
{
    private const string Name = "predictions";

    // Pages stay light and charts readable: of large runs a sample of clips is shown, the same for all models.
    private const int MostPoints = 24_000,
        LeastClips = 20;

    public static HtmlSection? Of(RunReportData data)
    {
        if (data.Errors.Conditions.Count == 0)
            return null;
        int models = data.Errors.Conditions.DistinctBy(c => c.Model).Count(),
            emotions = data.Results.Dataset.Emotions.Count;
        int most = Math.Max(1, MostPoints / (models * emotions * LeastClips));
        Condition[] shown = [.. data.Strongest.OrderByDescending(c => c.Harm).Take(most)];
        int clips = Math.Max(LeastClips, MostPoints / (models * emotions * shown.Length));
        PageData points = PageData.Of(Name, data.Database.Query(Sql(data, shown, clips)));
        bool sampled = clips < data.Results.Dataset.Test || shown.Length < data.Strongest.Count;
        var chart = new Chart(
            "ratings-chart",
            "Ratings and predictions",
            "Scatter plots of predictions against ratings before and after a perturbation, a panel for each model; points on the dashed diagonal are right.",
            new PageView(Name) { Choice = new("condition", "Perturbation") },
            new
            {
                facet = Channels.Panels("model"),
                spec = new
                {
                    height = 260,
                    layer = new object[]
                    {
                        new
                        {
                            data = new
                            {
                                values = new[] { new { at = data.Results.Dataset.Minimum }, new { at = data.Results.Dataset.Maximum } },
                            },
                            mark = new
                            {
                                type = "line",
                                strokeDash = new[] { 5, 4 },
                                color = "var(--soft)",
                                strokeWidth = 1.5,
                            },
                            encoding = new
                            {
                                x = new { field = "at", type = "quantitative" },
                                y = new { field = "at", type = "quantitative" },
                            },
                        },
                        new
                        {
                            transform = new object[]
                            {
                                new { fold = new[] { "clean", "perturbed" }, @as = new[] { "key", "prediction" } },
                                new { calculate = "datum.key == 'clean' ? 'before' : 'after'", @as = "when" },
                            },
                            mark = new
                            {
                                type = "point",
                                filled = false,
                                size = 26,
                                opacity = 0.75,
                                strokeWidth = 1.3,
                            },
                            encoding = new
                            {
                                x = new
                                {
                                    field = "rating",
                                    type = "quantitative",
                                    title = "rating",
                                    scale = new { domain = new[] { data.Results.Dataset.Minimum, data.Results.Dataset.Maximum } },
                                    axis = new { tickCount = 5 },
                                },
                                y = Channels.Number("prediction", "prediction"),
                                color = new
                                {
                                    field = "when",
                                    type = "nominal",
                                    title = (string?)null,
                                    scale = new { domain = new[] { "before", "after" }, range = new[] { "var(--help)", "var(--harm)" } },
                                },
                                shape = new
                                {
                                    field = "when",
                                    type = "nominal",
                                    title = (string?)null,
                                    scale = new { domain = new[] { "before", "after" }, range = new[] { "cross", "circle" } },
                                },
                            },
                        },
                    },
                },
                resolve = new { scale = new { y = "independent" } },
            }
        )
        {
            PanelWidth = 280,
            Note = Markup.Of(
                $"Each model with its first seed, and a vertical scale of its own. {(sampled ? string.Create(CultureInfo.InvariantCulture, $"Of this large run, a sample of {Math.Min(clips, data.Results.Dataset.Test)} clips{(shown.Length < data.Strongest.Count ? $" under the {shown.Length} most harmful perturbations" : "")} is shown. ") : "")}Choose an emotion above to see it alone. This is Figure 4 of Hoedt, Flexer and Widmer (2025) for this run."
            ),
        };
        return new HtmlSection(
            "ratings",
            "Ratings and predictions",
            Markup.Of(
                $"""
                <p>What listeners rated against what models predict, before a perturbation and after it, at the strength that does most harm.</p>
                {chart.Render()}
                """
            )
        )
        {
            Data = [points],
        };
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
                first AS (SELECT model, perturbation, strength, min(seed) AS seed FROM cells WHERE failure IS NULL GROUP BY model, perturbation, strength)
            SELECT clip, model, name AS perturbation, trim(name || ' ' || strength) AS condition, seed, emotion, rating, clean, perturbed
            FROM predictions JOIN conditions USING (perturbation, strength) JOIN first USING (model, perturbation, strength, seed) JOIN sample USING (clip) JOIN models USING (model) JOIN emotions USING (emotion)
            ORDER BY place, model_place, clip, emotion_place
            """;
}
