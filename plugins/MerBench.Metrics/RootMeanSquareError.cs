namespace MerBench.Metrics;

/// <summary>Root mean square error, in the units of the ratings. NaN for no clips.</summary>
[Metric("rmse", Summary = "Root mean square error", Name = "the root mean squared error", Symbol = "RMSE", Objectives = ["mse", "mae"])]
public sealed class RootMeanSquareError : IMetric
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
            sum += (actual[i] - predicted[i]) * (actual[i] - predicted[i]);
        return Math.Sqrt(sum / actual.Length);
    }
}
