using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace MerBench.Reports.Figures;

/// <summary>Harm of one model under one corruption.</summary>
/// <param name="Corruption">As the panel is headed.</param>
internal sealed record SeverityPoint(string Corruption, string Model, int Severity, double Harm, double Low, double High);

/// <summary>Harm against severity: a panel a corruption, all on one scale, a line with its band a model.</summary>
internal static class SeverityFigure
{
    private const float PanelHeight = 100,
        Left = 32,
        Right = 4,
        Below = 23,
        Above = 13,
        LegendRow = 12,
        Symbol = 32;

    public static Figure Draw(IReadOnlyList<SeverityPoint> points, FigureWidth size)
    {
        string[] corruptions = [.. points.Select(p => p.Corruption).Distinct(StringComparer.Ordinal)],
            models = [.. points.Select(p => p.Model).Distinct(StringComparer.Ordinal)];
        int columns = Math.Min(corruptions.Length, size == FigureWidth.One ? 2 : 4),
            rows = (corruptions.Length + columns - 1) / columns;
        float width = size.Points() / columns,
            legendHeight =
                4
                + (LegendRow * (float)Math.Ceiling(models.Sum(m => Symbol + (m.Length * PrintStyle.Tick * 0.55f)) / (size.Points() - 10)));
        var panels = new List<FigurePanel> { new(Legend(models), new PixelRect(0, size.Points(), legendHeight, 0)) };
        for (int i = 0; i < corruptions.Length; i++)
        {
            (int row, int column) = (i / columns, i % columns);
            Plot plot = PrintStyle.NewPlot(
                corruptions[i],
                i + columns >= corruptions.Length ? "severity" : "",
                column == 0 ? "harm (\u0394MAE)" : ""
            );
            for (int m = 0; m < models.Length; m++)
                AddLine(plot, [.. points.Where(p => p.Corruption == corruptions[i] && p.Model == models[m]).OrderBy(p => p.Severity)], m);
            plot.Axes.Bottom.TickGenerator = new NumericManual([
                .. Enumerable.Range(1, 5).Select(s => new Tick(s, s.ToString(CultureInfo.InvariantCulture))),
            ]);
            Heights.Fit(plot, 0.7, 5.3, points.SelectMany(p => new[] { p.Low, p.High }));
            plot.HideLegend();
            plot.Layout.Fixed(new PixelPadding(Left, Right, Below, Above));
            float top = legendHeight + (row * PanelHeight);
            panels.Add(new FigurePanel(plot, new PixelRect(column * width, (column + 1) * width, top + PanelHeight, top)));
        }

        return new Figure(size.Points(), legendHeight + (rows * PanelHeight), panels);
    }

    private static void AddLine(Plot plot, SeverityPoint[] own, int series)
    {
        if (own.Length == 0)
            return;
        double[] x = [.. own.Select(p => (double)p.Severity)];
        Color color = OkabeIto.Line(series);
        var band = plot.Add.FillY(x, [.. own.Select(p => p.Low)], [.. own.Select(p => p.High)]);
        (band.FillColor, band.LineWidth, band.MarkerSize) = (color.WithAlpha(0.13), 0, 0);
        var line = plot.Add.Scatter(x, own.Select(p => p.Harm).ToArray(), color);
        (line.LineWidth, line.LinePattern, line.MarkerShape, line.MarkerSize, line.MarkerLineWidth) = (
            1,
            PrintStyle.PatternOf(series),
            PrintStyle.MarkerOf(series),
            3.5f,
            0.7f
        );
    }

    // One for all panels, in a row above them.
    private static Plot Legend(string[] models)
    {
        Plot plot = PrintStyle.NewPlot();
        plot.HideAxesAndGrid();
        for (int m = 0; m < models.Length; m++)
        {
            plot.Legend.ManualItems.Add(
                new LegendItem
                {
                    LabelText = models[m],
                    LineColor = OkabeIto.Line(m),
                    LineWidth = 1,
                    LinePattern = PrintStyle.PatternOf(m),
                    MarkerColor = OkabeIto.Line(m),
                    MarkerShape = PrintStyle.MarkerOf(m),
                    MarkerSize = 3.5f,
                    MarkerLineWidth = 0.7f,
                }
            );
        }

        plot.Legend.Orientation = Orientation.Horizontal;
        plot.Legend.TightHorizontalWrapping = true;
        plot.Legend.OutlineWidth = 0;
        plot.Legend.Margin = new PixelPadding(0);
        plot.Layout.Fixed(new PixelPadding(0));
        plot.ShowLegend(Alignment.MiddleCenter);
        return plot;
    }
}
