using MerBench.Reports.Html.Data;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Html.Sections;

/// <summary>Spread over seeds, as in Figure 3 of Hoedt, Flexer and Widmer (2025), and errors before and after.</summary>
internal static class SeedBoxes
{
    private const string Name = "seeds";

    public static HtmlSection? Create(RunReportData data)
    {
        if (data.Results.Models.GroupBy(m => m.Name, StringComparer.Ordinal).All(m => m.Count() < 2))
            return null;
        CellErrors[] rows =
        [
            .. data.Errors.Cells.Where(c => data.Strongest.Any(s => s.Perturbation == c.Perturbation && s.Strength == c.Strength)),
        ];
        PageData seeds = PageData.Create(
            Name,
            rows,
            ("model", r => r.Model),
            ("perturbation", r => data.Names[r.Perturbation]),
            ("strength", r => r.Strength),
            ("condition", r => $"{data.Names[r.Perturbation]} {r.Strength}".Trim()),
            ("seed", r => r.Seed),
            ("emotion", r => r.Emotion),
            ("clean", r => r.Error.Clean),
            ("perturbed", r => r.Error.Perturbed),
            ("harm", r => r.Error.Harm)
        );
        return rows.Length == 0
            ? null
            : new HtmlSection(
                "seeds",
                "Spread over seeds",
                Markup.Format(
                    $"""
                    {Passage.Read("report", "seeds").Paragraphs()}
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
            "Box plots of harm in mean absolute error over seeds, a panel for each perturbation and a box for each model; a point for "
                + "each seed.",
            new PageView(Name),
            ChartSpec.Read("seeds-harm")
        )
        {
            PanelWidth = 240,
            Note = Passage.Read("report", "seeds, legend").Sentences(),
        };

    private static Chart BeforeAndAfter() =>
        new(
            "seeds-errors",
            "Errors before and after, over seeds",
            "Box plots of mean absolute error over seeds before and after each perturbation, a panel for each perturbation and two boxes "
                + "for each model.",
            new PageView(Name),
            ChartSpec.Read("seeds-errors")
        )
        {
            PanelWidth = 240,
        };
}
