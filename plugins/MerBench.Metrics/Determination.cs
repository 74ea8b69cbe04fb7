namespace MerBench.Metrics;

/// <summary>
/// Coefficient of determination, <c>1 - sum (y - p)^2 / sum (y - mean y)^2</c>: 1 is perfect, 0 is as good as the mean rating, below 0 is
/// worse. NaN for no clips, or when the ratings are all the same.
/// </summary>
[Metric(
    "r2",
    Summary = "Coefficient of determination R2",
    Name = "the coefficient of determination",
    Symbol = "R2",
    Objectives = ["mse", "mae"]
)]
public sealed class Determination : IMetric
{
    /// <inheritdoc/>
    public bool HigherIsBetter => true;

    /// <inheritdoc/>
    public double Compute(ReadOnlySpan<double> actual, ReadOnlySpan<double> predicted)
    {
        if (Pairs.AreMissing(actual, predicted) || Moments.IsConstant(actual))
            return double.NaN;
        double residual = 0;
        for (int i = 0; i < actual.Length; i++)
            residual += (actual[i] - predicted[i]) * (actual[i] - predicted[i]);
        return 1 - (residual / actual.Length / Moments.Compute(actual, predicted).VarianceX);
    }
}
