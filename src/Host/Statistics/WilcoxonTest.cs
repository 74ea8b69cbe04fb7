using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace MerBench.Host.Statistics;

/// <summary>
/// Wilcoxon's signed-rank test, two-sided, as <c>scipy.stats.wilcoxon</c> has it: zero differences are dropped; the exact distribution up
/// to 50 differences without
/// ties and zeros, else the normal approximation, corrected for ties, without continuity correction.
/// </summary>
/// <param name="W">The smaller of the two rank sums.</param>
/// <param name="RankBiserial">Matched-pairs rank-biserial correlation (Kerby 2014): the share of rank sum of positive differences minus
/// that of negative ones, -1 to 1.</param>
public sealed record WilcoxonTest(double W, double P, double RankBiserial)
{
    private const int LargestExact = 50;

    public static WilcoxonTest Compute(IReadOnlyCollection<double> differences)
    {
        double[] nonzero = [.. differences.Where(d => d != 0)];
        int n = nonzero.Length;
        if (n == 0)
            return new WilcoxonTest(0, 1, 0);
        double[] sizes = [.. nonzero.Select(Math.Abs)],
            ranks = sizes.Ranks(RankDefinition.Average);
        double plus = nonzero.Zip(ranks, (d, r) => d > 0 ? r : 0).Sum(),
            all = n * (n + 1) / 2.0,
            w = Math.Min(plus, all - plus);
        bool exact = n == differences.Count && n <= LargestExact && sizes.Distinct().Count() == n;
        return new WilcoxonTest(w, exact ? Math.Min(1, 2 * Exact(n, (int)w)) : Approximate(w, n, sizes), ((2 * plus) - all) / all);
    }

    // The share of the 2^n signings of the ranks whose positive ranks sum to at most w.
    private static double Exact(int n, int w)
    {
        var shares = new double[(n * (n + 1) / 2) + 1];
        shares[0] = 1;
        for (int rank = 1; rank <= n; rank++)
        for (int sum = shares.Length - 1; sum >= 0; sum--)
            shares[sum] = (shares[sum] + (sum >= rank ? shares[sum - rank] : 0)) / 2;
        return shares.Take(w + 1).Sum();
    }

    private static double Approximate(double w, int n, double[] sizes)
    {
        double ties = sizes.GroupBy(s => s).Sum(g => Math.Pow(g.Count(), 3) - g.Count());
        double sd = Math.Sqrt(((n * (n + 1.0) * ((2 * n) + 1)) - (ties / 2)) / 24);
        return 2 * Normal.CDF(0, 1, -Math.Abs(w - (n * (n + 1) / 4.0)) / sd);
    }
}
