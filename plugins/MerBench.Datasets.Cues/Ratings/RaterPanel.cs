namespace MerBench.Datasets.Cues.Ratings;

/// <summary>Simulated raters: the mean rating of a panel is the expected rating plus the mean of the raters' independent noise, kept within
/// the scale.</summary>
internal sealed class RaterPanel(int raters, double noise)
{
    /// <summary>The panel's mean ratings, 1-9.</summary>
    public double[] Rate(double[] expected, RandomStream random)
    {
        var ratings = new double[expected.Length];
        for (int e = 0; e < ratings.Length; e++)
        {
            double sum = 0;
            for (int r = 0; r < raters; r++)
                sum += DeterministicMath.NextBell(random);
            ratings[e] = Math.Clamp(expected[e] + (noise * sum / raters), EmotionModel.Lowest, EmotionModel.Highest);
        }

        return ratings;
    }

    /// <summary>Ratings 1-9 as handed out, 0-1.</summary>
    public static float[] ToLabels(double[] ratings) =>
        [.. ratings.Select(r => (float)((r - EmotionModel.Lowest) / (EmotionModel.Highest - EmotionModel.Lowest)))];
}
