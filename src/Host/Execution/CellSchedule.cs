using MerBench.Host.Matrix;
using MerBench.Host.Results;

namespace MerBench.Host.Execution;

/// <summary>Takes the cells of a plan: finished ones from the store, the others from those who compute.</summary>
internal sealed class CellSchedule(RunPlan plan, ResultStore store, RunKeys keys, Action<RunEvent> tell)
{
    /// <summary>An outcome for each cell, in the plan's order.</summary>
    /// <param name="workers">How many work at the same time.</param>
    public IReadOnlyList<CellOutcome> Run(ICellWork work, int workers, CancellationToken cancel)
    {
        // Whether a cell is finished is decided by its name; its results are read after all have been counted.
        ILookup<bool, Cell> cells = plan.Cells.ToLookup(cell => store.FindCell(keys.Cell(cell)) is not null);
        int modelsToTrain = cells[false]
            .Select(cell => keys.Model(cell.Model, cell.Seed))
            .Distinct(StringComparer.Ordinal)
            .Count(key => store.FindModel(key) is null);
        tell(new RunEvent.Resumed(cells[true].Count(), cells[false].Count(), modelsToTrain, workers));

        var outcomes = new CellOutcome[plan.Cells.Count];
        var left = new List<Cell>(cells[false]);
        foreach (Cell cell in cells[true])
        {
            cancel.ThrowIfCancellationRequested();
            if (store.ReadCell(keys.Cell(cell)) is { } result)
                Done(new CellOutcome(cell, result, null, FromStore: true));
            else
                left.Add(cell);
        }

        work.Run(left, Done, cancel);
        return outcomes;

        void Done(CellOutcome outcome)
        {
            outcomes[outcome.Cell.Index] = outcome;
            tell(new RunEvent.CellFinished(outcome));
        }
    }
}

/// <summary>Those who compute cells: this process, or workers.</summary>
internal interface ICellWork : IDisposable
{
    /// <summary>Computes cells, in any order; each one is done once, finished or failed.</summary>
    void Run(IReadOnlyList<Cell> cells, Action<CellOutcome> done, CancellationToken cancel);
}
