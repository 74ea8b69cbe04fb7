namespace MerBench;

/// <summary>A measure of agreement between ratings and predictions of one label over many clips. The host averages over labels: over those
/// in which the measure is defined for clean and for perturbed predictions, and for all seeds; it says which it left out.</summary>
public interface IMetric
{
    /// <summary>True for agreement (Pearson r), false for error (MAE). Harm is signed so that larger is always worse.</summary>
    bool HigherIsBetter { get; }

    /// <summary>Computes the metric.</summary>
    /// <param name="actual">Ratings of the clips, <c>[N]</c>.</param>
    /// <param name="predicted">Predictions of the same clips, <c>[N]</c>, all finite.</param>
    /// <returns>The value, or NaN where it is not defined: an agreement with ratings or predictions that do not vary is none, not
    /// 0.</returns>
    double Compute(ReadOnlySpan<double> actual, ReadOnlySpan<double> predicted);
}
