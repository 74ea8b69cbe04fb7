namespace MerBench.Host.Runs.Executors;

/// <summary>Who computes the cells of a run.</summary>
internal static class CellExecutors
{
    /// <summary>This process where there is one device, else a worker process for each.</summary>
    public static ICellExecutor Create(RunSession session) =>
        session.Devices.Count == 1 ? new InProcessExecutor(session) : new WorkerProcessExecutor(session);
}
