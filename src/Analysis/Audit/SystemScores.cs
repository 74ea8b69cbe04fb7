using MathNet.Numerics.Statistics;
using MerBench.Host.Results;
using MerBench.Host.Statistics;

namespace MerBench.Analysis.Audit;

/// <summary>What one log says of one trained model.</summary>
/// <param name="R">Pearson's r over clips, mean over emotions, before the attack.</param>
/// <param name="ClippedMae">Mean absolute error after the attack with predictions clipped to the rating scale.</param>
/// <param name="OutOfRange">Share of perturbed predictions outside of the rating scale.</param>
public sealed record SeedScores(
    int Seed,
    double R,
    double Mae,
    double PerturbedR,
    double PerturbedMae,
    double ClippedMae,
    double OutOfRange
)
{
    /// <summary>How much the attack raised the mean absolute error.</summary>
    public double Harm => ClipError.Harm(Mae, PerturbedMae);

    /// <summary>The same with perturbed predictions clipped.</summary>
    public double ClippedHarm => ClipError.Harm(Mae, ClippedMae);

    /// <param name="r">Its correlation, over the emotions that all seeds of its system have one in.</param>
    internal static SeedScores Compute(ClipLog log, MetricValue r)
    {
        IReadOnlyList<ClipRow> rows = log.Rows;
        return new SeedScores(
            log.Seed,
            r.Clean ?? double.NaN,
            rows.Average(r => r.Error.Clean),
            r.Perturbed ?? double.NaN,
            rows.Average(r => r.Error.Perturbed),
            rows.Average(r => r.ClippedError(0, 1)),
            rows.Average(r => r.Perturbed.Average(p => p is < 0 or > 1 ? 1.0 : 0.0))
        );
    }

    // An emotion whose ratings or predictions do not vary has no correlation.
    internal static MetricResult Correlations(ClipLog log) =>
        new(
            log.Emotions.Index()
                .ToDictionary(
                    e => e.Item,
                    e => MetricValue.From(Correlate(log.Rows, e.Index, r => r.Clean), Correlate(log.Rows, e.Index, r => r.Perturbed), true),
                    StringComparer.Ordinal
                )
        );

    private static double Correlate(IReadOnlyList<ClipRow> rows, int emotion, Func<ClipRow, double[]> side) =>
        Correlation.Pearson(rows.Select(r => r.Rating[emotion]), rows.Select(r => side(r)[emotion]));
}

/// <summary>One system over its seeds.</summary>
public sealed record SystemScores
{
    public required string System { get; init; }

    public required IReadOnlyList<SeedScores> Seeds { get; init; }

    /// <summary>Those in which a seed's ratings or predictions do not vary, before or after: correlations leave them out.</summary>
    public required IReadOnlyList<string> UncorrelatedEmotions { get; init; }

    public required Spread R { get; init; }

    public required Spread Mae { get; init; }

    public required Spread PerturbedR { get; init; }

    public required Spread PerturbedMae { get; init; }

    public required Spread ClippedMae { get; init; }

    /// <summary>Over seeds, of each seed's mean harm.</summary>
    public required Spread Harm { get; init; }

    public required Spread ClippedHarm { get; init; }

    public required Spread OutOfRange { get; init; }

    public static SystemScores Compute(string system, IEnumerable<ClipLog> logs)
    {
        ClipLog[] all = [.. logs];
        var correlations = SharedLabels.Find([.. all.Select(SeedScores.Correlations)]);
        SeedScores[] seeds = [.. all.Zip(correlations.Means, SeedScores.Compute)];
        Spread Over(Func<SeedScores, double> score) => Spread.Compute(seeds.Select(score));
        return new SystemScores
        {
            System = system,
            Seeds = seeds,
            UncorrelatedEmotions = correlations.LeftOut ?? [],
            R = Over(s => s.R),
            Mae = Over(s => s.Mae),
            PerturbedR = Over(s => s.PerturbedR),
            PerturbedMae = Over(s => s.PerturbedMae),
            ClippedMae = Over(s => s.ClippedMae),
            Harm = Over(s => s.Harm),
            ClippedHarm = Over(s => s.ClippedHarm),
            OutOfRange = Over(s => s.OutOfRange),
        };
    }
}
