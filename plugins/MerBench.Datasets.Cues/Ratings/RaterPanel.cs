namespace MerBench.Datasets.Cues.Ratings;

/// <summary>Simulated raters: the mean rating of a panel is the expected rating plus the mean of the raters' independent noise, kept within
/// the scale.</summary>
internal sealed class RaterPanel(int raters, double noise)
{
    /// <summary>The panel's mean ratings, 1-9.</summary>
    public double[] Rate(double[] expected, RandomStream random) => Mean(expected, Noise(expected.Length, random));

    /// <summary>The panel's mean ratings of a clip over time, 1-9: each rater is as far from what is expected at every moment.</summary>
    /// <param name="expected">What is expected, a moment.</param>
    /// <param name="random">The clip's raters.</param>
    /// <returns>Mean ratings a moment, and their standard deviation over raters, which a single rater does not have.</returns>
    public (double[][] Means, double[][]? Sds) RateOverTime(IReadOnlyList<double[]> expected, RandomStream random)
    {
        double[][] bells = Noise(expected[0].Length, random);
        return ([.. expected.Select(e => Mean(e, bells))], raters > 1 ? [.. expected.Select(e => Sd(e, bells))] : null);
    }

    private double[][] Noise(int emotions, RandomStream random)
    {
        var bells = new double[emotions][];
        for (int e = 0; e < emotions; e++)
        {
            bells[e] = new double[raters];
            for (int r = 0; r < raters; r++)
                bells[e][r] = DeterministicMath.NextBell(random);
        }

        return bells;
    }

    private double[] Mean(double[] expected, double[][] bells) =>
        [.. expected.Zip(bells, (e, b) => Limit(e + (noise * InOrder(b) / raters)))];

    private double[] Sd(double[] expected, double[][] bells) =>
        [.. expected.Zip(bells, (e, b) => Sd(Array.ConvertAll(b, x => Limit(e + (noise * x)))))];

    private static double Sd(double[] ratings)
    {
        double mean = InOrder(ratings) / ratings.Length;
        return Math.Sqrt(InOrder(Array.ConvertAll(ratings, r => (r - mean) * (r - mean))) / (ratings.Length - 1));
    }

    // Not with LINQ, whose vectors may add in another order on another processor.
    private static double InOrder(double[] values)
    {
        double sum = 0;
        foreach (double value in values)
            sum += value;
        return sum;
    }

    private static double Limit(double rating) => Math.Clamp(rating, EmotionModel.Lowest, EmotionModel.Highest);

    /// <summary>Standard deviations on the scale 1-9 as handed out.</summary>
    public static float[] ToSds(double[] sds) => [.. sds.Select(s => (float)(s / (EmotionModel.Highest - EmotionModel.Lowest)))];

    /// <summary>Ratings 1-9 as handed out, 0-1.</summary>
    public static float[] ToLabels(double[] ratings) =>
        [.. ratings.Select(r => (float)((r - EmotionModel.Lowest) / (EmotionModel.Highest - EmotionModel.Lowest)))];
}
