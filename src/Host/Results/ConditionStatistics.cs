using MerBench.Host.Audit;
using MerBench.Host.Execution;
using MerBench.Host.Statistics;

namespace MerBench.Host.Results;

/// <summary>Models under one perturbation of one strength: means with intervals, and comparisons of their harm.</summary>
/// <param name="Strength">Budget or severity as tables show it.</param>
/// <param name="Seeds">Most seeds that a model has; with one, intervals and tests are over clips alone.</param>
public sealed record ConditionStatistics(
    string Perturbation, string Strength, int Seeds, IReadOnlyList<SystemMean> Means, IReadOnlyList<SystemComparison> Comparisons)
{
    private const string ClipsFile = "clips.parquet";

    /// <summary>Of all finished cells, read back from the store, in the order of the matrix.</summary>
    internal static IReadOnlyList<ConditionStatistics> Of(IEnumerable<CellOutcome> outcomes, ResultStore store) =>
        [.. outcomes.Where(o => o.Result is not null).GroupBy(o => (o.Cell.Perturbation.Name, o.Cell.Strength)).Select(condition =>
        {
            List<AttackLog> logs = [.. condition.Select(o => Log(o, store)).OfType<AttackLog>()];
            LogStatistics statistics = LogStatistics.Of(logs, LogStatistics.DefaultMargin, [ErrorMeasure.Before, ErrorMeasure.After, ErrorMeasure.Harm], [ErrorMeasure.Harm]);
            return new ConditionStatistics(
                condition.Key.Name, condition.Key.Strength, logs.GroupBy(l => l.System, StringComparer.Ordinal).Select(g => g.Count()).DefaultIfEmpty().Max(),
                statistics.Means, statistics.Comparisons);
        })];

    private static AttackLog? Log(CellOutcome outcome, ResultStore store)
    {
        if (store.FindCell(outcome.Result!.Key) is not { } folder) return null;
        string path = Path.Combine(folder, ClipsFile);
        (IReadOnlyList<string> emotions, IReadOnlyList<AttackLogRow> rows) = NeutralLogFormat.Rows(LogTable.Read(path));
        return new AttackLog(outcome.Cell.Model.Name, outcome.Cell.Seed, path, emotions, rows);
    }
}
