namespace MerBench.FrontEnds.Madmom;

/// <summary>madmom's <c>norm</c> and trimming of one recording (madmom.audio.signal.normalize, trim).</summary>
internal static class SignalConditioning
{
    private const double FullScale = short.MaxValue;

    /// <summary>
    /// Scales so that the largest magnitude is 32767, truncating toward zero as a cast to int16 does, then drops exact zeros at both ends.
    /// The result is divided by 32767. Silence gives one zero sample.
    /// </summary>
    public static float[] NormaliseAndTrim(ReadOnlySpan<short> pcm)
    {
        // In int, -32768 has a magnitude; numpy's int16 wraps it to a negative one and then looks past the loudest sample.
        int peak = 0;
        foreach (short sample in pcm)
            peak = Math.Max(peak, Math.Abs((int)sample));
        if (peak == 0)
            return [0];

        double scale = peak / FullScale;
        var normalised = new short[pcm.Length];
        for (int i = 0; i < pcm.Length; i++)
            normalised[i] = (short)(pcm[i] / scale);

        ReadOnlySpan<short> trimmed = normalised.AsSpan().Trim((short)0);
        var samples = new float[trimmed.Length];
        for (int i = 0; i < trimmed.Length; i++)
            samples[i] = (float)(trimmed[i] / FullScale);
        return samples;
    }
}
