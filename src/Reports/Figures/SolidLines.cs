using ScottPlot;

namespace MerBench.Reports.Figures;

/// <summary>Draws a figure's lines solid as long as it lives: Skia writes no dashes into SVG, and complains of each on standard error.
/// Markers still tell series apart.</summary>
internal sealed class SolidLines : IDisposable
{
    private readonly List<(LineStyle Line, LinePattern Pattern)> _dashed;

    public SolidLines(Figure figure)
    {
        _dashed =
        [
            .. figure
                .Panels.SelectMany(p =>
                    p.Plot.GetPlottables()
                        .OfType<IHasLine>()
                        .Select(l => l.LineStyle)
                        .Concat(p.Plot.Legend.ManualItems.Select(i => i.LineStyle))
                )
                .Select(l => (l, l.Pattern)),
        ];
        foreach ((LineStyle line, _) in _dashed)
            line.Pattern = LinePattern.Solid;
    }

    public void Dispose()
    {
        foreach ((LineStyle line, LinePattern pattern) in _dashed)
            line.Pattern = pattern;
    }
}
