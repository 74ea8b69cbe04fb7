using MerBench.Host.Cells;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Events;
using MerBench.Host.Results;
using MerBench.Host.Runs.Executors;

namespace MerBench.Host.Runs;

/// <summary>Takes the cells of a plan: finished ones from the store, the others from those who compute.</summary>
internal sealed class CellSchedule(RunSession session)
{
    /// <summary>An outcome for each cell, in the plan's order.</summary>
    public IReadOnlyList<CellOutcome> Run(ICellExecutor executor, CancellationToken cancel)
    {
        // Whether a cell is finished is decided by its name; its results are read after all have been counted.
        HashSet<Cell> anew = FirstCellsOfDamagedModels();
        ILookup<bool, Cell> cells = session.Plan.Cells.ToLookup(cell =>
            session.Store.FindCell(session.Keys.Cell(cell)) is not null && !anew.Contains(cell)
        );
        int modelsToTrain = cells[false]
            .SelectMany(cell => session.Plan.Definition.WithParts(cell.Model).Select(model => (Model: model, cell.Seed)))
            .Where(m => ModelProvider.NeedsStore(m.Model))
            .Select(m => session.Keys.Model(m.Model, m.Seed))
            .Distinct(StringComparer.Ordinal)
            .Count(key => session.Store.FindModel(key) is null);
        session.Tell(new RunEvent.Resumed(cells[true].Count(), cells[false].Count(), modelsToTrain, session.Devices.Count));

        var outcomes = new CellOutcome[session.Plan.Cells.Count];
        var left = new List<Cell>(cells[false]);
        foreach (Cell cell in cells[true])
        {
            cancel.ThrowIfCancellationRequested();
            if (session.Store.ReadCell(session.Keys.Cell(cell)) is { } result)
                Done(new CellOutcome(cell, result, null, FromStore: true));
            else
                left.Add(cell);
        }

        executor.Run(left, Done, cancel);
        return outcomes;

        void Done(CellOutcome outcome)
        {
            outcomes[outcome.Cell.Index] = outcome;
            session.Tell(new RunEvent.CellFinished(outcome));
        }
    }

    // Results tell how a model was trained also where all its cells are finished. One that is damaged is trained again with its first cell.
    private HashSet<Cell> FirstCellsOfDamagedModels() =>
        [
            .. session
                .Plan.Cells.GroupBy(ModelOf, StringComparer.Ordinal)
                .Where(cells => session.Store.FindModel(cells.Key) is not null && session.Store.ReadTraining(cells.Key) is null)
                .Select(cells => cells.First()),
        ];

    private string ModelOf(Cell cell) => session.Keys.Model(cell.Model, cell.Seed);
}
