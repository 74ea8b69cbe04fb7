namespace MerBench.Metrics;

/// <summary>
/// Kendall's tau-b, which corrects for ties (Kendall 1945), by sorting and counting exchanges (Knight 1966). NaN for no clips, or when
/// ratings or predictions are all the same.
/// </summary>
[Metric(
    "kendall",
    Summary = "Kendall's rank correlation tau-b",
    Source = "Kendall 1945, Biometrika 33(3), 239-251; Knight 1966, JASA 61(314), 436-439",
    Name = "Kendall's tau-b",
    Symbol = "tau",
    Objectives = ["pearson", "ccc"]
)]
[Reference(
    """
        @article{kendall1945,
          author  = {Kendall, Maurice G.},
          title   = {The Treatment of Ties in Ranking Problems},
          journal = {Biometrika},
          volume  = {33},
          number  = {3},
          pages   = {239--251},
          year    = {1945},
          doi     = {10.1093/biomet/33.3.239},
        }
        """
)]
public sealed class KendallTau : IMetric
{
    /// <inheritdoc/>
    public bool HigherIsBetter => true;

    /// <inheritdoc/>
    public double Compute(ReadOnlySpan<double> actual, ReadOnlySpan<double> predicted)
    {
        if (Pairs.AreMissing(actual, predicted) || Moments.IsConstant(actual) || Moments.IsConstant(predicted))
            return double.NaN;
        (double X, double Y)[] clips = Zip(actual, predicted);
        Array.Sort(clips);
        long all = CountPairs(clips.Length),
            tiedInX = CountTied(clips, static (a, b) => a.X == b.X),
            tiedInBoth = CountTied(clips, static (a, b) => a == b);
        double[] ordered = Array.ConvertAll(clips, c => c.Y);
        long exchanges = CountExchanges(ordered, new double[ordered.Length]);
        Array.Sort(clips, static (a, b) => a.Y.CompareTo(b.Y));
        long tiedInY = CountTied(clips, static (a, b) => a.Y == b.Y);
        double concordantLessDiscordant = all - tiedInX - tiedInY + tiedInBoth - (2.0 * exchanges);
        return Math.Clamp(concordantLessDiscordant / Math.Sqrt(all - tiedInX) / Math.Sqrt(all - tiedInY), -1, 1);
    }

    private static (double X, double Y)[] Zip(ReadOnlySpan<double> actual, ReadOnlySpan<double> predicted)
    {
        var clips = new (double X, double Y)[actual.Length];
        for (int i = 0; i < clips.Length; i++)
            clips[i] = (actual[i], predicted[i]);
        return clips;
    }

    private static long CountPairs(long of) => of * (of - 1) / 2;

    // Neighbours are equal where any two are: the clips are sorted.
    private static long CountTied((double X, double Y)[] clips, Func<(double X, double Y), (double X, double Y), bool> areTied)
    {
        long tied = 0,
            run = 1;
        for (int i = 1; i <= clips.Length; i++)
        {
            if (i < clips.Length && areTied(clips[i - 1], clips[i]))
            {
                run++;
                continue;
            }

            tied += CountPairs(run);
            run = 1;
        }

        return tied;
    }

    // Of a merge sort: how many pairs stand the wrong way round.
    private static long CountExchanges(Span<double> values, Span<double> free)
    {
        if (values.Length < 2)
            return 0;
        int middle = values.Length / 2;
        long exchanges = CountExchanges(values[..middle], free[..middle]) + CountExchanges(values[middle..], free[middle..]);
        (int left, int right) = (0, middle);
        for (int place = 0; place < values.Length; place++)
        {
            bool takesLeft = right == values.Length || (left < middle && values[left] <= values[right]);
            free[place] = takesLeft ? values[left++] : values[right++];
            if (!takesLeft)
                exchanges += middle - left;
        }

        free[..values.Length].CopyTo(values);
        return exchanges;
    }
}
