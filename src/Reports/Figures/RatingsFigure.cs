using MerBench.Host.Results;
using ScottPlot;

namespace MerBench.Reports.Figures;

/// <summary>
/// Predictions against ratings before and after a perturbation, a column a system and a row an emotion, with an inset of those before, as
/// in Figure 4 of Hoedt, Flexer and
/// Widmer (2025).
/// </summary>
internal static class RatingsFigure
{
    /// <summary>So many systems stand side by side in one column.</summary>
    public const int MostInOneColumn = 2;

    private const float Left = 35,
        Right = 3,
        Below = 23,
        Above = 13,
        InsetGap = 2,
        InsetShareOfWidth = 0.3f;

    private const string Before = "before",
        After = "after";

    /// <param name="logs">One log a system: a trained model on the test clips.</param>
    /// <param name="emotions">Which emotions, in order; each one of the logs'.</param>
    public static Figure Draw(IReadOnlyList<ClipLog> logs, IReadOnlyList<string> emotions, FigureWidth size)
    {
        float panelWidth = PanelWidth(logs.Count, size),
            panelHeight = PanelHeight(logs.Count, size),
            insetSide = (panelWidth - Left - Right) * InsetShareOfWidth;
        double insetShare = (insetSide + (2 * InsetGap)) / (panelHeight - Below - Above);
        int[] indices = [.. emotions.Select(e => logs[0].Emotions.ToList().IndexOf(e))];
        // A model that leaves the scale of ratings would make flat lines of the others: each has its own.
        Scale[] scales = [.. logs.Select(log => Scale.Fit(log, indices, insetShare))];
        var panels = new List<FigurePanel>();
        for (int r = 0; r < indices.Length; r++)
        {
            for (int c = 0; c < logs.Count; c++)
            {
                var place = new PixelRect(c * panelWidth, (c + 1) * panelWidth, (r + 1) * panelHeight, r * panelHeight);
                bool first = r == 0 && c == logs.Count - 1;
                panels.Add(new FigurePanel(Panel(logs[c], indices[r], scales[c], r == indices.Length - 1, c == 0, first), place));
                if (scales[c].Inset)
                    panels.Add(new FigurePanel(InsetOf(logs[c], indices[r]), InsetPlace(place, insetSide)));
            }
        }

        return new Figure(size.Points(), indices.Length * panelHeight, panels);
    }

    /// <summary>The height of a row.</summary>
    public static float PanelHeight(int systems, FigureWidth size) => PanelWidth(systems, size) + 10;

    private static float PanelWidth(int systems, FigureWidth size) => size.Points() / Math.Max(2, systems);

    private static Plot Panel(ClipLog log, int emotion, Scale scale, bool labelBelow, bool labelLeft, bool legend)
    {
        var plot = PrintStyle.NewPlot($"{log.System}: {log.Emotions[emotion]}", labelBelow ? "rating" : "", labelLeft ? "prediction" : "");
        AddDiagonal(plot);
        double[] ratings = Predictions(log, r => r.Rating[emotion]);
        var before = plot.Add.Markers(ratings, Predictions(log, r => r.Clean[emotion]), MarkerShape.Eks, 3.5f, OkabeIto.Blue);
        var after = plot.Add.Markers(
            ratings,
            Predictions(log, r => r.Perturbed[emotion]),
            MarkerShape.OpenCircle,
            3.5f,
            OkabeIto.Vermillion
        );
        (before.LegendText, after.LegendText) = (Before, After);
        before.MarkerLineWidth = after.MarkerLineWidth = 0.7f;
        plot.Axes.SetLimits(-0.05, 1.05, scale.Low, scale.High);
        (plot.Legend.SymbolWidth, plot.Legend.FontSize) = (8, 6);
        // Where there is an inset, there is room beside it.
        if (legend)
            plot.ShowLegend(scale.Inset ? Alignment.LowerLeft : Alignment.UpperLeft);
        else
            plot.HideLegend();
        plot.Layout.Fixed(new PixelPadding(Left, Right, Below, Above));
        return plot;
    }

    // Without it, predictions before the perturbation are a line where those after it leave the scale.
    private static Plot InsetOf(ClipLog log, int emotion)
    {
        Plot plot = PrintStyle.NewPlot();
        AddDiagonal(plot);
        plot.Add.Markers(
            Predictions(log, r => r.Rating[emotion]),
            Predictions(log, r => r.Clean[emotion]),
            MarkerShape.Eks,
            1.6f,
            OkabeIto.Blue
        );
        plot.Axes.SetLimits(-0.05, 1.05, -0.05, 1.05);
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.EmptyTickGenerator();
        plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.EmptyTickGenerator();
        plot.HideGrid();
        plot.HideLegend();
        plot.Layout.Fixed(new PixelPadding(1));
        return plot;
    }

    private static PixelRect InsetPlace(PixelRect panel, float side)
    {
        float right = panel.Right - Right - InsetGap,
            bottom = panel.Bottom - Below - InsetGap;
        return new PixelRect(right - side, right, bottom, bottom - side);
    }

    private static double[] Predictions(ClipLog log, Func<ClipRow, double> number) => [.. log.Rows.Select(number)];

    private static void AddDiagonal(Plot plot)
    {
        var line = plot.Add.Line(0, 0, 1, 1);
        line.LineColor = OkabeIto.Green;
        line.LineWidth = 0.75f;
        line.LinePattern = LinePattern.Dashed;
        line.MarkerSize = 0;
    }

    /// <summary>What a model's panels show of predictions, and whether an inset shows those before the perturbation.</summary>
    private readonly record struct Scale(double Low, double High, bool Inset)
    {
        private const double WidestWithoutInset = 1.5;

        public static Scale Fit(ClipLog log, IReadOnlyList<int> emotions, double insetShare)
        {
            double[] predictions =
            [
                .. from row in log.Rows from e in emotions from value in new[] { row.Clean[e], row.Perturbed[e] } select value,
            ];
            double low = Math.Min(0, predictions.Min()),
                high = Math.Max(1, predictions.Max()),
                room = 0.05 * (high - low);
            bool inset = high - low > WidestWithoutInset;
            (low, high) = (low - room, high + room);
            // The axis goes on below the data so that the inset hides none of it.
            if (inset)
                low -= (high - low) * insetShare / (1 - insetShare);
            return new Scale(low, high, inset);
        }
    }
}
