using ScottPlot;

namespace MerBench.Reports.Figures;

/// <summary>Names along an axis: slanted where they would run into each other.</summary>
internal static class NameTicks
{
    private const float CharacterWidth = 0.58f * PrintStyle.Tick,
        Slant = -35;

    /// <param name="room">Points for each name.</param>
    public static void Fit(IAxis axis, IEnumerable<string> names, float room)
    {
        int longest = names.Select(n => n.Length).DefaultIfEmpty().Max();
        if (longest * CharacterWidth < room - 4)
            return;
        axis.TickLabelStyle.Rotation = Slant;
        axis.TickLabelStyle.Alignment = Alignment.MiddleRight;
        axis.MinimumSize = 6 + (longest * CharacterWidth * 0.6f);
    }
}
