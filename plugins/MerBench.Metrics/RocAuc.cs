namespace MerBench.Metrics;

/// <summary>
/// Area under the receiver operating characteristic: how often a clip with a tag is predicted higher than one without, ties counting half
/// (scikit-learn's <c>roc_auc_score</c>). NaN for no clips, or when all or none have the tag.
/// </summary>
/// <param name="options">Which clips have the tag.</param>
[Metric(
    "roc-auc",
    Summary = "Area under the ROC curve, of tags: binary ratings, or ratings above a threshold",
    Source = "scikit-learn, roc_auc_score",
    Name = "the area under the ROC curve",
    Symbol = "ROC-AUC",
    Objectives = ["mse", "mae", "pearson", "ccc"]
)]
public sealed class RocAuc(TagOptions options) : IMetric
{
    /// <inheritdoc/>
    public bool HigherIsBetter => true;

    /// <inheritdoc/>
    public double Compute(ReadOnlySpan<double> actual, ReadOnlySpan<double> predicted)
    {
        if (RankedTags.Count(actual, predicted, options.Threshold) is not { } counts)
            return double.NaN;
        // Twice the area in whole pairs, which no rounding touches.
        long area = 0;
        (long With, long Without) last = (0, 0);
        foreach ((long With, long Without) next in counts)
        {
            area += (next.Without - last.Without) * (next.With + last.With);
            last = next;
        }

        return area / (2.0 * last.With * last.Without);
    }
}
