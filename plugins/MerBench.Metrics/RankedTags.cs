namespace MerBench.Metrics;

/// <summary>Clips in the order of what is predicted for a tag, counted from the highest prediction down.</summary>
internal static class RankedTags
{
    /// <summary>How many clips with and without the tag are predicted at least as high as each distinct prediction, highest first. Null
    /// where clips of one kind are missing.</summary>
    /// <exception cref="ArgumentException">The columns differ in length.</exception>
    public static IReadOnlyList<(long With, long Without)>? Count(
        ReadOnlySpan<double> actual,
        ReadOnlySpan<double> predicted,
        double threshold
    )
    {
        if (Pairs.AreMissing(actual, predicted))
            return null;
        double[] order = predicted.ToArray();
        bool[] has = [.. actual.ToArray().Select(rating => rating > threshold)];
        Array.Sort(order, has);
        var counts = new List<(long With, long Without)>();
        (long with, long without) = (0, 0);
        for (int i = order.Length - 1; i >= 0; i--)
        {
            (with, without) = has[i] ? (with + 1, without) : (with, without + 1);
            // Equal predictions are no order.
            if (i == 0 || !order[i - 1].Equals(order[i]))
                counts.Add((with, without));
        }

        return with == 0 || without == 0 ? null : counts;
    }
}
