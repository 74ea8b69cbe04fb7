using MathNet.Numerics.Statistics;
using MerBench.Host.Cells;

namespace MerBench.Host.Results;

/// <summary>A model under a perturbation of one strength, over seeds: a row of the robustness table.</summary>
/// <param name="Strength">Budget or severity as tables show it.</param>
/// <param name="LabelPreserving">False where ratings no longer hold: the row is shown apart from those that say how robust a model is.</param>
/// <param name="Seeds">Finished seeds.</param>
/// <param name="Failed">Failed cells.</param>
/// <param name="Metrics">By metric id; means over seeds.</param>
/// <param name="ClippedMetrics">The same on predictions clipped to the rating scale.</param>
/// <param name="MedianSnrDb">Mean over seeds of the median over clips.</param>
/// <param name="SuccessRate">Mean over seeds of the share of clips whose prediction moved by the tolerance.</param>
/// <param name="MedianMelInversionSnrDb">The same of <see cref="MelInversionSnr"/>.</param>
public sealed record RobustnessRow(
    string Model,
    string Perturbation,
    string Strength,
    bool LabelPreserving,
    int Seeds,
    int Failed,
    IReadOnlyDictionary<string, SeedSummary> Metrics,
    IReadOnlyDictionary<string, SeedSummary> ClippedMetrics,
    double? OutOfRange,
    double? MedianSnrDb,
    double? MedianMelInversionSnrDb,
    double? SuccessRate
)
{
    /// <summary>Rows in the order of the matrix.</summary>
    public static IReadOnlyList<RobustnessRow> Summarise(IEnumerable<CellOutcome> outcomes) =>
        [
            .. outcomes
                .GroupBy(o => (Model: o.Cell.Model.Name, Perturbation: o.Cell.Perturbation.Name, o.Cell.Strength))
                .Select(group =>
                {
                    CellResult[] results = [.. group.Select(o => o.Result).OfType<CellResult>()];
                    return new RobustnessRow(
                        group.Key.Model,
                        group.Key.Perturbation,
                        group.Key.Strength,
                        group.First().Cell.Perturbation.LabelPreserving,
                        results.Length,
                        group.Count(o => o.Failure is not null),
                        OverSeeds(results, r => r.Metrics),
                        OverSeeds(results, r => r.ClippedMetrics),
                        Mean(results.Select(r => r.OutOfRange.Perturbed)),
                        Mean(results.Select(r => r.Size.MedianSnrDb)),
                        Mean(results.Select(r => r.Size.MedianMelInversionSnrDb)),
                        Mean(results.Select(r => (double?)r.SuccessRate))
                    );
                }),
        ];

    private static Dictionary<string, SeedSummary> OverSeeds(
        CellResult[] results,
        Func<CellResult, IReadOnlyDictionary<string, MetricResult>> metrics
    ) =>
        results.Length == 0
            ? []
            : metrics(results[0])
                .Keys.ToDictionary(
                    id => id,
                    id =>
                    {
                        MetricValue[] values = [.. results.Select(r => metrics(r)[id].Mean)];
                        double[] harms = [.. values.Select(v => v.Harm).OfType<double>()];
                        return new SeedSummary(
                            Mean(values.Select(v => v.Clean)),
                            Mean(values.Select(v => v.Perturbed)),
                            Mean(values.Select(v => v.Harm)),
                            harms.Length > 1 ? harms.StandardDeviation() : null
                        );
                    },
                    StringComparer.Ordinal
                );

    private static double? Mean(IEnumerable<double?> values) => values.Average();
}

/// <summary>A metric over seeds; null where it is not defined for any.</summary>
/// <param name="HarmSd">Sample standard deviation over seeds; null with fewer than two.</param>
public sealed record SeedSummary(double? Clean, double? Perturbed, double? Harm, double? HarmSd);
