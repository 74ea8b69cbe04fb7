using MerBench.Host.Audit;
using MerBench.Host.Statistics;

namespace MerBench.Host.Results;

/// <summary>Models under one perturbation of one strength: means with intervals, and comparisons of their harm.</summary>
/// <param name="Strength">Budget or severity as tables show it.</param>
/// <param name="Seeds">Most seeds that a model has; with one, intervals and tests are over clips alone.</param>
public sealed record ConditionStatistics(
    string Perturbation, string Strength, int Seeds, IReadOnlyList<SystemMean> Means, IReadOnlyList<SystemComparison> Comparisons)
{
    internal static ConditionStatistics Of(ConditionLogs condition)
    {
        LogStatistics statistics = LogStatistics.Of(condition.Logs, LogStatistics.DefaultMargin, [ErrorMeasure.Before, ErrorMeasure.After, ErrorMeasure.Harm], [ErrorMeasure.Harm]);
        return new ConditionStatistics(
            condition.Perturbation, condition.Strength, condition.Logs.GroupBy(l => l.System, StringComparer.Ordinal).Max(g => g.Count()), statistics.Means, statistics.Comparisons);
    }
}
