namespace MerBench.Datasets.AudioCsv.OverTime;

/// <summary>What was rated of a clip at one moment.</summary>
/// <param name="Row">Where it stands.</param>
/// <param name="Seconds">When it is, in seconds from the start of the recording.</param>
/// <param name="Ratings">A rating an emotion; NaN where nobody rated.</param>
/// <param name="Sd">A standard deviation an emotion; NaN where none is known.</param>
internal sealed record Moment(Row Row, decimal Seconds, float[] Ratings, float[] Sd)
{
    public bool IsRated => !Array.TrueForAll(Ratings, float.IsNaN);

    public static float[] Gaps(int emotions)
    {
        var gaps = new float[emotions];
        Array.Fill(gaps, float.NaN);
        return gaps;
    }
}
