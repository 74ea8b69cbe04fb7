namespace MerBench.Reports.Figures;

/// <summary>A figure of a run.</summary>
/// <param name="Name">Of its files.</param>
/// <param name="Caption">Plain text; ends with a full stop.</param>
/// <param name="IsStandard">Whether <c>merbench run</c> writes it.</param>
/// <param name="Narrowest">The width below which it cannot be read.</param>
internal sealed record RunFigure(string Name, string Caption, bool IsStandard, FigureWidth Narrowest, Func<FigureWidth, Figure> Draw)
{
    /// <summary>The width it is drawn in where another was asked for.</summary>
    public FigureWidth Fitting(FigureWidth wanted) => wanted > Narrowest ? wanted : Narrowest;
}
