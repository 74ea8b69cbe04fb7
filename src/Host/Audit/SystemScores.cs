using MathNet.Numerics.Statistics;
using MerBench.Host.Statistics;

namespace MerBench.Host.Audit;

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
    public double Harm => PerturbedMae - Mae;

    /// <summary>The same with perturbed predictions clipped.</summary>
    public double ClippedHarm => ClippedMae - Mae;

    public static SeedScores Of(AttackLog log)
    {
        IReadOnlyList<AttackLogRow> rows = log.Rows;
        return new SeedScores(
            log.Seed,
            MeanCorrelation(rows, r => r.Clean),
            rows.Average(r => r.CleanMae),
            MeanCorrelation(rows, r => r.Perturbed),
            rows.Average(r => r.PerturbedMae),
            rows.Average(r => r.ClippedMae),
            rows.Average(r => r.Perturbed.Average(p => p is < 0 or > 1 ? 1.0 : 0.0))
        );
    }

    // An emotion whose ratings or predictions do not vary has no correlation.
    private static double MeanCorrelation(IReadOnlyList<AttackLogRow> rows, Func<AttackLogRow, double[]> side) =>
        Enumerable
            .Range(0, rows[0].Rating.Length)
            .Select(e => Correlation.Pearson(rows.Select(r => r.Rating[e]), rows.Select(r => side(r)[e])))
            .Where(double.IsFinite)
            .DefaultIfEmpty(double.NaN)
            .Average();
}

/// <summary>One system over its seeds.</summary>
/// <param name="Harm">Over seeds, of each seed's mean harm.</param>
public sealed record SystemScores(
    string System,
    IReadOnlyList<SeedScores> Seeds,
    Spread R,
    Spread Mae,
    Spread PerturbedR,
    Spread PerturbedMae,
    Spread ClippedMae,
    Spread Harm,
    Spread ClippedHarm,
    Spread OutOfRange
)
{
    public static SystemScores Of(string system, IEnumerable<AttackLog> logs)
    {
        SeedScores[] seeds = [.. logs.Select(SeedScores.Of)];
        Spread Over(Func<SeedScores, double> score) => Spread.Of(seeds.Select(score));
        return new SystemScores(
            system,
            seeds,
            Over(s => s.R),
            Over(s => s.Mae),
            Over(s => s.PerturbedR),
            Over(s => s.PerturbedMae),
            Over(s => s.ClippedMae),
            Over(s => s.Harm),
            Over(s => s.ClippedHarm),
            Over(s => s.OutOfRange)
        );
    }
}
