using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace MerBench.Host.Statistics;

/// <summary>A two-sided t-test of a mean against zero.</summary>
/// <param name="Mean">What is tested.</param>
/// <param name="StandardError">Of the mean.</param>
/// <param name="T">The mean over its standard error; infinite or NaN when nothing varies.</param>
/// <param name="P">Probability of a larger |t| if the mean were zero.</param>
public sealed record TTest(double Mean, double StandardError, double T, double DegreesOfFreedom, double P)
{
    /// <summary>Student's paired t-test, given the differences of the pairs; <c>scipy.stats.ttest_1samp</c> of them.</summary>
    public static TTest Paired(IReadOnlyCollection<double> differences) =>
        Create(differences.Mean(), differences.StandardDeviation() / Math.Sqrt(differences.Count), differences.Count - 1);

    internal static TTest Create(double mean, double standardError, double degreesOfFreedom)
    {
        double t = mean / standardError;
        double p = t switch
        {
            double.NaN => double.NaN,
            double.PositiveInfinity or double.NegativeInfinity => 0,
            _ => 2 * StudentT.CDF(0, 1, degreesOfFreedom, -Math.Abs(t)),
        };
        return new TTest(mean, standardError, t, degreesOfFreedom, p);
    }

    /// <summary>The interval of 95 % around the mean; the mean alone where nothing can be said of its error.</summary>
    internal Interval Interval()
    {
        double half = DegreesOfFreedom > 0 && StandardError > 0 ? StandardError * StudentT.InvCDF(0, 1, DegreesOfFreedom, 0.975) : 0;
        return new Interval(Mean - half, Mean + half);
    }

    /// <summary>The larger of the two one-sided p-values of <c>|mean| &lt; margin</c> (TOST; Schuirmann 1987): small when the mean is shown
    /// to be within the margin.</summary>
    /// <param name="margin">Largest mean that counts as none, above 0.</param>
    public double EquivalenceP(double margin)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(margin);
        double nearest = margin - Math.Abs(Mean);
        if (double.IsNaN(nearest))
            return double.NaN;
        if (StandardError == 0)
            return nearest > 0 ? 0 : 1;
        return StudentT.CDF(0, 1, DegreesOfFreedom, -nearest / StandardError);
    }
}
