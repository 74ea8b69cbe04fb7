using MerBench.Host.Results;

namespace MerBench.Host.Checks;

/// <summary>Compares what an attack gained in a faster format with what it gains in fp32 on the same clips; both judged in fp32.</summary>
internal static class PrecisionCheck
{
    private const double LargestLoss = 0.02;

    /// <param name="fast">The objective of each clip, clean and as perturbed in the faster format.</param>
    /// <param name="exact">The objective as perturbed in fp32.</param>
    public static Doubt? Of(Precision precision, IReadOnlyList<(float Clean, float Perturbed)> fast, IReadOnlyList<float> exact)
    {
        double clean = fast.Average(f => f.Clean),
            gain = fast.Average(f => f.Perturbed) - clean,
            full = exact.Average() - clean;
        double apart = Math.Abs(gain - full) / Math.Max(Math.Abs(full), 1e-12);
        return apart <= LargestLoss
            ? null
            : new Doubt(
                "precision",
                FormattableString.Invariant(
                    $"in {precision.ToString().ToLowerInvariant()} it gained {gain:g3} on {exact.Count} clips, in fp32 {full:g3}: {apart:0.0 %} apart; leave 'precision' out, or give it more steps"
                )
            );
    }
}
