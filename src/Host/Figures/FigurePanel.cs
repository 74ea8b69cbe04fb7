using ScottPlot;

namespace MerBench.Host.Figures;

/// <summary>A plot and its place in a figure, in pixels.</summary>
internal sealed record FigurePanel(Plot Plot, PixelRect Place);

/// <summary>Panels on a white page.</summary>
/// <param name="Width">In pixels; a PNG has twice as many, for print.</param>
internal sealed record Figure(int Width, int Height, IReadOnlyList<FigurePanel> Panels);

/// <summary>Colours that people with any colour vision can tell apart (Okabe and Ito 2008).</summary>
internal static class OkabeIto
{
    public static readonly Color Vermillion = Color.FromHex("#D55E00"), Blue = Color.FromHex("#0072B2"), Green = Color.FromHex("#009E73");

    private static readonly Color[] Cycle =
        [Color.FromHex("#E69F00"), Color.FromHex("#56B4E9"), Green, Color.FromHex("#F0E442"), Blue, Vermillion, Color.FromHex("#CC79A7"), Color.FromHex("#999999")];

    public static Color Of(int index) => Cycle[index % Cycle.Length];
}
