namespace MerBench.Reports.Listening;

/// <summary>Where the perturbed sound comes from.</summary>
public enum SoundKind
{
    /// <summary>It is the perturbed input itself.</summary>
    Waveform,

    /// <summary>Features were perturbed; it is audio with nearly such features, which was searched for. Other audio may come
    /// nearer.</summary>
    Resynthesis,
}

/// <summary>A clip as sound, before and after a perturbation.</summary>
/// <param name="Clean">Samples in <c>[-1, 1]</c>.</param>
/// <param name="Perturbed">As many, in <c>[-1, 1]</c>.</param>
internal sealed record Sound(SoundKind Kind, float[] Clean, float[] Perturbed)
{
    public float[] Difference { get; } = [.. Perturbed.Zip(Clean, (p, c) => p - c)];

    /// <summary>10 log10(sum x^2 / sum d^2); null where nothing changed, or the clip is silent.</summary>
    public double? SnrDb
    {
        get
        {
            double snr = Level.Measure(Clean) - Level.Measure(Difference);
            return double.IsFinite(snr) ? snr : null;
        }
    }
}

/// <summary>How loud samples are.</summary>
internal static class Level
{
    /// <summary>Root mean square in dB relative to full scale (1); negative infinity for silence.</summary>
    public static double Measure(ReadOnlySpan<float> samples)
    {
        double sum = 0;
        foreach (float sample in samples)
            sum += (double)sample * sample;
        return 10 * Math.Log10(sum / Math.Max(1, samples.Length));
    }

    /// <summary>Largest absolute value in dB relative to full scale.</summary>
    public static double Peak(ReadOnlySpan<float> samples)
    {
        double peak = 0;
        foreach (float sample in samples)
            peak = Math.Max(peak, Math.Abs(sample));
        return 20 * Math.Log10(peak);
    }

    public static float[] Amplified(float[] samples, double gainDb)
    {
        double factor = Math.Pow(10, gainDb / 20);
        return Array.ConvertAll(samples, s => (float)(s * factor));
    }
}
