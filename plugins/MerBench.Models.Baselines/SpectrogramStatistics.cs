using static TorchSharp.torch;

namespace MerBench.Models.Baselines;

/// <summary>What a recording sounds like on average: for each band its mean, its standard deviation and its mean absolute change from frame
/// to frame.</summary>
public static class SpectrogramStatistics
{
    // Keeps the square root's gradient finite on bands that do not change.
    private const double VarianceFloor = 1e-8;

    /// <summary>How many statistics there are for a number of bands.</summary>
    /// <param name="bands">Bands F.</param>
    public static long Count(long bands) => 3 * bands;

    /// <summary>Computes them, differentiable with finite gradients.</summary>
    /// <param name="features">Features <c>[B, T, F]</c> with at least two frames.</param>
    /// <returns>Statistics <c>[B, 3F]</c>.</returns>
    public static Tensor Compute(Tensor features)
    {
        using var scope = NewDisposeScope();
        Tensor mean = features.mean([1]);
        Tensor deviation = ((features - mean.unsqueeze(1)).square().mean([1]) + VarianceFloor).sqrt();
        Tensor change = features.diff(dim: 1).abs().mean([1]);
        return cat([mean, deviation, change], dim: 1).MoveToOuterDisposeScope();
    }
}
