namespace MerBench.Metrics;

/// <summary>Means, variances and covariance of paired numbers, by two passes; variances and covariance divide by N (biased).</summary>
internal readonly record struct Moments(double MeanX, double MeanY, double VarianceX, double VarianceY, double Covariance)
{
    /// <summary>The moments of at least one pair.</summary>
    public static Moments Compute(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double meanX = Mean(x),
            meanY = Mean(y),
            varianceX = 0,
            varianceY = 0,
            covariance = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double dx = x[i] - meanX,
                dy = y[i] - meanY;
            varianceX += dx * dx;
            varianceY += dy * dy;
            covariance += dx * dy;
        }

        return new Moments(meanX, meanY, varianceX / x.Length, varianceY / x.Length, covariance / x.Length);
    }

    /// <summary>True when all values are the same; a variance would be off zero by rounding.</summary>
    public static bool IsConstant(ReadOnlySpan<double> values) => !values.ContainsAnyExcept(values[0]);

    private static double Mean(ReadOnlySpan<double> values)
    {
        // A constant is its own mean, exactly.
        if (IsConstant(values))
            return values[0];
        double sum = 0;
        foreach (double value in values)
            sum += value;
        return sum / values.Length;
    }
}
