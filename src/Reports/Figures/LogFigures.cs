using MerBench.Host.Results;

namespace MerBench.Reports.Figures;

/// <summary>The figures of attack logs.</summary>
public static class LogFigures
{
    /// <summary>Writes both figures as PNG, SVG and PDF. Harm needs two seeds of some system, and is left out where there are
    /// none.</summary>
    /// <param name="logs">Logs in the order of their systems.</param>
    /// <param name="emotions">Rows of the ratings figure.</param>
    /// <param name="seed">The trained models of the ratings figure; each system's first when null.</param>
    /// <param name="title">Over the harm figure.</param>
    public static void Write(
        IReadOnlyList<ClipLog> logs,
        IReadOnlyList<string> emotions,
        int? seed,
        string title,
        string harmPath,
        string ratingsPath
    )
    {
        var systems = logs.GroupBy(l => l.System, StringComparer.Ordinal).ToList();
        if (systems.Exists(s => s.Count() > 1))
            FigureWriter.Write(
                HarmFigure.Draw(
                    title,
                    [.. systems.Select(s => (s.Key, (IReadOnlyList<double>)[.. s.Select(log => log.Harm)]))],
                    Width(systems.Count)
                ),
                harmPath,
                FigureFiles.All
            );
        List<ClipLog> shown = [.. systems.Select(s => s.FirstOrDefault(l => seed is null || l.Seed == seed)).OfType<ClipLog>()];
        if (shown.Count > 0)
            FigureWriter.Write(RatingsFigure.Draw(shown, emotions, Width(shown.Count)), ratingsPath, FigureFiles.All);
    }

    private static FigureWidth Width(int systems) => systems > RatingsFigure.MostInOneColumn ? FigureWidth.Two : FigureWidth.One;
}
