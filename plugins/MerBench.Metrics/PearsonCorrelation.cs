namespace MerBench.Metrics;

/// <summary>Pearson's product-moment correlation r. NaN for no clips, or when ratings or predictions are all the same.</summary>
[Metric(
    "pearson",
    Summary = "Pearson correlation r",
    Name = "Pearson's r",
    Symbol = "r",
    IsHeadline = true,
    Objectives = ["pearson", "ccc"]
)]
public sealed class PearsonCorrelation : IMetric
{
    /// <inheritdoc/>
    public bool HigherIsBetter => true;

    /// <inheritdoc/>
    public double Compute(ReadOnlySpan<double> actual, ReadOnlySpan<double> predicted)
    {
        if (Pairs.AreMissing(actual, predicted) || Moments.IsConstant(actual) || Moments.IsConstant(predicted))
            return double.NaN;
        var m = Moments.Compute(actual, predicted);
        return Math.Clamp(m.Covariance / (Math.Sqrt(m.VarianceX) * Math.Sqrt(m.VarianceY)), -1, 1);
    }
}
