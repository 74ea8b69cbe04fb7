using MerBench.Host.Statistics;

namespace MerBench.Host.Results;

/// <summary>Models under one perturbation of one strength: means with intervals, and comparisons of their harm.</summary>
/// <param name="Strength">Budget or severity as tables show it.</param>
/// <param name="LabelPreserving">False where the corruption changes what listeners feel: differences in harm then are no differences in
/// robustness.</param>
/// <param name="Seeds">Most seeds that a model has; with one, intervals and tests are over clips alone.</param>
/// <param name="Harms">Each model's harm over seeds.</param>
public sealed record ConditionStatistics(
    string Perturbation,
    string Strength,
    bool LabelPreserving,
    int Seeds,
    IReadOnlyList<HarmOverSeeds> Harms,
    IReadOnlyList<SystemMean> Means,
    IReadOnlyList<SystemComparison> Comparisons
)
{
    /// <summary>Mean over models; minus infinity where no harm is a number.</summary>
    internal double MeanHarm => Harms.Select(h => h.Harm.Mean).Where(double.IsFinite).DefaultIfEmpty(double.NegativeInfinity).Average();

    internal static ConditionStatistics Compute(ConditionLogs condition)
    {
        LogStatistics statistics = LogStatistics.Compute(
            condition.Logs,
            LogStatistics.DefaultMargin,
            [ErrorMeasure.Before, ErrorMeasure.After, ErrorMeasure.Harm],
            [ErrorMeasure.Harm]
        );
        List<IGrouping<string, ClipLog>> models = [.. condition.Logs.GroupBy(l => l.System, StringComparer.Ordinal)];
        return new ConditionStatistics(
            condition.Perturbation,
            condition.Strength,
            condition.LabelPreserving,
            models.Max(m => m.Count()),
            [.. models.Select(m => new HarmOverSeeds(m.Key, m.Count(), Spread.Compute(m.Select(log => log.Harm))))],
            statistics.Means,
            statistics.Comparisons
        );
    }
}

/// <summary>A model's harm in MAE as a box plot over seeds, of each seed's mean over clips.</summary>
public sealed record HarmOverSeeds(string System, int Seeds, Spread Harm);
