using System.Text.Json.Serialization;
using MathNet.Numerics.Statistics;

namespace MerBench.Host.Results;

/// <summary>A model under a perturbation of one strength, over seeds: a row of the robustness table.</summary>
public sealed record RobustnessRow
{
    public required string Model { get; init; }

    public required string Perturbation { get; init; }

    /// <summary>The other dataset whose clips it perturbs; null for the benchmark's own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? On { get; init; }

    /// <summary>Budget or severity as tables show it.</summary>
    public required string Strength { get; init; }

    /// <summary>False where ratings no longer hold: the row is shown apart from those that say how robust a model is.</summary>
    public required bool LabelPreserving { get; init; }

    /// <summary>Finished seeds.</summary>
    public required int Seeds { get; init; }

    /// <summary>Failed cells.</summary>
    public required int Failed { get; init; }

    /// <summary>By metric id; means over seeds, over the labels in which the metric is defined for all of them.</summary>
    public required IReadOnlyDictionary<string, SeedSummary> Metrics { get; init; }

    /// <summary>The same on predictions clipped to the rating scale.</summary>
    public required IReadOnlyDictionary<string, SeedSummary> ClippedMetrics { get; init; }

    public double? OutOfRange { get; init; }

    /// <summary>Mean over seeds of the median over clips.</summary>
    public double? MedianSnrDb { get; init; }

    /// <summary>The same of <c>Cells.MelInversionSnr</c>.</summary>
    public double? MedianMelInversionSnrDb { get; init; }

    /// <summary>Mean over seeds of the share of clips whose prediction moved by the tolerance.</summary>
    public double? SuccessRate { get; init; }

    /// <summary>Rows in the order of the matrix.</summary>
    public static IReadOnlyList<RobustnessRow> Summarise(IEnumerable<CellOutcome> outcomes) =>
        [
            .. outcomes
                .GroupBy(o => (Model: o.Cell.Model.Name, Perturbation: o.Cell.Perturbation.Name, o.Cell.Strength))
                .Select(group =>
                {
                    CellResult[] results = [.. group.Select(o => o.Result).OfType<CellResult>()];
                    return new RobustnessRow
                    {
                        Model = group.Key.Model,
                        Perturbation = group.Key.Perturbation,
                        On = group.First().Cell.Perturbation.On,
                        Strength = group.Key.Strength,
                        LabelPreserving = group.First().Cell.Perturbation.LabelPreserving,
                        Seeds = results.Length,
                        Failed = group.Count(o => o.Failure is not null),
                        Metrics = OverSeeds(results, r => r.Metrics),
                        ClippedMetrics = OverSeeds(results, r => r.ClippedMetrics),
                        OutOfRange = Mean(results.Select(r => r.OutOfRange.Perturbed)),
                        MedianSnrDb = Mean(results.Select(r => r.Size.MedianSnrDb)),
                        MedianMelInversionSnrDb = Mean(results.Select(r => r.Size.MedianMelInversionSnrDb)),
                        SuccessRate = Mean(results.Select(r => (double?)r.SuccessRate)),
                    };
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
                        var shared = SharedLabels.Find([.. results.Select(r => metrics(r)[id])]);
                        double[] harms = [.. shared.Means.Select(v => v.Harm).OfType<double>()];
                        return new SeedSummary(
                            shared.Mean.Clean,
                            shared.Mean.Perturbed,
                            shared.Mean.Harm,
                            harms.Length > 1 ? harms.StandardDeviation() : null
                        )
                        {
                            LeftOut = shared.LeftOut,
                        };
                    },
                    StringComparer.Ordinal
                );

    private static double? Mean(IEnumerable<double?> values) => values.Average();
}

/// <summary>A metric over seeds; null where it is not defined for any.</summary>
/// <param name="HarmSd">Sample standard deviation over seeds; null with fewer than two.</param>
public sealed record SeedSummary(double? Clean, double? Perturbed, double? Harm, double? HarmSd)
{
    /// <summary>Labels in which the metric is not defined for all seeds, clean and perturbed; null where there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? LeftOut { get; init; }
}
