namespace MerBench.Corruptions;

/// <summary>Sums of squares, in double precision, and gains that follow from them.</summary>
internal static class Energy
{
    /// <summary><c>sum x^2</c>.</summary>
    public static double Measure(ReadOnlySpan<float> samples)
    {
        double sum = 0;
        foreach (float sample in samples)
            sum += (double)sample * sample;
        return sum;
    }

    /// <summary>Scales a sound to the energy of another, so that it is neither louder nor softer; silence stays as it is.</summary>
    public static float[] Match(float[] sound, ReadOnlySpan<float> reference) =>
        Measure(sound) is > 0 and var energy ? Scale(sound, Math.Sqrt(Measure(reference) / energy)) : sound;

    /// <summary>Adds a disturbance at <c>10 log10(sum x^2 / sum n^2)</c> dB.</summary>
    public static float[] AddAtSnr(float[] clip, float[] disturbance, double snr)
    {
        double energy = Measure(disturbance),
            gain = energy > 0 ? Math.Sqrt(Measure(clip) / energy) * Math.Pow(10, -snr / 20) : 0;
        return [.. clip.Zip(disturbance, (x, n) => (float)(x + (gain * n)))];
    }

    /// <summary>Multiplies each sample.</summary>
    public static float[] Scale(float[] sound, double factor) => Array.ConvertAll(sound, x => (float)(x * factor));
}
