using ScottPlot;

namespace MerBench.Reports.Figures;

/// <summary>Colours that people with any colour vision can tell apart (Okabe and Ito 2008).</summary>
internal static class OkabeIto
{
    public static readonly Color Vermillion = Color.FromHex("#D55E00"),
        Blue = Color.FromHex("#0072B2"),
        Green = Color.FromHex("#009E73");

    private static readonly Color Orange = Color.FromHex("#E69F00"),
        SkyBlue = Color.FromHex("#56B4E9"),
        Yellow = Color.FromHex("#F0E442"),
        Purple = Color.FromHex("#CC79A7"),
        Grey = Color.FromHex("#999999");

    private static readonly Color[] Areas = [Orange, SkyBlue, Green, Yellow, Blue, Vermillion, Purple, Grey];

    // Yellow is hardly seen as a line.
    private static readonly Color[] Lines = [Blue, Vermillion, Green, Orange, Purple, SkyBlue, Colors.Black, Grey];

    public static Color Area(int index) => Areas[index % Areas.Length];

    public static Color Line(int index) => Lines[index % Lines.Length];
}
