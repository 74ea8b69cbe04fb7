using MerBench.Reports.Html.Data;

namespace MerBench.Reports.Html.Sections;

/// <summary>Spread over seeds, as in Figure 3 of Hoedt, Flexer and Widmer (2025), and errors before and after.</summary>
internal static class SeedBoxes
{
    private const string Name = "seeds";

    public static HtmlSection? Of(RunReportData data)
    {
        if (data.Results.Models.GroupBy(m => m.Name, StringComparer.Ordinal).All(m => m.Count() < 2))
            return null;
        CellErrors[] rows =
        [
            .. data.Errors.Cells.Where(c => data.Strongest.Any(s => s.Perturbation == c.Perturbation && s.Strength == c.Strength)),
        ];
        PageData seeds = PageData.Of(
            Name,
            rows,
            ("model", r => r.Model),
            ("perturbation", r => data.Names[r.Perturbation]),
            ("strength", r => r.Strength),
            ("condition", r => $"{data.Names[r.Perturbation]} {r.Strength}".Trim()),
            ("seed", r => r.Seed),
            ("emotion", r => r.Emotion),
            ("clean", r => r.Clean),
            ("perturbed", r => r.Perturbed),
            ("harm", r => r.Harm)
        );
        return rows.Length == 0
            ? null
            : new HtmlSection(
                "seeds",
                "Spread over seeds",
                Markup.Of(
                    $"""
                    <p>Each model was trained once for each <strong>seed</strong>; a box says how much the result depends on that chance. Every perturbation is shown at the strength that does most harm.</p>
                    {Harm().Render()}
                    {BeforeAndAfter().Render()}
                    """
                )
            )
            {
                Data = [seeds],
            };
    }

    private static Chart Harm() =>
        new(
            "seeds-harm",
            "Harm over seeds",
            "Box plots of harm in mean absolute error over seeds, a panel for each perturbation and a box for each model; a point for each seed.",
            new PageView(Name),
            new
            {
                facet = Channels.Panels("condition"),
                spec = new
                {
                    height = 230,
                    layer = new object[]
                    {
                        Channels.Zero,
                        new
                        {
                            mark = new
                            {
                                type = "boxplot",
                                size = 22,
                                ticks = new { size = 10 },
                                outliers = false,
                                median = new { color = "var(--ink)", strokeWidth = 2 },
                                rule = new { color = "var(--soft)" },
                                box = new { fillOpacity = 0.45 },
                            },
                            encoding = new
                            {
                                x = Channels.Names("model", -30),
                                y = Channels.Harm,
                                color = Channels.UnlistedModel,
                            },
                        },
                        new
                        {
                            mark = new
                            {
                                type = "point",
                                size = 22,
                                filled = false,
                                color = "var(--ink)",
                                opacity = 0.7,
                                strokeWidth = 1,
                            },
                            encoding = new { x = Channels.Names("model", -30), y = Channels.Harm },
                        },
                    },
                },
                resolve = new { scale = new { y = "independent" } },
            }
        )
        {
            PanelWidth = 240,
            Note = Markup.Of(
                $"Each panel has a scale of its own. Boxes reach from the first to the third quartile, the line is the median, whiskers reach 1.5 times as far at most; points are seeds. This is Figure 3 of Hoedt, Flexer and Widmer (2025) for this run."
            ),
        };

    private static Chart BeforeAndAfter()
    {
        var when = new
        {
            field = "when",
            type = "nominal",
            sort = new[] { "before", "after" },
            title = (string?)null,
        };
        return new Chart(
            "seeds-errors",
            "Errors before and after, over seeds",
            "Box plots of mean absolute error over seeds before and after each perturbation, a panel for each perturbation and two boxes for each model.",
            new PageView(Name),
            new
            {
                facet = Channels.Panels("condition"),
                spec = new
                {
                    height = 230,
                    transform = new object[]
                    {
                        new { fold = new[] { "clean", "perturbed" }, @as = new[] { "key", "error" } },
                        new { calculate = "datum.key == 'clean' ? 'before' : 'after'", @as = "when" },
                    },
                    mark = new
                    {
                        type = "boxplot",
                        size = 12,
                        ticks = new { size = 7 },
                        median = new { color = "var(--ink)", strokeWidth = 2 },
                        rule = new { color = "var(--soft)" },
                        outliers = new { size = 16, color = "var(--soft)" },
                        box = new { fillOpacity = 0.6 },
                    },
                    encoding = new
                    {
                        x = Channels.Names("model", -30),
                        xOffset = when,
                        y = new
                        {
                            field = "error",
                            type = "quantitative",
                            title = "MAE (rating units)",
                            scale = new { zero = true },
                        },
                        color = new
                        {
                            when.field,
                            when.type,
                            when.sort,
                            when.title,
                            scale = new { domain = new[] { "before", "after" }, range = new[] { "var(--help)", "var(--harm)" } },
                        },
                    },
                },
                resolve = new { scale = new { y = "independent" } },
            }
        )
        {
            PanelWidth = 240,
        };
    }
}
