using System.Globalization;
using MerBench.Host.Results;
using static TorchSharp.torch;

namespace MerBench.Host.Checks;

/// <summary>A perturbation that does not survive a file of 16-bit samples exists in memory alone.</summary>
internal static class SavedAudio
{
    private const double FullScale = 32768,
        LeastShare = 0.5,
        LeastGain = 1e-8;

    /// <summary>The waveform as a 16-bit file would give it back.</summary>
    public static Tensor RoundTrip(Tensor waveform) => ((waveform * FullScale).round().clamp(-FullScale, FullScale - 1)) / FullScale;

    /// <param name="clean">The objective at the clean clips.</param>
    /// <param name="perturbed">At the perturbed ones.</param>
    /// <param name="saved">At the perturbed ones read back.</param>
    public static Doubt? Judge(IReadOnlyList<float> clean, IReadOnlyList<float> perturbed, IReadOnlyList<float> saved)
    {
        double gain = perturbed.Average() - clean.Average(),
            kept = saved.Average() - clean.Average();
        return gain <= LeastGain || kept >= LeastShare * gain
            ? null
            : new Doubt(
                "lost-in-16-bit",
                string.Create(CultureInfo.InvariantCulture, $"saved as 16-bit audio, {Math.Max(0, kept / gain):0 %} of its gain is left")
            );
    }
}
