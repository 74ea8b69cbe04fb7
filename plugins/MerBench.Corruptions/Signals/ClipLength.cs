namespace MerBench.Corruptions;

/// <summary>The rule of length: a clip stays as long as it was.</summary>
internal static class ClipLength
{
    /// <summary>A longer sound is cut at its end; a shorter one starts over, so that no silence is added.</summary>
    public static float[] Keep(ReadOnlySpan<float> sound, int length)
    {
        var kept = new float[length];
        for (int filled = 0; filled < length && sound.Length > 0; filled += sound.Length)
            sound[..Math.Min(sound.Length, length - filled)].CopyTo(kept.AsSpan(filled));
        return kept;
    }
}
