using MathNet.Numerics;
using MathNet.Numerics.Statistics;

namespace MerBench.Host.Statistics;

/// <summary>Standardised sizes of a mean difference of pairs.</summary>
/// <param name="CohenDz">The mean over the standard deviation of the differences (Cohen 1988).</param>
/// <param name="HedgesG">The same without its bias in small samples (Hedges 1981, exact factor).</param>
public sealed record EffectSize(double CohenDz, double HedgesG)
{
    public static EffectSize Compute(IReadOnlyCollection<double> differences)
    {
        double d = differences.Mean() / differences.StandardDeviation(),
            degrees = differences.Count - 1;
        double unbiased =
            degrees > 1
                ? Math.Exp(SpecialFunctions.GammaLn(degrees / 2) - SpecialFunctions.GammaLn((degrees - 1) / 2)) / Math.Sqrt(degrees / 2)
                : double.NaN;
        return new EffectSize(d, d * unbiased);
    }
}
