using System.Diagnostics;
using System.Globalization;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Torch;

namespace MerBench.Host.Runs.Executors;

/// <summary>A place for a worker process: processes come and go there.</summary>
internal sealed class Worker(int number, TorchDevice device)
{
    public int Number => number;

    public string Name { get; } = string.Create(CultureInfo.InvariantCulture, $"worker {number + 1} on {device.Name}");

    public TorchDevice Device => device;

    public WorkerProcess? Process { get; private set; }

    /// <summary>Counts the processes that were started here.</summary>
    public int Life { get; private set; }

    public bool IsReady { get; set; }

    /// <summary>Whether the process is of no use after its cell.</summary>
    public bool IsSpent { get; set; }

    /// <summary>The cell it computes.</summary>
    public Cell? Cell { get; private set; }

    /// <summary>Whether the cell's model was ready.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Cells that the process has finished.</summary>
    public int CellsDone { get; private set; }

    /// <summary>Processes in a row that ended without having been given a cell.</summary>
    public int Idle { get; set; }

    public WorkWatch Watch { get; private set; } = new();

    public void Start(Func<int, WorkerProcess> start)
    {
        Process?.Dispose();
        (IsReady, IsSpent, CellsDone, Watch) = (false, false, 0, new WorkWatch());
        Life++;
        Process = start(Life);
    }

    public void Give(Cell cell)
    {
        (Cell, HasBegun) = (cell, false);
        Watch.Hear();
    }

    /// <summary>The cell begins, or begins again.</summary>
    public void Begin()
    {
        HasBegun = true;
        Watch.Begin();
    }

    public void FinishCell()
    {
        Cell = null;
        CellsDone++;
    }
}

/// <summary>When a worker was last heard of, and since when it is at its cell.</summary>
internal sealed class WorkWatch
{
    private long _heard = Stopwatch.GetTimestamp();
    private long _begun = Stopwatch.GetTimestamp();

    public TimeSpan Silence => Stopwatch.GetElapsedTime(_heard);

    public TimeSpan SinceCell => Stopwatch.GetElapsedTime(_begun);

    public void Hear() => _heard = Stopwatch.GetTimestamp();

    public void Begin() => _begun = Stopwatch.GetTimestamp();
}
