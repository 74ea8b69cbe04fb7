using MerBench.Host.Cells;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Events;
using MerBench.Host.Results;
using MerBench.Host.Runs;
using MerBench.Host.Runs.Executors;

namespace MerBench.Host.Distribution;

/// <param name="Plan">The folder of a plan that has to be the one that is seen here; null to make one.</param>
/// <param name="RetryFailed">Computes cells again that an earlier attempt of this plan failed at.</param>
public sealed record ShardRequest(Shard Shard, string? Plan, bool RetryFailed);

/// <param name="Finished">Cells of the shard that are in the store.</param>
/// <param name="Helped">Cells of other shards that were computed here.</param>
public sealed record ShardOutcome(Shard Shard, int Finished, int Helped, IReadOnlyList<FailedCell> Failures);

/// <summary>
/// The story of a shard: read or make the plan, take the own parts, the longest first, then help other shards that work in the same store.
/// The store is queue and result: whoever dies, is repeated or runs twice costs time, and nothing else.
/// </summary>
public sealed class ShardRun
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);

    private readonly RunSession _session;
    private readonly ShardRequest _asked;
    private readonly StudyPlan _plan;
    private readonly AttemptLog _log;
    private readonly Dictionary<string, FailedCell> _failed;
    private Attempt _attempt;
    private int _helped;

    private ShardRun(RunSession session, ShardRequest asked, StudyPlan plan)
    {
        (_session, _asked, _plan) = (session, asked, plan);
        _log = new AttemptLog(session.Store.Folder, plan.ComputeHash());
        IReadOnlyList<Attempt> before = _log.Read();
        _failed = asked.RetryFailed ? [] : AttemptLog.FindFailures(before);
        _attempt = _log.Begin(asked.Shard);
        FutileStarts.Refuse(before, _attempt, Environment.GetEnvironmentVariable);
    }

    /// <exception cref="UserErrorException">The benchmark is not what was planned, or cannot be run here.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; finished cells are kept.</exception>
    public static ShardOutcome Execute(RunRequest request, ShardRequest asked, Action<RunEvent> tell, CancellationToken cancel)
    {
        RunPlan cells = BenchmarkRun.Plan(request);
        StudyPlan? wanted = asked.Plan is null ? null : StudyPlan.Read(asked.Plan);
        tell(new RunEvent.Planned(cells));
        ShardRun? run = null;
        using var session = RunSession.Open(request with { Cache = request.CacheFolder }, cells, Note, cancel);
        var seen = StudyPlanner.Create(session);
        if (wanted?.DescribeDifference(seen) is { } difference)
            throw new UserErrorException(
                $"This is not what '{asked.Plan}' planned: {difference}. Plan again, or bring back what was planned; shards of two plans "
                    + $"cannot be merged."
            );
        run = new ShardRun(session, asked, seen);
        return run.Run(cancel);

        void Note(RunEvent happened)
        {
            if (happened is RunEvent.TrainingStepped)
                run?.Note(run._attempt with { HasTrained = true });
            tell(happened);
        }
    }

    private ShardOutcome Run(CancellationToken cancel)
    {
        IReadOnlyList<ShardPart> parts = ShardPlan.Divide(_plan, _asked.Shard.Count);
        ShardPart[] own = [.. parts.Where(p => p.Shard == _asked.Shard.Number)];
        Tell(own);
        _log.Write(_attempt);
        WorkAll(own, cancel);
        foreach (ShardPart part in HelpableParts(parts))
            TryWork(part, cancel);
        Note(_attempt with { HasEnded = true });
        PlannedCell[] cells = [.. own.SelectMany(p => p.Cells)];
        return new ShardOutcome(
            _asked.Shard,
            cells.Count(IsFinished),
            _helped,
            [.. cells.Where(c => _failed.ContainsKey(c.Key) && !IsFinished(c)).Select(c => _failed[c.Key])]
        );
    }

    // Parts that others work on wait until those are through, or gone.
    private void WorkAll(IReadOnlyList<ShardPart> parts, CancellationToken cancel)
    {
        IReadOnlyList<ShardPart> left = parts;
        while (true)
        {
            left = [.. left.Where(part => !TryWork(part, cancel))];
            if (left.Count == 0)
                return;
            cancel.WaitHandle.WaitOne(BetweenLooks);
            cancel.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Computes a part unless somebody else does at this moment; what is settled is not computed again.</summary>
    private bool TryWork(ShardPart part, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (part.Cells.All(IsSettled))
            return true;
        using Lease? ownPart = Take($"{part.Model.Key[..16]}-{part.Cells[0].Key[..16]}");
        if (ownPart is null)
            return false;
        // Another part of the same model may train it at this moment.
        using Lease? training = NeedsTraining(part) ? Take($"{part.Model.Key[..16]}-training") : null;
        if (training is null && NeedsTraining(part))
            return false;
        Note(_attempt with { HasBegun = true });
        using ICellExecutor executor = CellExecutors.Create(_session);
        Cell[] cells = [.. part.Cells.Where(c => !IsSettled(c)).Select(c => _session.Plan.Cells[c.Index])];
        executor.Run(cells, Finish, cancel);
        return true;

        void Finish(CellOutcome outcome)
        {
            // The model is there now, or has failed.
            training?.Dispose();
            Done(part, outcome);
        }
    }

    private void Note(Attempt attempt)
    {
        if (attempt == _attempt)
            return;
        _attempt = attempt;
        _log.Write(attempt);
    }

    private void Done(ShardPart part, CellOutcome outcome)
    {
        _session.Tell(new RunEvent.CellFinished(outcome));
        if (outcome.Failure is { } reason)
        {
            PlannedCell cell = part.Cells.First(c => c.Index == outcome.Cell.Index);
            _failed[cell.Key] = new FailedCell(cell.Key, cell.Name, reason);
            _attempt = _attempt with { Failures = [.. _attempt.Failures, _failed[cell.Key]] };
        }
        else
        {
            _attempt = _attempt with { Finished = _attempt.Finished + 1 };
        }

        if (part.Shard != _asked.Shard.Number)
            _helped++;
        _log.Write(_attempt);
    }

    // A shard that was never heard of here has another store, or has not begun: it is not worked for.
    private IEnumerable<ShardPart> HelpableParts(IReadOnlyList<ShardPart> parts)
    {
        HashSet<int> begun =
        [
            .. _log.Read()
                .Where(a => a.Shard.Count == _asked.Shard.Count && a.Shard.Number != _asked.Shard.Number)
                .Select(a => a.Shard.Number),
        ];
        // The last ones first: they are the least likely to be begun.
        return parts.Where(p => begun.Contains(p.Shard)).Reverse();
    }

    private void Tell(IReadOnlyList<ShardPart> own)
    {
        PlannedCell[] cells = [.. own.SelectMany(p => p.Cells)];
        int finished = cells.Count(IsFinished);
        _session.Tell(new RunEvent.Planned(_session.Plan with { Cells = [.. cells.Select(c => _session.Plan.Cells[c.Index])] }));
        _session.Tell(new RunEvent.Resumed(finished, cells.Length - finished, own.Count(NeedsTraining), _session.Devices.Count));
    }

    private Lease? Take(string key) => Lease.TryTake(_session.Store.Root, key, _attempt.ToString());

    private bool NeedsTraining(ShardPart part) =>
        ModelProvider.NeedsStore(_session.Plan.Cells[part.Cells[0].Index].Model) && _session.Store.FindModel(part.Model.Key) is null;

    private bool IsFinished(PlannedCell cell) => _session.Store.FindCell(cell.Key) is not null;

    private bool IsSettled(PlannedCell cell) => IsFinished(cell) || _failed.ContainsKey(cell.Key);
}
