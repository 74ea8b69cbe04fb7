namespace MerBench.Datasets.AudioCsv.OverTime;

/// <summary>A clip as it stands in tables of ratings over time.</summary>
/// <param name="Row">The first row that speaks of it.</param>
/// <param name="Curve">Its ratings; null where there are none.</param>
internal sealed record RatedClip(Row Row, RatedCurve? Curve)
{
    /// <summary>The first emotion that nobody rated at any moment, or -1.</summary>
    public int NeverRated(int emotions)
    {
        for (int e = 0; e < emotions; e++)
            if (Curve is null || Curve.Ratings.All(frame => float.IsNaN(frame[e])))
                return e;
        return -1;
    }

    /// <summary>The mean of each emotion over the moments at which it was rated.</summary>
    public float[] Mean(int emotions)
    {
        var means = new float[emotions];
        for (int e = 0; e < emotions; e++)
            means[e] = (float)Curve!.Ratings.Where(frame => !float.IsNaN(frame[e])).Average(frame => (double)frame[e]);
        return means;
    }
}
