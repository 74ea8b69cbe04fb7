using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Results;

namespace MerBench.Host.Runs.Executors;

/// <summary>Computes cells: in this process, in worker processes, or elsewhere.</summary>
internal interface ICellExecutor : IDisposable
{
    /// <summary>Computes cells, in any order; each one is done once, finished or failed.</summary>
    void Run(IReadOnlyList<Cell> cells, Action<CellOutcome> done, CancellationToken cancel);
}
