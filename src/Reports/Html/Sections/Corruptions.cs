using MerBench.Reports.Html.Data;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Html.Sections;

/// <summary>Harm of natural perturbations by severity.</summary>
internal static class Corruptions
{
    public static HtmlSection? Of(RunReportData data)
    {
        if (!data.Results.Cells.Any(c => c is { Result: not null, Severity: not null }))
            return null;
        var severity = new
        {
            field = "severity",
            type = "quantitative",
            scale = new { domain = new[] { 1, 5 }, padding = 12 },
            title = "severity",
            axis = new { values = new[] { 1, 2, 3, 4, 5 }, format = "d" },
        };
        var chart = new Chart(
            "harm-severity",
            "Harm by severity",
            "Lines of harm in mean absolute error against severity, a panel for each corruption and a line with a 95 % band for each model.",
            PageView.With(ConditionData.Name, "severity", null),
            new { facet = Channels.Panels("perturbation"), spec = Channels.HarmLines(severity) }
        )
        {
            PanelWidth = 220,
            Note = Markup.Of($"Bands: 95 % intervals over seeds and clips. {LabelMark.Legend(data.Results)}"),
        };
        return new HtmlSection(
            "corruptions",
            "Corruptions by severity",
            Markup.Of(
                $"""
                <p>A <strong>corruption</strong> is a fixed, natural change such as noise, an mp3 codec or another tempo, at severities from 1 to 5. It searches for nothing; what it costs is what a model loses in ordinary use.</p>
                {chart.Render()}
                """
            )
        )
        {
            Data = [data.Conditions],
        };
    }
}
