namespace MerBench.Metrics;

/// <summary>Mean absolute error, in the units of the ratings. NaN for no clips.</summary>
[Metric(
    "mae",
    Summary = "Mean absolute error",
    Name = "the mean absolute error",
    Symbol = "MAE",
    IsHeadline = true,
    Objectives = ["mse", "mae"]
)]
public sealed class MeanAbsoluteError : IMetric
{
    /// <inheritdoc/>
    public bool HigherIsBetter => false;

    /// <inheritdoc/>
    public double Compute(ReadOnlySpan<double> actual, ReadOnlySpan<double> predicted)
    {
        if (Pairs.AreMissing(actual, predicted))
            return double.NaN;
        double sum = 0;
        for (int i = 0; i < actual.Length; i++)
            sum += Math.Abs(actual[i] - predicted[i]);
        return sum / actual.Length;
    }
}
