using System.Globalization;

namespace MerBench.Corruptions;

/// <summary>
/// Butterworth's filters of fourth order as two biquads under the bilinear transform: 3 dB down at the cutoff c, and with
/// <c>w(f) = tan(pi f / rate)</c> power <c>1 / (1 + (w(f) / w(c))^8)</c> for the low-pass, with the fraction inverted for the high-pass.
/// </summary>
internal static class Butterworth
{
    private static readonly double[] Qualities = [1 / (2 * Math.Cos(Math.PI / 8)), 1 / (2 * Math.Cos(3 * Math.PI / 8))];

    public static float[] LowPass(float[] clip, double cutoff, int sampleRate) => Apply(clip, q => Biquad.LowPass(cutoff, q, sampleRate));

    public static float[] HighPass(float[] clip, double cutoff, int sampleRate) => Apply(clip, q => Biquad.HighPass(cutoff, q, sampleRate));

    /// <exception cref="PluginUserException">The cutoff is not below half the sample rate.</exception>
    public static double RequireBelowNyquist(string corruption, double cutoff, int sampleRate) =>
        cutoff < sampleRate / 2.0
            ? cutoff
            : throw new PluginUserException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The corruption '{corruption}' cannot cut at {cutoff} Hz: at {sampleRate} samples a second 'cutoff' must be below "
                        + $"{sampleRate / 2.0} Hz."
                )
            );

    private static float[] Apply(float[] clip, Func<double, Biquad> section)
    {
        foreach (double quality in Qualities)
            section(quality).Apply(clip);
        return clip;
    }
}
