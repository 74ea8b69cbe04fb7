using System.Text.Json.Nodes;
using MerBench.Reports.Html.Data;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Html.Sections;

/// <summary>Harm against the size of the budget: a chart a norm, a panel a perturbation, a line a model.</summary>
internal static class HarmCurves
{
    private const string SnrAxis = """
        {
          "field": "size",
          "type": "quantitative",
          "scale": { "reverse": true, "zero": false, "padding": 12 },
          "title": "budget: signal-to-noise ratio in dB, larger changes to the right",
          "axis": { "values": [], "labelOverlap": "greedy" }
        }
        """;

    private const string ExcessAxis = """
        {
          "field": "size",
          "type": "quantitative",
          "scale": { "zero": false, "padding": 12 },
          "title": "budget: dB above the masking threshold",
          "axis": { "values": [], "labelOverlap": "greedy" }
        }
        """;

    public static HtmlSection? Create(RunReportData data)
    {
        // Sizes in waveforms and in features do not compare.
        (string Norm, string Domain)[] scales =
        [
            .. data.Results.Cells.Where(c => c is { Result: not null, Norm: not null }).Select(c => (c.Norm!, c.Domain)).Distinct(),
        ];
        return scales.Length == 0
            ? null
            : new HtmlSection(
                "budgets",
                "Harm against budget",
                Markup.Format(
                    $"""
                    {Passage.Read("report", "budgets").Paragraphs()}
                    {scales.Select(s => Create(s.Norm, s.Domain, isOnly: scales.Count(o => o.Norm == s.Norm) == 1, data).Render())}
                    """
                )
            )
            {
                Data = [data.Conditions],
            };
    }

    private static Chart Create(string norm, string domain, bool isOnly, RunReportData data)
    {
        double[] sizes =
        [
            .. data.Results.Cells.Where(c => c.Norm == norm && c.Domain == domain).Select(c => c.Size!.Value).Distinct().Order(),
        ];
        var spec = ChartSpec.Read("harm");
        if (norm is "snr" or "masking-excess")
            spec.Set("x", JsonNode.Parse(norm == "snr" ? SnrAxis : ExcessAxis));
        else
            spec.Set("x.title", $"budget in {Name(norm)}, logarithmic");
        spec.Set("x.axis.values", new JsonArray([.. sizes.Select(s => JsonValue.Create(s))]));
        string name = isOnly ? Name(norm) : $"{Name(norm)}, {domain}";
        return new Chart(
            isOnly ? $"harm-{norm}" : $"harm-{norm}-{domain}",
            $"Harm against budget, {name}",
            $"Lines of harm in mean absolute error against the budget in {name}, a panel for each perturbation and a line with a 95 % "
                + $"band for each model.",
            new PageView(ConditionData.Name)
            {
                Where = new Dictionary<string, object?>(StringComparer.Ordinal) { ["norm"] = norm, ["domain"] = domain },
            },
            spec
        )
        {
            PanelWidth = 250,
            Note = Markup.Format($"Bands: 95 % intervals over seeds and clips. A question mark stands over doubtful results."),
        };
    }

    private static string Name(string norm) =>
        norm switch
        {
            "linf" => "L∞ norm",
            "l2" => "L2 norm",
            "masking-excess" => "masking excess",
            _ => "SNR",
        };
}
