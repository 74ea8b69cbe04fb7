using System.Text.Json.Nodes;
using MerBench.Reports.Html.Data;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Html.Sections;

/// <summary>Harm of natural perturbations by severity.</summary>
internal static class Corruptions
{
    private const string Severity = """
        {
          "field": "severity",
          "type": "quantitative",
          "scale": { "domain": [1, 5], "padding": 12 },
          "title": "severity",
          "axis": { "values": [1, 2, 3, 4, 5], "format": "d" }
        }
        """;

    public static HtmlSection? Create(RunReportData data)
    {
        if (!data.Results.Cells.Any(c => c is { Result: not null, Severity: not null }))
            return null;
        var chart = new Chart(
            "harm-severity",
            "Harm by severity",
            "Lines of harm in mean absolute error against severity, a panel for each corruption and a line with a 95 % band for each "
                + "model.",
            PageView.With(ConditionData.Name, "severity", null),
            ChartSpec.Read("harm").Set("x", JsonNode.Parse(Severity))
        )
        {
            PanelWidth = 220,
            Note = Markup.Format($"Bands: 95 % intervals over seeds and clips. {LabelMark.Legend(data.Results)}"),
        };
        return new HtmlSection(
            "corruptions",
            "Corruptions by severity",
            Markup.Format(
                $"""
                {Passage.Read("report", "corruptions").Paragraphs()}
                {chart.Render()}
                """
            )
        )
        {
            Data = [data.Conditions],
        };
    }
}
