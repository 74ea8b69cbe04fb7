using MerBench.Host.Events;
using MerBench.Host.IO;
using MerBench.Host.Results;
using MerBench.Host.Runs;
using MerBench.Reports.Figures;
using MerBench.Reports.Html;
using MerBench.Reports.Listening;
using MerBench.Reports.Markdown;

namespace MerBench.Reports;

/// <summary>Everything that a run leaves beside its results: the tables for people, audible examples, the page, figures.</summary>
/// <param name="withReport">Whether the page, figures and sound are made; without them it is <c>results.md</c> alone.</param>
public sealed class RunArtifacts(bool withReport = true) : IRunArtifacts
{
    /// <summary>What somebody opens first, in the run's folder.</summary>
    public string MainFiles => withReport ? $"{RunReport.FileName}, results.md, results.json" : "results.md, results.json";

    public string Name => withReport ? "report" : "tables";

    public bool Write(OpenRun run, CancellationToken cancel)
    {
        bool isWhole = true;
        RunResults results = run.Finished.Results;
        Action<RunEvent> tell = run.Session.Tell;
        Try("results.md", () => MarkdownReport.Write(results, Path.Combine(run.Folder, "results.md")));
        if (!withReport)
            return isWhole;
        Try(
            "audio",
            () =>
            {
                using var listening = new RunListening(run.Session);
                listening.WriteSome(run.Outcomes, run.Finished.Conditions, Path.Combine(run.Folder, RunListening.Folder), cancel);
            }
        );
        tell(new RunEvent.Summarising("writing the report"));
        Try(
            RunReport.FileName,
            () => RunReport.Create(RunFolder.Open(run.Folder), results).Write(Path.Combine(run.Folder, RunReport.FileName))
        );
        if (FigureWriter.Obstacle() is { } obstacle)
            tell(new RunEvent.LeftOut("figures", obstacle));
        else
            Try("figures", () => RunFigures.WriteStandard(results, RunFolder.Open(run.Folder), Path.Combine(run.Folder, "figures")));

        return isWhole;

        // The results stand without it.
        void Try(string what, Action write)
        {
            if (SideOutput.Write(write) is not { } reason)
                return;
            isWhole = false;
            tell(new RunEvent.LeftOut(what, reason));
        }
    }
}
