using MerBench.Host.Audit;
using ScottPlot;

namespace MerBench.Host.Figures;

/// <summary>
/// Predictions against ratings before and after a perturbation, a column a system and a row an emotion, with an inset of those before, as in Figure 4 of Hoedt, Flexer and
/// Widmer (2025).
/// </summary>
internal static class RatingsFigure
{
    private const int PanelWidth = 300, PanelHeight = 310, Inset = 70;
    private const int Left = 58, Right = 10, Below = 44, Above = 38, InsetGap = 4;

    // The axis goes on below the data so that the inset hides none of it.
    private const double InsetShare = (Inset + (2.0 * InsetGap)) / (PanelHeight - Below - Above);

    private const string Before = "before", After = "after";

    /// <param name="logs">One log a system: a trained model on the test clips.</param>
    /// <param name="emotions">Which emotions, in order; each one of the logs'.</param>
    public static Figure Draw(IReadOnlyList<AttackLog> logs, IReadOnlyList<string> emotions)
    {
        int[] indices = [.. emotions.Select(e => logs[0].Emotions.ToList().IndexOf(e))];
        double[] predictions = [.. from log in logs from row in log.Rows from e in indices from value in new[] { row.Clean[e], row.Perturbed[e] } select value];
        double low = Math.Min(0, predictions.Min()), high = Math.Max(1, predictions.Max()), room = 0.05 * (high - low);
        bool inset = high - low > 1.5;
        (low, high) = (low - room, high + room);
        if (inset) low -= (high - low) * InsetShare / (1 - InsetShare);
        var panels = new List<FigurePanel>();
        for (int r = 0; r < indices.Length; r++)
        {
            for (int c = 0; c < logs.Count; c++)
            {
                var place = new PixelRect(c * PanelWidth, (c + 1) * PanelWidth, (r + 1) * PanelHeight, r * PanelHeight);
                bool first = r == 0 && c == logs.Count - 1;
                panels.Add(new FigurePanel(Panel(logs[c], indices[r], low, high, r == indices.Length - 1, c == 0, first), place));
                if (inset) panels.Add(new FigurePanel(InsetOf(logs[c], indices[r]), InsetPlace(place)));
            }
        }

        return new Figure(logs.Count * PanelWidth, indices.Length * PanelHeight, panels);
    }

    private static Plot Panel(AttackLog log, int emotion, double low, double high, bool labelBelow, bool labelLeft, bool legend)
    {
        var plot = new Plot();
        AddDiagonal(plot);
        double[] ratings = Predictions(log, r => r.Rating[emotion]);
        var before = plot.Add.Markers(ratings, Predictions(log, r => r.Clean[emotion]), MarkerShape.Eks, 8, OkabeIto.Blue);
        var after = plot.Add.Markers(ratings, Predictions(log, r => r.Perturbed[emotion]), MarkerShape.OpenCircle, 8, OkabeIto.Vermillion);
        (before.LegendText, after.LegendText) = (Before, After);
        before.MarkerLineWidth = after.MarkerLineWidth = 1.5f;
        plot.Title($"{log.System}: {log.Emotions[emotion]}", 13);
        plot.Axes.SetLimits(-0.05, 1.05, low, high);
        if (labelBelow) plot.Axes.Bottom.Label.Text = "rating";
        if (labelLeft) plot.Axes.Left.Label.Text = "prediction";
        foreach (IAxis axis in (IAxis[])[plot.Axes.Bottom, plot.Axes.Left]) (axis.Label.Bold, axis.Label.FontSize) = (false, 14);
        if (legend) plot.ShowLegend(Alignment.UpperRight);
        else plot.HideLegend();
        plot.Layout.Fixed(new PixelPadding(Left, Right, Below, Above));
        return plot;
    }

    // Without it, predictions before the perturbation are a line where those after it leave the scale.
    private static Plot InsetOf(AttackLog log, int emotion)
    {
        var plot = new Plot();
        AddDiagonal(plot);
        plot.Add.Markers(Predictions(log, r => r.Rating[emotion]), Predictions(log, r => r.Clean[emotion]), MarkerShape.Eks, 5, OkabeIto.Blue);
        plot.Axes.SetLimits(-0.05, 1.05, -0.05, 1.05);
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.EmptyTickGenerator();
        plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.EmptyTickGenerator();
        plot.HideGrid();
        plot.HideLegend();
        plot.Layout.Fixed(new PixelPadding(2));
        return plot;
    }

    private static PixelRect InsetPlace(PixelRect panel)
    {
        float right = panel.Right - Right - InsetGap, bottom = panel.Bottom - Below - InsetGap;
        return new PixelRect(right - Inset, right, bottom, bottom - Inset);
    }

    private static double[] Predictions(AttackLog log, Func<AttackLogRow, double> number) => [.. log.Rows.Select(number)];

    private static void AddDiagonal(Plot plot)
    {
        var line = plot.Add.Line(0, 0, 1, 1);
        line.LineColor = OkabeIto.Green;
        line.LineWidth = 1.5f;
        line.LinePattern = LinePattern.Dashed;
        line.MarkerSize = 0;
    }
}
