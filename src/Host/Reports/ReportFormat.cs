using MerBench.Host.Reports.Html;
using MerBench.Host.Results;

namespace MerBench.Host.Reports;

/// <summary>A form in which a run can be reported.</summary>
/// <param name="Id">As <c>merbench report --format</c> takes it.</param>
/// <param name="FileName">Where it is written in the run's folder, unless told otherwise.</param>
/// <param name="Write">Writes it to a path; gives all files that were written.</param>
public sealed record ReportFormat(string Id, string FileName, Func<RunFolder, string, IReadOnlyList<string>> Write)
{
    public static IReadOnlyList<ReportFormat> All { get; } =
    [
        OneFile("html", RunReport.FileName, (run, path) => RunReport.Create(run).Write(path)),
        OneFile("markdown", "results.md", (run, path) => MarkdownReport.Write(run.ReadResults(), path)),
    ];

    private static ReportFormat OneFile(string id, string fileName, Action<RunFolder, string> write) => new(id, fileName, (run, path) =>
    {
        write(run, path);
        return [path];
    });
}
