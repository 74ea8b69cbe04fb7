namespace MerBench.Host.Reports.Html.Sections;

/// <summary>Harm against the size of the budget: a chart a norm, a panel a perturbation, a line a model.</summary>
internal static class HarmCurves
{
    public static HtmlSection? Of(RunReportData data)
    {
        string[] norms = [.. data.Results.Cells.Where(c => c is { Result: not null, Norm: not null }).Select(c => c.Norm!).Distinct(StringComparer.Ordinal)];
        return norms.Length == 0 ? null : new HtmlSection("budgets", "Harm against budget", Markup.Of($"""
            <p>An attack may change its input up to a <strong>budget</strong>. Harm that keeps growing with the budget is what to expect; a curve that stays flat or falls says that the attack failed, rather than that the model is robust.</p>
            {norms.Select(Of).Select(c => c.Render())}
            """)) { Data = [data.Conditions] };
    }

    private static Chart Of(string norm)
    {
        bool decibels = norm == "snr";
        var model = new { field = "model", type = "nominal", scale = new { palette = "model" }, title = (string?)null };
        var harm = new { field = "harm", type = "quantitative", title = "harm in MAE (rating units)" };
        object size = decibels
            ? new { field = "size", type = "quantitative", scale = new { reverse = true, zero = false }, title = "budget: signal-to-noise ratio (dB), louder to the right", axis = new { tickCount = 5 } }
            : new { field = "size", type = "quantitative", scale = new { type = "log", nice = false, padding = 10 }, title = $"budget: {norm} (logarithmic)", axis = new { tickCount = 4, format = "~g" } };
        return new Chart($"harm-{norm}", $"Harm against budget, {norm}", $"Lines of harm in mean absolute error against the {norm} budget, a panel for each perturbation and a line with a 95 % band for each model.",
            new PageView(ConditionData.Name) { Where = new Dictionary<string, object?>(StringComparer.Ordinal) { ["norm"] = norm } },
            new
            {
                facet = new { field = "perturbation", type = "nominal", title = (string?)null, sort = (string?)null },
                spec = new
                {
                    height = 230,
                    encoding = new { x = size },
                    layer = new object[]
                    {
                        new { mark = new { type = "rule", strokeWidth = 1 }, encoding = new { x = (object?)null, y = new { datum = 0 } } },
                        new { mark = new { type = "area", opacity = 0.15 }, encoding = new { y = new { field = "harm_low", type = "quantitative", title = "harm in MAE (rating units)" }, y2 = new { field = "harm_high" }, color = model } },
                        new { mark = new { type = "line" }, encoding = new { y = harm, color = model, strokeDash = model } },
                        new { mark = new { type = "point", filled = true, size = 60 }, encoding = new { y = harm, color = model, shape = model } },
                        new { transform = new[] { new { filter = "datum.doubtful > 0" } }, mark = new { type = "text", text = "?", dy = -11, fontWeight = "bold" }, encoding = new { y = harm } },
                    },
                },
                resolve = new { scale = new { x = "independent" } },
            })
        {
            PanelWidth = 300,
            Note = Markup.Of($"Bands: 95 % intervals over seeds and clips. A question mark stands over doubtful results."),
        };
    }
}
