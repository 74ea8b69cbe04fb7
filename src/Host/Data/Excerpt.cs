namespace MerBench.Host.Data;

/// <summary>Cuts recordings to equal length.</summary>
internal static class Excerpt
{
    /// <summary>The excerpt of one recording; a shorter recording is repeated from its start.</summary>
    /// <param name="clipId">Keys the place of <see cref="ExcerptPlacement.Random"/>.</param>
    public static float[] Cut(ReadOnlySpan<float> recording, int length, ExcerptPlacement placement, string clipId)
    {
        var excerpt = new float[length];
        int spare = recording.Length - length;
        if (spare >= 0)
        {
            int start = placement switch
            {
                ExcerptPlacement.Start => 0,
                ExcerptPlacement.Middle => spare / 2,
                _ => RandomStream.For("excerpt", clipId).NextInt32(spare + 1),
            };
            recording.Slice(start, length).CopyTo(excerpt);
        }
        else
        {
            for (int filled = 0; filled < length; filled += recording.Length)
                recording[..Math.Min(recording.Length, length - filled)].CopyTo(excerpt.AsSpan(filled));
        }

        return excerpt;
    }

    /// <summary>The excerpt that begins at a sample; one that is shorter than asked for is repeated from there.</summary>
    public static float[] CutAt(ReadOnlySpan<float> recording, int length, int start) =>
        Cut(recording.Slice(start, Math.Min(length, recording.Length - start)), length, ExcerptPlacement.Start, "");
}
