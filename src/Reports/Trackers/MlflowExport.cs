using MerBench.Host;
using MerBench.Host.Results;

namespace MerBench.Reports.Trackers;

/// <summary>What was written for MLflow.</summary>
/// <param name="To">The folder, or the server.</param>
/// <param name="Run">The id of the run above the cells.</param>
/// <param name="LeftOut">What could not be written, and why; null where all was.</param>
public sealed record MlflowExport(string To, string Experiment, string Run, int Cells, string? LeftOut)
{
    /// <summary>Writes a run for MLflow: one of its runs for the benchmark, and one a cell below it.</summary>
    /// <param name="to">A folder such as <c>mlruns</c>, or the address of a tracking server.</param>
    /// <param name="experiment">Where it belongs; null for the benchmark's name.</param>
    /// <exception cref="UserErrorException">The results cannot be read, or the server does not take them.</exception>
    public static MlflowExport Write(RunFolder run, string to, string? experiment, CancellationToken cancel)
    {
        TrackedStudy study = TrackedStudy.Create(run);
        if (experiment is not null)
            study = study with { Experiment = experiment };
        bool isServer = Uri.TryCreate(to, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https";
        if (!isServer)
            return Write(study, to, new MlflowFolder(to), cancel);
        using var server = new MlflowServer(address!, cancel);
        return Write(study, to, server, cancel);
    }

    private static MlflowExport Write(TrackedStudy study, string to, IMlflowStore store, CancellationToken cancel)
    {
        string whole = store.Write(study.Experiment, study.Whole, parent: null);
        foreach (TrackedRun cell in study.Cells)
        {
            cancel.ThrowIfCancellationRequested();
            store.Write(study.Experiment, cell, whole);
        }

        return new MlflowExport(to, study.Experiment, whole, study.Cells.Count, store.LeftOut);
    }
}
