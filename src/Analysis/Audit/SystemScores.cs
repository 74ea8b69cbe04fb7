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

    public static SeedScores Compute(ClipLog log)
    {
        IReadOnlyList<ClipRow> rows = log.Rows;
        return new SeedScores(
            log.Seed,
            MeanCorrelation(rows, r => r.Clean),
            rows.Average(r => r.Error.Clean),
            MeanCorrelation(rows, r => r.Perturbed),
            rows.Average(r => r.Error.Perturbed),
            rows.Average(r => r.ClippedError(0, 1)),
            rows.Average(r => r.Perturbed.Average(p => p is < 0 or > 1 ? 1.0 : 0.0))
        );
    }

    // An emotion whose ratings or predictions do not vary has no correlation.
    private static double MeanCorrelation(IReadOnlyList<ClipRow> rows, Func<ClipRow, double[]> side) =>
        Enumerable
            .Range(0, rows[0].Rating.Length)
            .Select(e => Correlation.Pearson(rows.Select(r => r.Rating[e]), rows.Select(r => side(r)[e])))
            .Where(double.IsFinite)
            .DefaultIfEmpty(double.NaN)
            .Average();
}

/// <summary>One system over its seeds.</summary>
public sealed record SystemScores
{
    public required string System { get; init; }

    public required IReadOnlyList<SeedScores> Seeds { get; init; }

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
        SeedScores[] seeds = [.. logs.Select(SeedScores.Compute)];
        Spread Over(Func<SeedScores, double> score) => Spread.Compute(seeds.Select(score));
        return new SystemScores
        {
            System = system,
            Seeds = seeds,
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
