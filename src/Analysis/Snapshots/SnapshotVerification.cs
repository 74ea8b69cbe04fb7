using MerBench.Host;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Events;
using MerBench.Host.IO;
using MerBench.Host.Results;
using MerBench.Host.Runs;

namespace MerBench.Analysis.Snapshots;

/// <summary>The story of <c>verify</c>: read what was accepted, run, compare, leave a received file where something moved.</summary>
public static class SnapshotVerification
{
    /// <summary>Runs a benchmark and compares it with its snapshot. A comparison within tolerances never rewrites the snapshot.</summary>
    /// <exception cref="UserErrorException">The user's input or environment is wrong; nothing was run.</exception>
    /// <exception cref="OperationCanceledException">The user stopped the run; finished cells are kept.</exception>
    public static BenchmarkVerification Execute(
        RunRequest request,
        IRunArtifacts? artifacts,
        Action<RunEvent> tell,
        CancellationToken cancel
    )
    {
        Snapshot? accepted = SnapshotFile.Read(SnapshotFile.Verified(request.File));
        BenchmarkDefinition definition = BenchmarkRun.Plan(request).Definition;
        FinishedRun run = BenchmarkRun.Execute(request, artifacts, tell, cancel);
        RunResults results = run.Results;
        Snapshot received = Snapshot.Create(run);
        IReadOnlyList<ConditionComparison> conditions = SnapshotComparison.Compare(
            accepted ?? received with { Cells = new Dictionary<string, SnapshotCell>(StringComparer.Ordinal) },
            received,
            results.Cells,
            definition
        );
        bool moved = conditions.Any(c => c.Verdict != SnapshotVerdict.Same);
        string path = SnapshotFile.Received(request.File);
        // The verdict stands where the file cannot.
        string? unwritten = SideOutput.Write(() =>
        {
            if (moved)
                SnapshotFile.Write(path, received);
            else
                File.Delete(path);
        });
        if (unwritten is not null)
            tell(new RunEvent.LeftOut(moved ? path : $"removal of {path}", unwritten));
        return new BenchmarkVerification(
            request.File,
            results.Benchmark,
            HasSnapshot: accepted is not null,
            SnapshotFile.Verified(request.File),
            moved && unwritten is null ? path : null,
            results.Environment.Device,
            results.Environment.Seconds,
            conditions
        );
    }
}

/// <summary>A benchmark against its snapshot.</summary>
/// <param name="File">The benchmark file, as the user named it.</param>
/// <param name="HasSnapshot">False where nothing was accepted before.</param>
/// <param name="Received">Path of the received file; null where nothing moved.</param>
public sealed record BenchmarkVerification(
    string File,
    string Benchmark,
    bool HasSnapshot,
    string Verified,
    string? Received,
    string Device,
    double Seconds,
    IReadOnlyList<ConditionComparison> Conditions
)
{
    /// <summary>The worst verdict.</summary>
    public SnapshotVerdict Verdict => Conditions.Count == 0 ? SnapshotVerdict.Same : Conditions.Max(c => c.Verdict);

    /// <summary>Cells with a verdict.</summary>
    public int Count(SnapshotVerdict verdict) => Conditions.Sum(c => c.Cells.Count(cell => cell.Verdict == verdict));

    /// <summary>Whether the snapshot does not hold: cells that regressed, or that only one of the two has.</summary>
    /// <param name="strict">Whether cells that improved, or of which one cannot tell, break it too.</param>
    public bool IsBroken(bool strict) => Conditions.SelectMany(c => c.Cells).Any(c => Breaks(c.Verdict, strict));

    public static bool Breaks(SnapshotVerdict verdict, bool strict) =>
        verdict is SnapshotVerdict.Regressed or SnapshotVerdict.New or SnapshotVerdict.Missing
        || (strict && verdict is SnapshotVerdict.Improved or SnapshotVerdict.CannotTell);
}
