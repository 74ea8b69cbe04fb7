namespace MerBench;

/// <summary>Emotions of one clip as listeners rated them over time.</summary>
/// <param name="StartSeconds">When in the recording the first frame was rated, in seconds.</param>
/// <param name="HopSeconds">Seconds from one frame to the next; above 0, and the same for all clips of a dataset.</param>
/// <param name="Ratings">For each frame the ratings <c>[E]</c>, in the order and units of <see cref="DatasetContent.Emotions"/>; NaN where
/// nobody rated an emotion at that moment.</param>
public sealed record RatedCurve(double StartSeconds, double HopSeconds, IReadOnlyList<float[]> Ratings)
{
    /// <summary>Standard deviation over annotators, a frame as <see cref="Ratings"/>; null where the dataset has none, NaN where one is not
    /// known.</summary>
    public IReadOnlyList<float[]>? Sd { get; init; }

    /// <summary>When the last frame was rated, in seconds.</summary>
    public double EndSeconds => StartSeconds + (HopSeconds * (Ratings.Count - 1));
}

/// <summary>The moments of an excerpt at which its dataset rates emotions: <c>0, hop, 2 hop, ...</c> seconds after its beginning.</summary>
/// <param name="HopSeconds">Seconds from one moment to the next.</param>
/// <param name="Count">How many there are.</param>
public sealed record RatedMoments(double HopSeconds, int Count)
{
    /// <summary>When a moment is, in seconds after the beginning of the excerpt.</summary>
    /// <param name="moment">Its place, from 0.</param>
    public double Seconds(int moment) => moment * HopSeconds;

    /// <summary>The moment nearest to a time.</summary>
    /// <param name="seconds">Seconds after the beginning of the excerpt.</param>
    public int Nearest(double seconds) => Math.Clamp((int)Math.Round(seconds / HopSeconds), 0, Count - 1);
}
