using MathNet.Numerics.Distributions;

namespace MerBench.Models.Composed.Smoothing;

/// <summary>
/// Order statistics between which a quantile of a distribution lies, from draws of it. Of <c>n</c> draws, the number below the quantile of
/// order <c>q</c> is binomial with <c>n</c> and <c>q</c>, so that these bounds are exact and assume nothing of the distribution
/// (Conover, Practical Nonparametric Statistics, section 3.2).
/// </summary>
internal static class QuantileBounds
{
    /// <summary>The largest <c>k</c> with <c>P(Bin(n, q) &lt; k) &lt;= alpha</c>: the k-th smallest draw lies above the quantile with
    /// probability alpha at most.</summary>
    /// <returns>From 1; 0 where even the smallest draw may lie above it.</returns>
    public static int Lower(int draws, double order, double alpha) => CountBelow(k => Cumulative(draws, order, k - 1) <= alpha, draws);

    /// <summary>The smallest <c>k</c> with <c>P(Bin(n, q) &gt;= k) &lt;= alpha</c>: the k-th smallest draw lies below the quantile with
    /// probability alpha at most.</summary>
    /// <returns>To <paramref name="draws"/>; one more where even the largest draw may lie below it.</returns>
    public static int Upper(int draws, double order, double alpha) =>
        // The mirror image: of draws that are counted from above, 1 - q.
        draws + 1 - Lower(draws, 1 - order, alpha);

    /// <summary><c>P(Bin(n, p) &lt;= k)</c>.</summary>
    public static double Cumulative(int draws, double probability, int successes)
    {
        if (successes < 0)
            return 0;
        if (successes >= draws || probability <= 0)
            return 1;
        return probability >= 1 ? 0 : Binomial.CDF(probability, draws, successes);
    }

    // How many of 1..n satisfy a condition that holds up to some number.
    private static int CountBelow(Func<int, bool> holds, int n)
    {
        int low = 0,
            high = n;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (holds(middle))
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }
}
