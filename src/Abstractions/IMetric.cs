namespace MerBench;

/// <summary>A measure of agreement between ratings and predictions of one label over many clips. The host averages over labels.</summary>
public interface IMetric
{
    /// <summary>True for agreement (Pearson r), false for error (MAE). Harm is signed so that larger is always worse.</summary>
    bool HigherIsBetter { get; }

    /// <summary>Computes the metric.</summary>
    /// <param name="actual">Ratings of the clips, <c>[N]</c>.</param>
    /// <param name="predicted">Predictions of the same clips, <c>[N]</c>, all finite.</param>
    /// <returns>The value, or NaN where it is not defined (correlation with a constant).</returns>
    double Compute(ReadOnlySpan<double> actual, ReadOnlySpan<double> predicted);
}
