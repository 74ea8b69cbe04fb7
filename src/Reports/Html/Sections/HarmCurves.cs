using MerBench.Reports.Html.Data;

namespace MerBench.Reports.Html.Sections;

/// <summary>Harm against the size of the budget: a chart a norm, a panel a perturbation, a line a model.</summary>
internal static class HarmCurves
{
    public static HtmlSection? Of(RunReportData data)
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
                Markup.Of(
                    $"""
                    <p>An attack may change its input up to a <strong>budget</strong>. Harm grows with it as a rule; a curve that stays flat or falls says that the attack failed, rather than that the model is robust.</p>
                    {scales.Select(s => Of(s.Norm, s.Domain, isOnly: scales.Count(o => o.Norm == s.Norm) == 1, data).Render())}
                    """
                )
            )
            {
                Data = [data.Conditions],
            };
    }

    private static Chart Of(string norm, string domain, bool isOnly, RunReportData data)
    {
        double[] sizes =
        [
            .. data.Results.Cells.Where(c => c.Norm == norm && c.Domain == domain).Select(c => c.Size!.Value).Distinct().Order(),
        ];
        object size =
            norm == "snr"
                ? new
                {
                    field = "size",
                    type = "quantitative",
                    scale = new
                    {
                        reverse = true,
                        zero = false,
                        padding = 12,
                    },
                    title = "budget: signal-to-noise ratio in dB, larger changes to the right",
                    axis = new { values = sizes, labelOverlap = "greedy" },
                }
                : new
                {
                    field = "size",
                    type = "quantitative",
                    scale = new
                    {
                        type = "log",
                        nice = false,
                        padding = 12,
                    },
                    title = $"budget in {Name(norm)}, logarithmic",
                    axis = new
                    {
                        values = sizes,
                        format = "~g",
                        labelOverlap = "greedy",
                    },
                };
        string name = isOnly ? Name(norm) : $"{Name(norm)}, {domain}";
        return new Chart(
            isOnly ? $"harm-{norm}" : $"harm-{norm}-{domain}",
            $"Harm against budget, {name}",
            $"Lines of harm in mean absolute error against the budget in {name}, a panel for each perturbation and a line with a 95 % band for each model.",
            new PageView(ConditionData.Name)
            {
                Where = new Dictionary<string, object?>(StringComparer.Ordinal) { ["norm"] = norm, ["domain"] = domain },
            },
            new { facet = Channels.Panels("perturbation"), spec = Channels.HarmLines(size) }
        )
        {
            PanelWidth = 250,
            Note = Markup.Of($"Bands: 95 % intervals over seeds and clips. A question mark stands over doubtful results."),
        };
    }

    private static string Name(string norm) =>
        norm switch
        {
            "linf" => "L∞ norm",
            "l2" => "L2 norm",
            _ => "SNR",
        };
}
