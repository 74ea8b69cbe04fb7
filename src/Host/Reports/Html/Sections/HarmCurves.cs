using MerBench.Host.Reports.Html.Data;

namespace MerBench.Host.Reports.Html.Sections;

/// <summary>Harm against the size of the budget: a chart a norm, a panel a perturbation, a line a model.</summary>
internal static class HarmCurves
{
    public static HtmlSection? Of(RunReportData data)
    {
        string[] norms = [.. data.Results.Cells.Where(c => c is { Result: not null, Norm: not null }).Select(c => c.Norm!).Distinct(StringComparer.Ordinal)];
        return norms.Length == 0 ? null : new HtmlSection("budgets", "Harm against budget", Markup.Of($"""
            <p>An attack may change its input up to a <strong>budget</strong>. Harm grows with it as a rule; a curve that stays flat or falls says that the attack failed, rather than that the model is robust.</p>
            {norms.Select(n => Of(n, data).Render())}
            """)) { Data = [data.Conditions] };
    }

    private static Chart Of(string norm, RunReportData data)
    {
        double[] sizes = [.. data.Results.Cells.Where(c => c.Norm == norm).Select(c => c.Size!.Value).Distinct().Order()];
        object size = norm == "snr"
            ? new { field = "size", type = "quantitative", scale = new { reverse = true, zero = false, padding = 12 }, title = "budget: signal-to-noise ratio in dB, larger changes to the right", axis = new { values = sizes, labelOverlap = "greedy" } }
            : new { field = "size", type = "quantitative", scale = new { type = "log", nice = false, padding = 12 }, title = $"budget in {Name(norm)}, logarithmic", axis = new { values = sizes, format = "~g", labelOverlap = "greedy" } };
        return new Chart(
            $"harm-{norm}", $"Harm against budget, {Name(norm)}", $"Lines of harm in mean absolute error against the budget in {Name(norm)}, a panel for each perturbation and a line with a 95 % band for each model.",
            PageView.With(ConditionData.Name, "norm", norm), new { facet = Channels.Panels("perturbation"), spec = Channels.HarmLines(size), resolve = new { scale = new { x = "independent" } } })
        {
            PanelWidth = 250,
            Note = Markup.Of($"Bands: 95 % intervals over seeds and clips. A question mark stands over doubtful results."),
        };
    }

    private static string Name(string norm) => norm switch { "linf" => "L∞ norm", "l2" => "L2 norm", _ => "SNR" };
}
