namespace MerBench.Host.Statistics;

/// <summary>Holm's (1979) correction for testing several hypotheses: the chance of any false rejection stays below the level.</summary>
public static class HolmCorrection
{
    /// <summary>Corrected p-values, in the order given; what is not a number is not tested and stays so.</summary>
    public static double[] Correct(IReadOnlyList<double> pValues)
    {
        double[] corrected = [.. pValues];
        int[] order = [.. Enumerable.Range(0, pValues.Count).Where(i => !double.IsNaN(pValues[i])).OrderBy(i => pValues[i])];
        double largest = 0;
        for (int k = 0; k < order.Length; k++)
            corrected[order[k]] = largest = Math.Max(largest, Math.Min(1, (order.Length - k) * pValues[order[k]]));
        return corrected;
    }
}
