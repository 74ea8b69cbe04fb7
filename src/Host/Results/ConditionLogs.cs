using MerBench.Host.Results.Tables;

namespace MerBench.Host.Results;

/// <summary>The clips of all models and seeds under one perturbation of one strength, read back from the store: once, for all that look at
/// them after a run.</summary>
/// <param name="Strength">Budget or severity as tables show it.</param>
/// <param name="LabelPreserving">False where the corruption changes what listeners feel, so that ratings no longer hold.</param>
public sealed record ConditionLogs(string Perturbation, string Strength, bool LabelPreserving, IReadOnlyList<ClipLog> Logs)
{
    /// <summary>Mean harm over models, seeds and clips.</summary>
    public double Harm => Logs.Average(log => log.Harm);

    /// <summary>Reads those of all finished cells, in the order of the matrix; cells whose clips the store has lost are left out.</summary>
    public static IReadOnlyList<ConditionLogs> Read(IEnumerable<CellOutcome> outcomes, ResultStore store) =>
        [
            .. outcomes
                .Where(o => o.Result is not null)
                .GroupBy(o => (o.Cell.Perturbation.Name, o.Cell.Strength))
                .Select(condition => new ConditionLogs(
                    condition.Key.Name,
                    condition.Key.Strength,
                    condition.First().Cell.Perturbation.LabelPreserving,
                    [.. condition.Select(o => ClipTable.ReadCell(store, o.Result!.Key, o.Cell.Model.Name, o.Cell.Seed)).OfType<ClipLog>()]
                ))
                .Where(condition => condition.Logs.Count > 0),
        ];
}
