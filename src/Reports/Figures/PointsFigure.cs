using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace MerBench.Reports.Figures;

/// <summary>Points of several series; a series has its own colour and marker.</summary>
internal sealed record SeriesPoint(string Series, double X, double Y);

/// <summary>One number against another, such as shifts of emotions against shifts of concepts, or harm against the cost of
/// training.</summary>
internal static class PointsFigure
{
    private const float Height = 175;

    // Below a threefold, a logarithmic axis would have one label or none.
    private const double LeastRatio = 3;

    /// <param name="logarithmic">Whether x lies on a logarithmic axis, where its numbers are far enough apart.</param>
    public static Figure Draw(string below, string left, IReadOnlyList<SeriesPoint> points, FigureWidth size, bool logarithmic = false)
    {
        Plot plot = PrintStyle.NewPlot(below: below, left: left);
        logarithmic &= points.Max(p => p.X) > LeastRatio * points.Min(p => p.X);
        string[] series = [.. points.Select(p => p.Series).Distinct(StringComparer.Ordinal)];
        for (int s = 0; s < series.Length; s++)
        {
            SeriesPoint[] own = [.. points.Where(p => p.Series == series[s])];
            var markers = plot.Add.Markers(
                own.Select(p => Position(p.X)).ToArray(),
                own.Select(p => p.Y).ToArray(),
                PrintStyle.MarkerOf(s),
                PrintStyle.Marker,
                OkabeIto.Line(s)
            );
            (markers.MarkerLineWidth, markers.LegendText) = (0.8f, series[s]);
        }

        // A series of one point is named beside it.
        bool named = series.Length == points.Count;
        double[] x = [.. points.Select(p => Position(p.X))];
        double first = logarithmic ? x.Min() : Math.Min(0, x.Min()),
            last = x.Max(),
            room = Math.Max(1e-6, (last - first) * 0.08);
        if (logarithmic)
            plot.Axes.Bottom.TickGenerator = new NumericManual([.. LogTicks(first - room, last + room)]);
        Heights.Fit(plot, first < 0 || logarithmic ? first - room : 0, last + room, points.Select(p => p.Y * (named ? 1.08 : 1)));
        SeriesPoint[] labelled = named ? [.. points.OrderBy(p => p.X)] : [];
        for (int i = 0; i < labelled.Length; i++)
        {
            // Neighbours are named above and below in turn.
            bool right = Position(labelled[i].X) > (first + last) / 2,
                above = i % 2 == 0;
            var text = plot.Add.Text(labelled[i].Series, Position(labelled[i].X), labelled[i].Y);
            (text.LabelFontSize, text.OffsetX, text.OffsetY) = (PrintStyle.Tick, right ? -3 : 3, above ? -2 : 2);
            text.LabelAlignment = (right, above) switch
            {
                (true, true) => Alignment.LowerRight,
                (true, false) => Alignment.UpperRight,
                (false, true) => Alignment.LowerLeft,
                _ => Alignment.UpperLeft,
            };
        }

        if (named)
            plot.HideLegend();
        else
            plot.ShowLegend(Alignment.UpperLeft);
        return new Figure(size.Points(), Height, [new FigurePanel(plot, new PixelRect(0, size.Points(), Height, 0))]);

        double Position(double value) => logarithmic ? Math.Log10(Math.Max(value, 1e-12)) : value;
    }

    // Whole powers of ten, with their doubles and fivefolds where there are few.
    private static IEnumerable<Tick> LogTicks(double low, double high)
    {
        int[] steps = high - low > 3 ? [1] : [1, 2, 5];
        return from exponent in Enumerable.Range((int)Math.Floor(low), (int)Math.Ceiling(high - low) + 2)
            from step in steps
            let position = exponent + Math.Log10(step)
            where position >= low && position <= high
            select new Tick(position, (step * Math.Pow(10, exponent)).ToString("0.######", CultureInfo.InvariantCulture));
    }
}
