using MathNet.Numerics.Statistics;

namespace MerBench.Host.Results;

/// <summary>A model under one perturbation on its own dataset and on another one, over the emotions that both rate; means over
/// seeds.</summary>
/// <param name="On">The other dataset.</param>
/// <param name="Perturbation">As the benchmark calls it.</param>
/// <param name="Emotions">Over which all numbers are taken.</param>
/// <param name="Metrics">By metric id.</param>
public sealed record AcrossRow(
    string Model,
    string On,
    string Perturbation,
    string Strength,
    IReadOnlyList<string> Emotions,
    int Seeds,
    IReadOnlyDictionary<string, AcrossValues> Metrics
)
{
    /// <summary>A row for each model, other dataset, perturbation and strength that was finished on both datasets.</summary>
    public static IReadOnlyList<AcrossRow> Summarise(IReadOnlyList<CellOutcome> outcomes)
    {
        ILookup<(string, string, string, int), CellResult> own = outcomes
            .Where(o => o.Cell.Perturbation.On is null && o.Result is not null)
            .ToLookup(o => (o.Cell.Model.Name, o.Cell.Perturbation.Name, o.Cell.Strength, o.Cell.Seed), o => o.Result!);
        return
        [
            .. outcomes
                .Where(o => o.Cell.Perturbation.On is not null && o.Result is not null)
                .GroupBy(o => (Model: o.Cell.Model.Name, On: o.Cell.Perturbation.On!, o.Cell.Perturbation.Entry, o.Cell.Strength))
                .Select(group =>
                {
                    (CellResult Own, CellResult There)[] seeds =
                    [
                        .. group.SelectMany(o =>
                            own[(group.Key.Model, group.Key.Entry, group.Key.Strength, o.Cell.Seed)].Select(mine => (mine, o.Result!))
                        ),
                    ];
                    return seeds.Length == 0 ? null : Compare(group.Key.Model, group.Key.On, group.Key.Entry, group.Key.Strength, seeds);
                })
                .OfType<AcrossRow>(),
        ];
    }

    private static AcrossRow Compare(
        string model,
        string on,
        string perturbation,
        string strength,
        IReadOnlyList<(CellResult Own, CellResult There)> seeds
    )
    {
        string[] emotions = [.. seeds[0].There.Metrics.Values.First().PerLabel.Keys];
        var metrics = new Dictionary<string, AcrossValues>(StringComparer.Ordinal);
        foreach (string metric in seeds[0].There.Metrics.Keys)
        {
            // Those that are defined on both sides, for all seeds.
            string[] shared =
            [
                .. emotions.Where(e =>
                    seeds.All(s => IsDefined(s.Own.Metrics[metric].PerLabel[e]) && IsDefined(s.There.Metrics[metric].PerLabel[e]))
                ),
            ];
            if (shared.Length == 0)
                continue;
            double Mean(Func<(CellResult Own, CellResult There), CellResult> side, Func<MetricValue, double?> value) =>
                seeds.Average(s => shared.Average(e => value(side(s).Metrics[metric].PerLabel[e])!.Value));
            metrics[metric] = new AcrossValues(
                Mean(s => s.Own, v => v.Clean),
                Mean(s => s.There, v => v.Clean),
                Mean(s => s.Own, v => v.Harm),
                Mean(s => s.There, v => v.Harm)
            );
        }

        return new AcrossRow(model, on, perturbation, strength, emotions, seeds.Count, metrics);
    }

    private static bool IsDefined(MetricValue value) => value.Clean is not null && value.Harm is not null;
}

/// <summary>A metric on two datasets.</summary>
/// <param name="OwnClean">Clean, on the dataset that the model was trained on.</param>
/// <param name="Clean">Clean, on the other one.</param>
/// <param name="OwnHarm">Harm on its own.</param>
/// <param name="Harm">Harm on the other.</param>
public sealed record AcrossValues(double OwnClean, double Clean, double OwnHarm, double Harm);

/// <summary>Whether models that withstand a perturbation on their own dataset are those that travel well.</summary>
/// <param name="Models">How many there are.</param>
/// <param name="RankCorrelation">Spearman's between harm on the own dataset and by how much the clean error rises on the other; above 0
/// where those that are harmed least also lose least.</param>
public sealed record RobustnessBesideShift(string On, string Perturbation, string Strength, int Models, double RankCorrelation)
{
    // Two models are always in some order.
    private const int FewestModels = 3;

    /// <summary>One for each other dataset, perturbation and strength with at least three models.</summary>
    /// <param name="metric">An error: lower is better.</param>
    public static IReadOnlyList<RobustnessBesideShift> Summarise(IReadOnlyList<AcrossRow> rows, string metric) =>
        [
            .. rows.Where(r => r.Metrics.ContainsKey(metric))
                .GroupBy(r => (r.On, r.Perturbation, r.Strength))
                .Where(g => g.Count() >= FewestModels)
                .Select(g => new RobustnessBesideShift(
                    g.Key.On,
                    g.Key.Perturbation,
                    g.Key.Strength,
                    g.Count(),
                    Correlation.Spearman(
                        g.Select(r => r.Metrics[metric].OwnHarm),
                        g.Select(r => r.Metrics[metric].Clean - r.Metrics[metric].OwnClean)
                    )
                ))
                .Where(s => double.IsFinite(s.RankCorrelation)),
        ];
}
