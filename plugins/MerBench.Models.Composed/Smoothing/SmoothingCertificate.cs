using MathNet.Numerics.Distributions;

namespace MerBench.Models.Composed.Smoothing;

/// <summary>
/// What noise proves of one clip: where the median prediction under noise lies for every input within an L2 ball. The quantile of order
/// <c>q</c> at any of them lies between those of orders <c>Phi(Phi^-1(q) - r/sigma)</c> and <c>Phi(Phi^-1(q) + r/sigma)</c> at the clip
/// itself (Chiang et al., Detection as Regression: Certified Object Detection with Median Smoothing, NeurIPS 2020, theorem 1), and these
/// lie between order statistics of the draws.
/// </summary>
/// <param name="predictions">Of each emotion, under noise, in order.</param>
/// <param name="deviation">Of the noise.</param>
internal sealed class SmoothingCertificate(IReadOnlyList<double[]> predictions, double deviation, double confidence) : ICertificate
{
    // Both ends of each emotion's interval share what may go wrong (Bonferroni).
    private readonly double _alpha = (1 - confidence) / (2 * predictions.Count);

    /// <inheritdoc/>
    public double Confidence => confidence;

    /// <inheritdoc/>
    public IReadOnlyList<PredictionRange>? Bound(Norm norm, double radius)
    {
        if (norm != Norm.L2)
            return null;
        int draws = predictions[0].Length;
        double shift = radius / deviation;
        int lower = QuantileBounds.Lower(draws, Normal.CDF(0, 1, -shift), _alpha);
        int upper = QuantileBounds.Upper(draws, Normal.CDF(0, 1, shift), _alpha);
        return
        [
            .. predictions.Select(sorted => new PredictionRange(
                lower == 0 ? double.NegativeInfinity : sorted[lower - 1],
                upper > draws ? double.PositiveInfinity : sorted[upper - 1]
            )),
        ];
    }
}
