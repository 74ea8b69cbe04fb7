using MathNet.Numerics.Statistics;

namespace MerBench.Host.Statistics;

/// <summary>The numbers of a box plot, and mean and standard deviation.</summary>
/// <param name="Sd">Population standard deviation (divided by n).</param>
/// <param name="Q1">First quartile, linearly interpolated (R's type 7, numpy's default).</param>
/// <param name="Low">Lower whisker: the smallest value within 1.5 interquartile ranges below the box.</param>
/// <param name="High">Upper whisker.</param>
public sealed record Spread(double Mean, double Sd, double Median, double Q1, double Q3, double Low, double High)
{
    /// <summary>Of the values that are numbers; NaN throughout where none is.</summary>
    public static Spread Compute(IEnumerable<double> all)
    {
        double[] values = [.. all.Where(double.IsFinite).DefaultIfEmpty(double.NaN)];
        if (double.IsNaN(values[0]))
            return new Spread(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);
        double q1 = values.QuantileCustom(0.25, QuantileDefinition.R7),
            q3 = values.QuantileCustom(0.75, QuantileDefinition.R7),
            reach = 1.5 * (q3 - q1);
        return new Spread(
            values.Mean(),
            values.PopulationStandardDeviation(),
            values.QuantileCustom(0.5, QuantileDefinition.R7),
            q1,
            q3,
            values.Where(v => v >= q1 - reach).Min(),
            values.Where(v => v <= q3 + reach).Max()
        );
    }
}
