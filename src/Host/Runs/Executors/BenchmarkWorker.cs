using System.Collections.Concurrent;
using System.Diagnostics;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Events;
using MerBench.Host.IO;
using MerBench.Host.Results;
using MerBench.Host.Torch;

namespace MerBench.Host.Runs.Executors;

/// <summary>The story of a worker process: read what to work on, prepare as the run did, then compute the cells that it is told to, one
/// after the other.</summary>
public static class BenchmarkWorker
{
    private static readonly TimeSpan BetweenProgress = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan BetweenSigns = TimeSpan.FromSeconds(1);

    /// <summary>Works until there is nothing more to read, or it is told to end; when that happens in the middle of a cell, the cell is
    /// given up.</summary>
    /// <param name="input">The request, then a line for each cell.</param>
    /// <param name="output">Takes the events, a line each; nothing else may write to it.</param>
    /// <exception cref="UserErrorException">The benchmark is not what the run took it for, or this process cannot compute.</exception>
    public static void Run(TextReader input, TextWriter output, CancellationToken end)
    {
        if (input.ReadLine() is not { } first)
            return;
        WorkerRequest asked = WorkerWire.Read<WorkerRequest>(first);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(end);
        using var orders = new BlockingCollection<WorkerOrder>();
        Listen(input, orders, stop);
        try
        {
            Work(asked, orders, output, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested) { }
    }

    private static void Work(WorkerRequest asked, BlockingCollection<WorkerOrder> orders, TextWriter output, CancellationToken cancel)
    {
        var request = new RunRequest(asked.File, asked.Plugins)
        {
            Cache = asked.Cache,
            LibTorch = asked.LibTorch,
            Devices = DeviceNames.Parse(asked.Device),
            Threads = asked.Threads,
        };
        RunPlan plan = BenchmarkRun.Plan(request);
        Action<RunEvent> tell = WriteTo(new WorkerWire(plan), output);
        try
        {
            Work(request, plan, asked, orders, tell, cancel);
        }
        catch (IOException e) when (DiskException.IsMeantBy(e))
        {
            tell(new RunEvent.WorkerCannotStore(e.Message));
            throw;
        }
    }

    private static void Work(
        RunRequest request,
        RunPlan plan,
        WorkerRequest asked,
        BlockingCollection<WorkerOrder> orders,
        Action<RunEvent> tell,
        CancellationToken cancel
    )
    {
        using var session = RunSession.Open(request, plan, SkipPreparation(tell), cancel);
        using var executor = new InProcessExecutor(session);
        using var signs = new Timer(_ => TellAlive(executor, tell), null, BetweenSigns, BetweenSigns);
        tell(new RunEvent.WorkerReady(session.Device.Name, Environment.ProcessId));
        foreach (WorkerOrder order in orders.GetConsumingEnumerable())
        {
            if (order.Cell >= plan.Cells.Count || session.Keys.Cell(plan.Cells[order.Cell]) != order.Key)
                throw new UserErrorException($"{asked.File}, its data or its plugins changed after the run had begun: run it again.");
            executor.Run([plan.Cells[order.Cell]], Answer, cancel);
        }

        void Answer(CellOutcome outcome)
        {
            if (session.Thread.HasAbandonedWork)
                tell(new RunEvent.WorkerSpent());
            tell(new RunEvent.CellFinished(outcome));
        }
    }

    private static void TellAlive(InProcessExecutor executor, Action<RunEvent> tell)
    {
        if (executor.SilenceOfModel > BetweenSigns * 2)
            return;
        try
        {
            tell(new RunEvent.WorkerAlive());
        }
        catch (IOException)
        {
            // The run is gone, which the end of the orders tells too.
        }
    }

    // The run has told of data and arithmetic already.
    private static Action<RunEvent> SkipPreparation(Action<RunEvent> tell) =>
        happened =>
        {
            switch (happened)
            {
                case RunEvent.Preparing:
                    tell(new RunEvent.WorkerAlive());
                    break;
                case RunEvent.DataRemarked or RunEvent.ArithmeticChosen:
                    break;
                default:
                    tell(happened);
                    break;
            }
        };

    // A thread of its own, since reading cannot be cancelled; the end of the input also ends a cell that is being computed.
    private static void Listen(TextReader input, BlockingCollection<WorkerOrder> orders, CancellationTokenSource stop) =>
        new Thread(() =>
        {
            try
            {
                while (input.ReadLine() is { } line)
                    orders.Add(WorkerWire.Read<WorkerOrder>(line));
                orders.CompleteAdding();
                stop.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It was told to end meanwhile.
            }
        })
        {
            IsBackground = true,
            Name = "orders",
        }.Start();

    private static Action<RunEvent> WriteTo(WorkerWire wire, TextWriter output)
    {
        var gate = new Lock();
        long last = 0;
        return happened =>
        {
            lock (gate)
            {
                if (happened is RunEvent.CellProgressed or RunEvent.WorkerAlive && Stopwatch.GetElapsedTime(last) < BetweenProgress)
                    return;
                last = Stopwatch.GetTimestamp();
                output.WriteLine(wire.Write(happened));
                output.Flush();
            }
        };
    }
}
