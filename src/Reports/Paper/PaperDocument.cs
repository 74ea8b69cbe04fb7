using System.Text;
using MerBench.Host.Bibliography;
using MerBench.Host.IO;
using MerBench.Host.Results;
using MerBench.Reports.Bibliography;
using MerBench.Reports.Figures;

namespace MerBench.Reports.Paper;

/// <summary>What a paper takes from a run: tables, figures, methods, bibliography.</summary>
internal static class PaperDocument
{
    public static string Tables(RunResults results)
    {
        var text = new StringBuilder(
            $"% Tables of the run '{TexText.ToAscii(results.Benchmark)}', written by MerBench {results.Environment.MerBench}. They need "
                + $"\\usepackage{{booktabs}}.\n\n"
        );
        foreach (PaperTable table in PaperTables.All(results))
            LatexTable.Append(text, table, Label(results));
        return text.ToString();
    }

    public static string TablesInMarkdown(RunResults results)
    {
        var text = new StringBuilder();
        foreach (PaperTable table in PaperTables.All(results))
            table.AppendMarkdown(text);
        return text.ToString();
    }

    /// <summary>Writes the methods in Markdown at the path and in LaTeX beside it.</summary>
    public static IReadOnlyList<string> WriteMethods(RunResults results, string path)
    {
        string latex = Path.ChangeExtension(path, ".tex");
        AtomicFile.Write(path, MethodsText.Markdown(results));
        AtomicFile.Write(latex, MethodsText.Latex(results));
        return [path, latex];
    }

    /// <summary>Writes everything into a folder: <c>tables.tex</c>, <c>tables.md</c>, <c>methods.tex</c>, <c>methods.md</c>,
    /// <c>references.bib</c>, <c>figures.tex</c>, <c>figures/</c>.</summary>
    public static IReadOnlyList<string> Write(RunFolder run, string folder, FigureWidth width)
    {
        RunResults results = run.ReadResults();
        var files = new List<string>();
        foreach (
            (string name, string content) in new[]
            {
                ("tables.tex", Tables(results)),
                ("tables.md", TablesInMarkdown(results)),
                ("references.bib", RunBibliography.Collect(results).ToBibTex()),
                ("figures.tex", Figures(results, RunFigures.List(results, run), width)),
            }
        )
        {
            files.Add(Path.Combine(folder, name));
            AtomicFile.Write(files[^1], content);
        }

        return
        [
            .. files,
            .. WriteMethods(results, Path.Combine(folder, "methods.md")),
            .. RunFigures.WriteAll(results, run, Path.Combine(folder, "figures"), width),
        ];
    }

    // Figures at their size in print.
    private static string Figures(RunResults results, IEnumerable<RunFigure> figures, FigureWidth width)
    {
        var text = new StringBuilder("% Figures of the run. They need \\usepackage{graphicx}.\n\n");
        foreach (RunFigure figure in figures)
        {
            string environment = figure.Fitting(width) == FigureWidth.One ? "figure" : "figure*";
            text.Append(
                $$"""
                \begin{{{environment}}}[tbp]
                  \centering
                  \includegraphics{figures/{{figure.Name}}.pdf}
                  \caption{{{TexText.Escape(figure.Caption)}}}
                  \label{fig:{{Label(results)}}-{{figure.Name}}}
                \end{{{environment}}}


                """
            );
        }

        return text.ToString();
    }

    private static string Label(RunResults results) => string.Concat(results.Benchmark.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));
}
