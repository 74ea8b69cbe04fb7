using System.Text.Json;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Events;
using MerBench.Host.IO;
using MerBench.Host.Results;
using MerBench.Host.Runs;

namespace MerBench.Host.Distribution;

/// <param name="Stores">Folders in which shards kept their work; the request's own store is always looked at.</param>
/// <param name="Plan">The folder of the plan; null to make one from the file.</param>
public sealed record MergeRequest(IReadOnlyList<string> Stores, string? Plan);

/// <param name="Shard">Whose it is, where attempts say how many shards there were; else null.</param>
public sealed record MissingCell(string Name, int? Shard);

/// <summary>What stores hold together.</summary>
/// <param name="Finished">Null while cells are missing: nothing is summed up then.</param>
/// <param name="Taken">Entries that were copied into the request's store.</param>
/// <param name="Failed">Cells that attempts failed at, and that nobody finished.</param>
/// <param name="Missing">Cells that nobody tried to the end.</param>
public sealed record MergeOutcome(FinishedRun? Finished, int Taken, IReadOnlyList<FailedCell> Failed, IReadOnlyList<MissingCell> Missing)
{
    /// <summary>What shards did, the oldest first.</summary>
    public IReadOnlyList<Attempt> Attempts { get; init; } = [];
}

/// <summary>
/// The story of a merge: gather what shards finished into one store, tell failed from missing, and sum up as a run does that finds
/// everything in its store.
/// </summary>
public static class ShardMerge
{
    /// <exception cref="UserErrorException">The benchmark is not what was planned, or stores contradict each other.</exception>
    public static MergeOutcome Execute(
        RunRequest request,
        MergeRequest asked,
        IRunArtifacts? artifacts,
        Action<RunEvent> tell,
        CancellationToken cancel
    )
    {
        request = request with { ComputesElsewhere = true };
        MergeOutcome gathered = Gather(request, asked, tell, cancel);
        if (gathered.Missing.Count > 0)
            return gathered;
        Dictionary<string, string> failed = gathered.Failed.ToDictionary(f => f.Name, f => f.Reason, StringComparer.Ordinal);
        FinishedRun finished = BenchmarkRun.Execute(request, artifacts, tell, cancel, _ => new FailedCells(failed));
        return gathered with { Finished = finished };
    }

    private static MergeOutcome Gather(RunRequest request, MergeRequest asked, Action<RunEvent> tell, CancellationToken cancel)
    {
        using var session = RunSession.Open(request, BenchmarkRun.Plan(request), tell, cancel);
        var plan = StudyPlanner.Create(session);
        if (asked.Plan is not null && StudyPlan.Read(asked.Plan).DescribeDifference(plan) is { } difference)
            throw new UserErrorException($"This is not what '{asked.Plan}' planned: {difference}. Bring back what was planned.");
        ResultStore[] others = [.. asked.Stores.Select(Path.GetFullPath).Where(s => s != session.Store.Root).Select(OpenStore)];
        int taken = others.Sum(store => plan.Models.Sum(model => Take(session.Store, store, model, cancel)));
        Attempt[] attempts =
        [
            .. others.Append(session.Store).SelectMany(s => new AttemptLog(s.Folder, plan.ComputeHash()).Read()).OrderBy(a => a.Started),
        ];
        Dictionary<string, FailedCell> failures = AttemptLog.FindFailures(attempts);
        PlannedCell[] absent = [.. plan.ListCells().Where(c => session.Store.ReadCell(c.Key) is null)];
        ILookup<string, int> shards = FindShards(plan, attempts);
        return new MergeOutcome(
            null,
            taken,
            [.. absent.Where(c => failures.ContainsKey(c.Key)).Select(c => failures[c.Key])],
            [
                .. absent
                    .Where(c => !failures.ContainsKey(c.Key))
                    .Select(c => new MissingCell(c.Name, shards[c.Key].Cast<int?>().FirstOrDefault())),
            ]
        )
        {
            Attempts = attempts,
        };
    }

    private static ResultStore OpenStore(string path) =>
        Directory.Exists(path)
            ? new ResultStore(path)
            : throw new UserErrorException($"{path} does not exist. Name the stores of the shards, such as their .merbench folders.");

    private static int Take(ResultStore into, ResultStore from, PlannedModel model, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        int taken = from.CopyModel(model.Key, into) ? 1 : 0;
        foreach (PlannedCell cell in model.Cells)
        {
            if (from.ReadCell(cell.Key) is not { } theirs)
                continue;
            if (into.ReadCell(cell.Key) is not { } ours)
                taken += from.CopyCell(cell.Key, into) ? 1 : 0;
            else if (Describe(ours) != Describe(theirs))
                throw new UserErrorException(
                    $"{cell.Name} is in {into.Root} and in {from.Root} with other numbers. One of the two is wrong: machines that compute "
                        + $"differently, or a store that was changed by hand. Compare {into.FindCell(cell.Key)} with "
                        + $"{from.FindCell(cell.Key)}, and delete the wrong one."
                );
        }

        return taken;
    }

    // Time passes differently on every machine.
    private static string Describe(CellResult cell) => JsonSerializer.Serialize(cell with { Seconds = 0 }, ResultJson.Options);

    private static ILookup<string, int> FindShards(StudyPlan plan, IReadOnlyList<Attempt> attempts) =>
        attempts
            .Select(a => a.Shard.Count)
            .Distinct()
            .OrderByDescending(count => attempts.Count(a => a.Shard.Count == count))
            .Take(1)
            .SelectMany(count => ShardPlan.Divide(plan, count))
            .SelectMany(part => part.Cells.Select(c => (c.Key, part.Shard)))
            .ToLookup(c => c.Key, c => c.Shard, StringComparer.Ordinal);

    /// <summary>Says of cells that are not in the store what shards said of them.</summary>
    private sealed class FailedCells(IReadOnlyDictionary<string, string> reasons) : Runs.Executors.ICellExecutor
    {
        public void Run(IReadOnlyList<Cell> cells, Action<CellOutcome> done, CancellationToken cancel)
        {
            foreach (Cell cell in cells)
                done(
                    new CellOutcome(
                        cell,
                        null,
                        reasons.GetValueOrDefault(cell.Name) ?? "it was in the store when the merge began, and is not there any more",
                        FromStore: false
                    )
                );
        }

        public void Dispose() { }
    }
}
