using System.Collections.Concurrent;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Events;
using MerBench.Host.Results;

namespace MerBench.Host.Runs.Executors;

/// <summary>
/// Computes cells in worker processes, one a device: hands out one cell at a time and follows what workers answer. A worker that dies is
/// started again; the cell that it was at is tried once more, then fails. One that exceeds a limit is ended, and its cell fails at once.
/// </summary>
internal sealed class WorkerProcessExecutor(RunSession session) : ICellExecutor
{
    private const int MostIdleEnds = 2;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly WorkerWire _wire = new(session.Plan);
    private readonly BlockingCollection<(Worker Worker, int Life, WorkerNews News)> _news = [];
    private readonly HashSet<Cell> _diedBefore = new(ReferenceEqualityComparer.Instance);
    private readonly List<Worker> _workers = [];
    private readonly WorkLimits _limits = new(session.Plan.Definition);
    private WorkQueue _queue = null!;
    private Action<CellOutcome> _done = null!;

    /// <exception cref="UserErrorException">No worker can start; the message says what the last one said
    /// (<see cref="ErrorKind.Environment"/>).</exception>
    /// <exception cref="IOException">A worker cannot store what it computes.</exception>
    public void Run(IReadOnlyList<Cell> cells, Action<CellOutcome> done, CancellationToken cancel)
    {
        if (cells.Count == 0)
            return;
        (_queue, _done) = (new WorkQueue(cells, ModelsOf, IsReady), done);
        for (int i = 0; i < Math.Min(session.Devices.Count, cells.Count); i++)
            _workers.Add(new Worker(i, session.Devices[i]));
        foreach (Worker worker in _workers)
            Start(worker);
        while (!_queue.IsEmpty || _workers.Exists(w => w.Cell is not null))
        {
            if (_news.TryTake(out var next, (int)BetweenLooks.TotalMilliseconds, cancel) && next.Life == next.Worker.Life)
                Follow(next.Worker, next.News);
            foreach (Worker worker in _workers)
                EnforceLimits(worker);
            foreach (Worker idle in _workers.Where(w => w.IsReady && w.Cell is null))
                HandOut(idle);
        }
    }

    public void Dispose()
    {
        foreach (Worker worker in _workers)
            worker.Process?.Stop();
        foreach (Worker worker in _workers)
        {
            worker.Process?.Await(Patience);
            worker.Process?.Dispose();
        }

        _news.Dispose();
    }

    private void Start(Worker worker)
    {
        IReadOnlyList<string> command =
            session.Request.WorkerCommand
            ?? throw new UserErrorException(
                "Several devices share a run in worker processes, which only the tool can start: name one device here."
            );
        var request = new WorkerRequest(
            session.Request.File,
            session.Request.Plugins,
            session.Request.CacheFolder,
            session.Request.LibTorch,
            worker.Device.Name,
            worker.Device.Threads
        );
        worker.Start(life => new WorkerProcess(command, request, news => _news.Add((worker, life, news))));
    }

    private void HandOut(Worker worker)
    {
        if (_queue.Next(worker.Number) is not { } cell)
            return;
        worker.Give(cell);
        worker.Process!.Send(new WorkerOrder(cell.Index, session.Keys.Cell(cell)));
    }

    private void Follow(Worker worker, WorkerNews news)
    {
        worker.Watch.Hear();
        switch (news)
        {
            case WorkerNews.Answered { Line: var line } when _wire.ReadEvent(line) is { } happened:
                Follow(worker, happened);
                break;
            case WorkerNews.Answered { Line: var line }:
                session.Tell(new RunEvent.WorkerSaid(worker.Name, line));
                break;
            case WorkerNews.Said { Line: var line }:
                session.Tell(new RunEvent.WorkerSaid(worker.Name, line));
                break;
            case WorkerNews.Ended ended:
                FollowEnd(worker, ended.Describe());
                break;
        }
    }

    private void Follow(Worker worker, RunEvent happened)
    {
        switch (happened)
        {
            case RunEvent.WorkerReady ready:
                worker.IsReady = true;
                session.Tell(ready with { Worker = worker.Name });
                break;
            case RunEvent.WorkerCannotStore { Reason: var reason }:
                throw new IOException(reason);
            case RunEvent.CellFinished { Outcome: var outcome }:
                End(worker, outcome);
                if (worker.IsSpent)
                    Replace(worker);
                break;
            case RunEvent.CellBegun { Cell: var cell }:
                worker.Begin();
                _queue.Ready(ModelsOf(cell)[0]);
                session.Tell(happened);
                break;
            case RunEvent.BatchHalved:
                worker.Begin();
                session.Tell(happened);
                break;
            case RunEvent.WorkerAlive:
                break;
            case RunEvent.WorkerSpent:
                worker.IsSpent = true;
                break;
            case RunEvent.Trained trained:
                _queue.Ready(trained.Outcome.Key);
                session.Tell(happened);
                break;
            default:
                session.Tell(happened);
                break;
        }
    }

    private void End(Worker worker, CellOutcome outcome)
    {
        bool hasBegun = worker.HasBegun;
        worker.FinishCell();
        _queue.Release(worker.Number);
        _done(outcome);
        // What fails before the model is ready fails for all its cells.
        if (outcome.Failure is { } reason && !hasBegun)
            foreach (Cell cell in _queue.TakeAll(ModelsOf(outcome.Cell)[0]))
                _done(new CellOutcome(cell, null, reason, FromStore: false));
    }

    private void FollowEnd(Worker worker, string how)
    {
        worker.IsReady = false;
        if (worker.IsSpent && worker.Cell is null)
            return;
        worker.Idle = worker.Cell is null ? worker.Idle + 1 : 0;
        GiveUpCell(worker, how);
        if (_queue.IsEmpty)
            return;
        if (worker.Idle < MostIdleEnds)
            Start(worker);
        else if (_workers.TrueForAll(w => w.Idle >= MostIdleEnds))
            throw new UserErrorException(
                $"No worker process could start: {worker.Name} {how}. Finished cells are kept; --isolation none with one device "
                    + $"does without worker processes.",
                ErrorKind.Environment
            );
    }

    private void GiveUpCell(Worker worker, string how)
    {
        bool isTriedAgain = worker.Cell is not null && _diedBefore.Add(worker.Cell);
        session.Tell(new RunEvent.WorkerLost(worker.Name, how, isTriedAgain ? worker.Cell : null));
        if (worker.Cell is not { } cell)
            return;
        if (isTriedAgain)
        {
            TakeBack(worker, cell);
        }
        else
        {
            string when = worker.HasBegun ? "" : "model not ready: ";
            End(worker, new CellOutcome(cell, null, $"{when}two worker processes died at it: the last one {how}", FromStore: false));
        }
    }

    private void TakeBack(Worker worker, Cell cell)
    {
        worker.FinishCell();
        _queue.Release(worker.Number);
        _queue.PutBack(cell);
    }

    // What earlier cells left in the memory of a process is not this cell's.
    private void EnforceLimits(Worker worker)
    {
        if (_limits.FindTooLong(worker) is { } tooLong)
            Fail(worker, worker.Cell!, tooLong);
        else if (_limits.FindTooLarge(worker) is { } tooLarge)
            EndTooLarge(worker, tooLarge);
    }

    private void EndTooLarge(Worker worker, string reason)
    {
        switch (worker)
        {
            case { IsReady: false }:
                worker.Process!.Kill();
                FollowEnd(worker, $"was ended: {reason}");
                break;
            case { Cell: { } cell, CellsDone: 0 }:
                Fail(worker, cell, worker.HasBegun ? reason : $"model not ready: {reason}");
                break;
            case { CellsDone: 0 }:
                break; // Its first cell will be told.
            default:
                if (worker.Cell is { } again)
                    TakeBack(worker, again);
                Replace(worker);
                break;
        }
    }

    private void Fail(Worker worker, Cell cell, string reason)
    {
        session.Tell(new RunEvent.WorkerLost(worker.Name, $"was ended: {reason}", null));
        End(worker, new CellOutcome(cell, null, reason, FromStore: false));
        Replace(worker);
    }

    private void Replace(Worker worker)
    {
        worker.Process!.Kill();
        worker.IsReady = false;
        if (!_queue.IsEmpty)
            Start(worker);
        else
            worker.IsSpent = true;
    }

    private IReadOnlyList<string> ModelsOf(Cell cell) =>
        [.. session.Plan.Definition.Asked(cell.Model, cell.Perturbation).Select(model => session.Keys.Model(model, cell.Seed))];

    private bool IsReady(string key) => session.Store.FindModel(key) is not null;
}
