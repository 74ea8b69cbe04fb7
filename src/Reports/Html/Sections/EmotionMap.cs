using MerBench.Reports.Html.Data;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Html.Sections;

/// <summary>Harm of each emotion, a panel a model.</summary>
internal static class EmotionMap
{
    public static HtmlSection? Create(RunReportData data)
    {
        if (data.Results.Dataset.Emotions.Count < 2 || data.Conditions.Rows == 0)
            return null;
        var chart = new Chart(
            "emotions-map",
            "Harm of each emotion",
            "A heat map of harm in mean absolute error: a panel for each model, a row for each perturbation and strength, a column for "
                + "each emotion.",
            new PageView(ConditionData.Name)
            {
                EachEmotion = true,
                Choice = new("perturbation", "Perturbation") { Flag = "strongest", FlagLabel = "strongest of each" },
            },
            ChartSpec.Read("emotions")
        )
        {
            PanelWidth = 400,
            Note = Passage.Read("report", "emotions, legend").Sentences(),
        };
        return new HtmlSection(
            "emotions",
            "Emotions",
            Markup.Format($"<p>Which emotions suffer: harm in mean absolute error for each of them alone.</p>{chart.Render()}")
        )
        {
            Data = [data.Conditions],
        };
    }
}
