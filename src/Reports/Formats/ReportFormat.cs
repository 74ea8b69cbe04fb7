using MerBench.Host.IO;
using MerBench.Host.Results;
using MerBench.Reports.Bibliography;
using MerBench.Reports.Figures;
using MerBench.Reports.Html;
using MerBench.Reports.Markdown;
using MerBench.Reports.Paper;

namespace MerBench.Reports.Formats;

/// <summary>A form in which a run can be reported.</summary>
/// <param name="Id">As <c>merbench report --format</c> takes it.</param>
/// <param name="FileName">The file, or the folder, that is written in the run's folder, unless told otherwise.</param>
/// <param name="Write">Writes it to a path, with figures of a width; gives all files that were written.</param>
public sealed record ReportFormat(string Id, string FileName, Func<RunFolder, string, FigureWidth, IReadOnlyList<string>> Write)
{
    public static IReadOnlyList<ReportFormat> All { get; } =
    [
        OneFile("html", RunReport.FileName, (run, path) => RunReport.Create(run).Write(path)),
        OneFile("markdown", "results.md", (run, path) => MarkdownReport.Write(run.ReadResults(), path)),
        OneFile("latex", "tables.tex", (run, path) => AtomicFile.Write(path, PaperDocument.Tables(run.ReadResults()))),
        OneFile("bibtex", "references.bib", (run, path) => AtomicFile.Write(path, RunBibliography.Collect(run.ReadResults()).ToBibTex())),
        new("methods", "methods.md", (run, path, _) => PaperDocument.WriteMethods(run.ReadResults(), path)),
        new("figures", "figures", (run, path, width) => RunFigures.WriteAll(run.ReadResults(), run, path, width)),
        new("paper", "paper", PaperDocument.Write),
    ];

    private static ReportFormat OneFile(string id, string fileName, Action<RunFolder, string> write) =>
        new(
            id,
            fileName,
            (run, path, _) =>
            {
                write(run, path);
                return [path];
            }
        );
}
