using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace MerBench.Reports.Figures;

/// <summary>Harm of one model at one size of an attack's budget.</summary>
/// <param name="Low">Of the 95 % interval.</param>
/// <param name="IsDoubtful">A check found a reason not to take it for the truth.</param>
internal sealed record BudgetPoint(string Model, double Size, double Harm, double Low, double High, bool IsDoubtful);

/// <summary>Harm against the size of an attack's budget, a line with its band a model; doubtful points are crossed out.</summary>
internal static class BudgetFigure
{
    private const float Height = 175;

    /// <param name="norm">linf, l2, snr or masking-excess; sizes lie on a logarithmic axis, ratios on a falling one, excesses on a
    /// linear one.</param>
    public static Figure Draw(string title, string norm, IReadOnlyList<BudgetPoint> points, FigureWidth size)
    {
        string axis = norm switch
        {
            "snr" => "signal-to-noise ratio [dB]",
            "masking-excess" => "masking excess [dB]",
            "linf" => "L\u221e budget",
            _ => "L2 budget",
        };
        Plot plot = PrintStyle.NewPlot(title, axis, "harm (\u0394MAE)");
        string[] models = [.. points.Select(p => p.Model).Distinct(StringComparer.Ordinal)];
        for (int m = 0; m < models.Length; m++)
        {
            BudgetPoint[] own = [.. points.Where(p => p.Model == models[m]).OrderBy(p => Position(p.Size))];
            double[] x = [.. own.Select(p => Position(p.Size))];
            Color color = OkabeIto.Line(m);
            var band = plot.Add.FillY(x, [.. own.Select(p => p.Low)], [.. own.Select(p => p.High)]);
            (band.FillColor, band.LineWidth, band.MarkerSize) = (color.WithAlpha(0.13), 0, 0);
            var line = plot.Add.Scatter(x, own.Select(p => p.Harm).ToArray(), color);
            (line.LineWidth, line.LinePattern, line.MarkerShape, line.MarkerSize, line.LegendText) = (
                PrintStyle.Line,
                PrintStyle.PatternOf(m),
                PrintStyle.MarkerOf(m),
                PrintStyle.Marker,
                models[m]
            );
            line.MarkerLineWidth = 0.8f;
            BudgetPoint[] doubtful = [.. own.Where(p => p.IsDoubtful)];
            if (doubtful.Length == 0)
                continue;
            var crosses = plot.Add.Markers(
                doubtful.Select(p => Position(p.Size)).ToArray(),
                doubtful.Select(p => p.Harm).ToArray(),
                MarkerShape.Eks,
                7,
                Colors.Black
            );
            crosses.MarkerLineWidth = 0.9f;
        }

        double[] sizes = [.. points.Select(p => p.Size).Distinct().OrderBy(Position)];
        plot.Axes.Bottom.TickGenerator = new NumericManual([
            .. sizes.Select(s => new Tick(Position(s), s.ToString(CultureInfo.InvariantCulture))),
        ]);
        double first = Position(sizes[0]),
            last = Position(sizes[^1]),
            room = (last - first) * 0.05;
        Heights.Fit(plot, first - room, last + room, points.SelectMany(p => new[] { p.Low, p.High }));
        plot.ShowLegend(Alignment.UpperLeft);
        return new Figure(size.Points(), Height, [new FigurePanel(plot, new PixelRect(0, size.Points(), Height, 0))]);

        double Position(double budget) =>
            norm switch
            {
                "snr" => -budget,
                "masking-excess" => budget,
                _ => Math.Log10(Math.Max(budget, 1e-12)),
            };
    }
}

/// <summary>Axes over harms: from zero, or below where there are such.</summary>
internal static class Heights
{
    public static void Fit(Plot plot, double left, double right, IEnumerable<double> values)
    {
        double[] all = [.. values.Where(double.IsFinite).DefaultIfEmpty(1)];
        double low = Math.Min(0, all.Min()),
            high = Math.Max(0, all.Max()),
            room = Math.Max(1e-6, (high - low) * 0.06);
        plot.Axes.SetLimits(left, right, low < 0 ? low - room : 0, high + room);
    }
}
