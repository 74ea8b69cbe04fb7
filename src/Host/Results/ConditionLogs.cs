using MerBench.Host.Audit;

namespace MerBench.Host.Results;

/// <summary>The clips of all models and seeds under one perturbation of one strength, read back from the store.</summary>
/// <param name="Strength">Budget or severity as tables show it.</param>
/// <param name="LabelPreserving">False where the corruption changes what listeners feel, so that ratings no longer hold.</param>
internal sealed record ConditionLogs(string Perturbation, string Strength, bool LabelPreserving, IReadOnlyList<AttackLog> Logs)
{
    /// <summary>Of all finished cells, in the order of the matrix.</summary>
    public static IReadOnlyList<ConditionLogs> Of(IEnumerable<CellOutcome> outcomes, ResultStore store) =>
        [
            .. outcomes
                .Where(o => o.Result is not null)
                .GroupBy(o => (o.Cell.Perturbation.Name, o.Cell.Strength))
                .Select(condition => new ConditionLogs(
                    condition.Key.Name,
                    condition.Key.Strength,
                    condition.First().Cell.Perturbation.LabelPreserving,
                    [.. condition.Select(o => Log(o, store)).OfType<AttackLog>()]
                ))
                .Where(condition => condition.Logs.Count > 0),
        ];

    /// <summary>Mean harm over models, seeds and clips.</summary>
    public double Harm => Logs.Average(log => log.Rows.Average(row => row.PerturbedMae - row.CleanMae));

    /// <summary>The clips of one finished cell; none where the store has lost them.</summary>
    public static IReadOnlyList<AttackLogRow> Rows(string cellKey, ResultStore store) => Read(cellKey, store)?.Rows ?? [];

    private static AttackLog? Log(CellOutcome outcome, ResultStore store) =>
        Read(outcome.Result!.Key, store) is { } found
            ? new AttackLog(outcome.Cell.Model.Name, outcome.Cell.Seed, found.Path, found.Emotions, found.Rows)
            : null;

    private static (string Path, IReadOnlyList<string> Emotions, IReadOnlyList<AttackLogRow> Rows)? Read(string cellKey, ResultStore store)
    {
        if (store.FindClips(cellKey) is not { } path)
            return null;
        (IReadOnlyList<string> emotions, IReadOnlyList<AttackLogRow> rows) = NeutralLogFormat.Rows(LogTable.Read(path));
        return (path, emotions, rows);
    }
}
