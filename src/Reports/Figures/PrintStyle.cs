using ScottPlot;

namespace MerBench.Reports.Figures;

/// <summary>What all plots share in print: sizes of fonts and lines in points, and how series differ without colour.</summary>
internal static class PrintStyle
{
    public const float Label = 8,
        Tick = 7,
        Line = 1.2f,
        Thin = 0.5f,
        Marker = 4.5f;

    private static readonly MarkerShape[] Markers =
    [
        MarkerShape.FilledCircle,
        MarkerShape.FilledSquare,
        MarkerShape.FilledTriangleUp,
        MarkerShape.FilledDiamond,
        MarkerShape.OpenCircle,
        MarkerShape.OpenSquare,
        MarkerShape.FilledTriangleDown,
        MarkerShape.Eks,
    ];

    private static readonly LinePattern[] Patterns = [LinePattern.Solid, LinePattern.Dashed, LinePattern.Dotted, LinePattern.DenselyDashed];

    public static MarkerShape MarkerOf(int series) => Markers[series % Markers.Length];

    public static LinePattern PatternOf(int series) => Patterns[series % Patterns.Length];

    /// <summary>An empty plot in this style.</summary>
    public static Plot NewPlot(string title = "", string below = "", string left = "")
    {
        var plot = new Plot();
        plot.Axes.Title.Label.Text = title;
        plot.Axes.Title.Label.FontSize = Label;
        plot.Axes.Title.Label.Bold = false;
        plot.Axes.Title.IsVisible = title.Length > 0;
        ((ScottPlot.Panels.TitlePanel)plot.Axes.Title).VerticalPadding = 2;
        plot.Axes.Bottom.Label.Text = below;
        plot.Axes.Left.Label.Text = left;
        foreach (IAxis axis in plot.Axes.GetAxes())
        {
            axis.Label.FontSize = Label;
            axis.Label.Bold = false;
            axis.TickLabelStyle.FontSize = Tick;
            (axis.MajorTickStyle.Length, axis.MajorTickStyle.Width, axis.MinorTickStyle.Length, axis.MinorTickStyle.Width) = (
                2.5f,
                Thin,
                1.2f,
                Thin
            );
            axis.FrameLineStyle.Width = Thin;
            if (axis is not ScottPlot.AxisPanels.AxisBase panel)
                continue;
            (panel.PaddingBetweenTickAndAxisLabels, panel.PaddingOutsideAxisLabels, panel.EmptyLabelPadding) = (
                new PixelPadding(axis.IsVertical() ? 5 : 1),
                new PixelPadding(1),
                new PixelPadding(2)
            );
        }

        // Nothing is shown at the right and above but the frame; above it, the title.
        float above = title.Length > 0 ? 1 : 5;
        (plot.Axes.Right.MinimumSize, plot.Axes.Right.MaximumSize, plot.Axes.Top.MinimumSize, plot.Axes.Top.MaximumSize) = (
            5,
            5,
            above,
            above
        );
        plot.Grid.MajorLineWidth = 0.4f;
        plot.Grid.MajorLineColor = Colors.Black.WithAlpha(0.12);
        plot.Legend.FontSize = Tick;
        plot.Legend.OutlineWidth = Thin;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.BackgroundColor = Colors.White.WithAlpha(0.85);
        (plot.Legend.Padding, plot.Legend.Margin) = (new PixelPadding(3), new PixelPadding(3));
        (plot.Legend.SymbolWidth, plot.Legend.SymbolPadding) = (22, 3);
        plot.Legend.InterItemPadding = new PixelPadding(3, 1);
        return plot;
    }
}
