using System.Collections.Concurrent;
using System.Globalization;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Events;
using MerBench.Host.Results;
using MerBench.Host.Torch;

namespace MerBench.Host.Runs.Executors;

/// <summary>
/// Computes cells on several devices, a worker process each: hands out one cell at a time and follows what workers answer. A worker that
/// dies is started again;
/// the cell that it was at is tried once more, then fails.
/// </summary>
internal sealed class WorkerProcessExecutor(RunSession session) : ICellExecutor
{
    private const int MostIdleEnds = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly WorkerWire _wire = new(session.Plan);
    private readonly BlockingCollection<(Worker Worker, int Life, WorkerNews News)> _news = [];
    private readonly HashSet<Cell> _diedBefore = new(ReferenceEqualityComparer.Instance);
    private readonly List<Worker> _workers = [];
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
            _workers.Add(
                new Worker(
                    i,
                    string.Create(CultureInfo.InvariantCulture, $"worker {i + 1} on {session.Devices[i].Name}"),
                    session.Devices[i]
                )
            );
        foreach (Worker worker in _workers)
            Start(worker);
        while (!_queue.IsEmpty || _workers.Exists(w => w.Cell is not null))
        {
            (Worker worker, int life, WorkerNews news) = _news.Take(cancel);
            if (life == worker.Life)
                Follow(worker, news);
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
        int life = ++worker.Life;
        worker.Process?.Dispose();
        worker.Process = new WorkerProcess(
            command,
            new WorkerRequest(
                session.Request.File,
                session.Request.Plugins,
                session.Request.CacheFolder,
                session.Request.LibTorch,
                worker.Device.Name,
                worker.Device.Threads
            ),
            news => _news.Add((worker, life, news))
        );
    }

    private void HandOut(Worker worker)
    {
        if (_queue.Next(worker.Number) is not { } cell)
            return;
        (worker.Cell, worker.HasBegun) = (cell, false);
        worker.Process!.Send(new WorkerOrder(cell.Index, session.Keys.Cell(cell)));
    }

    private void Follow(Worker worker, WorkerNews news)
    {
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
                FollowEnd(worker, ended);
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
                break;
            case RunEvent.CellBegun { Cell: var cell }:
                worker.HasBegun = true;
                _queue.Ready(ModelsOf(cell)[0]);
                session.Tell(happened);
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
        worker.Cell = null;
        _queue.Release(worker.Number);
        _done(outcome);
        // What fails before the model is ready fails for all its cells.
        if (outcome.Failure is { } reason && !worker.HasBegun)
            foreach (Cell cell in _queue.TakeAll(ModelsOf(outcome.Cell)[0]))
                _done(new CellOutcome(cell, null, reason, FromStore: false));
    }

    private void FollowEnd(Worker worker, WorkerNews.Ended ended)
    {
        string how = ended.Describe();
        worker.IsReady = false;
        worker.Idle = worker.Cell is null ? worker.Idle + 1 : 0;
        GiveUpCell(worker, how);
        if (_queue.IsEmpty)
            return;
        if (worker.Idle < MostIdleEnds)
            Start(worker);
        else if (_workers.TrueForAll(w => w.Idle >= MostIdleEnds))
            throw new UserErrorException(
                $"No worker process could start: {worker.Name} {how}. Finished cells are kept; --device with one device does without "
                    + $"worker processes.",
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
            worker.Cell = null;
            _queue.Release(worker.Number);
            _queue.PutBack(cell);
        }
        else
        {
            string when = worker.HasBegun ? "" : "model not ready: ";
            End(worker, new CellOutcome(cell, null, $"{when}two worker processes died at it: the last one {how}", FromStore: false));
        }
    }

    private IReadOnlyList<string> ModelsOf(Cell cell) =>
        [
            session.Keys.Model(cell.Model, cell.Seed),
            .. cell.Perturbation.Surrogates.Select(name =>
                session.Keys.Model(session.Plan.Definition.Models.First(m => m.Name == name), cell.Seed)
            ),
        ];

    private bool IsReady(string key) => session.Store.FindModel(key) is not null;

    /// <summary>A place for a worker process.</summary>
    private sealed class Worker(int number, string name, TorchDevice device)
    {
        public int Number => number;

        public string Name => name;

        public TorchDevice Device => device;

        public WorkerProcess? Process { get; set; }

        /// <summary>Counts the processes that were started here.</summary>
        public int Life { get; set; }

        public bool IsReady { get; set; }

        /// <summary>The cell it computes.</summary>
        public Cell? Cell { get; set; }

        /// <summary>Whether the cell's model was ready.</summary>
        public bool HasBegun { get; set; }

        /// <summary>Processes in a row that ended without having been given a cell.</summary>
        public int Idle { get; set; }
    }
}
