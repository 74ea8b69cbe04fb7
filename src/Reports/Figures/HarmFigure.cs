using MerBench.Host.Statistics;
using ScottPlot;

namespace MerBench.Reports.Figures;

/// <summary>How much a perturbation raised each system's mean absolute error: a box over seeds a system, as in Figure 3 of Hoedt, Flexer
/// and Widmer (2025).</summary>
internal static class HarmFigure
{
    private const float Height = 170;

    /// <param name="systems">Systems in the order of the axis, each with one harm a seed.</param>
    public static Figure Draw(string title, IReadOnlyList<(string System, IReadOnlyList<double> Harms)> systems, FigureWidth size)
    {
        float width = size.Points();
        var plot = PrintStyle.NewPlot(title, left: "\u0394MAE (after minus before)");
        for (int i = 0; i < systems.Count; i++)
        {
            Spread spread = Spread.Compute(systems[i].Harms);
            if (double.IsNaN(spread.Median))
                continue;
            var box = new ScottPlot.Box
            {
                Position = i,
                Width = 0.6,
                BoxMin = spread.Q1,
                BoxMiddle = spread.Median,
                BoxMax = spread.Q3,
                WhiskerMin = spread.Low,
                WhiskerMax = spread.High,
            };
            plot.Add.Box(box);
            (box.FillColor, box.LineColor, box.LineWidth) = (OkabeIto.Area(i), Colors.Black, 0.75f);
            double[] outliers = [.. systems[i].Harms.Where(h => h < spread.Low || h > spread.High)];
            if (outliers.Length > 0)
                plot.Add.Markers(outliers.Select(_ => (double)i).ToArray(), outliers, MarkerShape.OpenCircle, 3.5f, Colors.Black);
        }

        plot.Axes.Bottom.SetTicks([.. Enumerable.Range(0, systems.Count).Select(i => (double)i)], [.. systems.Select(s => s.System)]);
        NameTicks.Fit(plot.Axes.Bottom, systems.Select(s => s.System), width / Math.Max(2, systems.Count));
        plot.Grid.XAxisStyle.IsVisible = false;
        double[] all = [.. systems.SelectMany(s => s.Harms).Where(double.IsFinite).DefaultIfEmpty(1)];
        double low = Math.Min(0, all.Min()),
            high = Math.Max(0, all.Max()),
            room = Math.Max(1e-6, (high - low) * 0.05);
        plot.Axes.SetLimits(-0.6, systems.Count - 0.4, low < 0 ? low - room : 0, high + room);
        return new Figure(width, Height, [new FigurePanel(plot, new PixelRect(0, width, Height, 0))]);
    }
}
