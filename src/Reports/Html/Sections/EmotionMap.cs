using MerBench.Reports.Html.Data;

namespace MerBench.Reports.Html.Sections;

/// <summary>Harm of each emotion, a panel a model.</summary>
internal static class EmotionMap
{
    public static HtmlSection? Of(RunReportData data)
    {
        if (data.Results.Dataset.Emotions.Count < 2 || data.Conditions.Rows == 0)
            return null;
        var chart = new Chart(
            "emotions-map",
            "Harm of each emotion",
            "A heat map of harm in mean absolute error: a panel for each model, a row for each perturbation and strength, a column for each emotion.",
            new PageView(ConditionData.Name)
            {
                EachEmotion = true,
                Choice = new("perturbation", "Perturbation") { Flag = "strongest", FlagLabel = "strongest of each" },
            },
            new
            {
                facet = Channels.Panels("model"),
                spec = new
                {
                    height = new { step = 24 },
                    transform = Channels.HarmCellsTransform,
                    encoding = new { x = Channels.Names("emotion", -40), y = Channels.Names("condition") },
                    layer = Channels.HarmCells,
                },
                resolve = new { scale = new { y = "shared" } },
            }
        )
        {
            PanelWidth = 400,
            Note = Markup.Of(
                $"The stronger the colour, the more harm (orange) or improvement (blue). “Strongest of each” shows every perturbation at the strength that does most harm over all models."
            ),
        };
        return new HtmlSection(
            "emotions",
            "Emotions",
            Markup.Of($"<p>Which emotions suffer: harm in mean absolute error for each of them alone.</p>{chart.Render()}")
        )
        {
            Data = [data.Conditions],
        };
    }
}
