using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Events;

namespace MerBench.Host.Runs.Executors;

/// <summary>Who computes the cells of a run.</summary>
internal static class CellExecutors
{
    /// <summary>
    /// This process where there is one device, else a worker process for each. Cells that run code of others get worker processes of their
    /// own, unless the user wants none; with a limit of memory, all cells get some.
    /// </summary>
    public static ICellExecutor Create(RunSession session)
    {
        BenchmarkDefinition definition = session.Plan.Definition;
        if (session.Request.FindIsolation(definition) == Isolation.None)
        {
            if (definition.Memory is { } memory && session.Devices.Count == 1)
                session.Tell(new RunEvent.NotIsolated($"'evaluation: memory' ({memory}) is not watched over without isolation"));
            return CreateOwn(session, isLimited: false);
        }

        if (session.Request.WorkerCommand is not null)
            return new GuestsApartExecutor(session, () => CreateOwn(session, isLimited: definition.Memory is not null));
        if (Guests.Warn(session.Plan) is { } warning)
            session.Tell(new RunEvent.NotIsolated(warning));
        return CreateOwn(session, isLimited: false);
    }

    private static ICellExecutor CreateOwn(RunSession session, bool isLimited) =>
        session.Devices.Count == 1 && !isLimited ? new InProcessExecutor(session) : new WorkerProcessExecutor(session);
}
