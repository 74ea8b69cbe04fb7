using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Results;

namespace MerBench.Host.Runs.Executors;

/// <summary>
/// Computes first the cells that run no code of others, then those of each group of guests in worker processes of their own: who crashes,
/// or changes what the host cannot put back, does so to nobody else.
/// </summary>
/// <param name="createOwn">Who computes the cells without guests.</param>
internal sealed class GuestsApartExecutor(RunSession session, Func<ICellExecutor> createOwn) : ICellExecutor
{
    public void Run(IReadOnlyList<Cell> cells, Action<CellOutcome> done, CancellationToken cancel)
    {
        foreach (var group in Guests.Group(session.Plan.Definition, cells).OrderBy(g => g.Key.Length > 0))
        {
            using ICellExecutor executor = group.Key.Length == 0 ? createOwn() : new WorkerProcessExecutor(session);
            executor.Run([.. group], done, cancel);
        }
    }

    public void Dispose() { }
}
