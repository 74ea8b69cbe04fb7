using ScottPlot;

namespace MerBench.Reports.Figures;

/// <summary>A plot and its place in a figure, in points.</summary>
internal sealed record FigurePanel(Plot Plot, PixelRect Place);

/// <summary>Panels on a white page.</summary>
/// <param name="Width">In points of print, 72 an inch; fonts and lines of the panels too.</param>
internal sealed record Figure(float Width, float Height, IReadOnlyList<FigurePanel> Panels);

/// <summary>How wide a figure is in a paper.</summary>
public enum FigureWidth
{
    /// <summary>One of two columns, the narrowest in use: 3.25 inches.</summary>
    One,

    /// <summary>Both columns: 7 inches.</summary>
    Two,
}

internal static class FigureWidths
{
    public static float Points(this FigureWidth width) => width == FigureWidth.One ? 3.25f * 72 : 7 * 72;
}
