namespace MerBench.Metrics;

/// <summary>
/// Area under the curve of precision over recall, as average precision: the precision at each prediction, weighted by the recall that it
/// adds (scikit-learn's <c>average_precision_score</c>, by which taggers are compared). NaN for no clips, or when all or none have the tag.
/// </summary>
/// <param name="options">Which clips have the tag.</param>
[Metric(
    "pr-auc",
    Summary = "Area under the precision-recall curve (average precision), of tags: binary ratings, or ratings above a threshold",
    Source = "scikit-learn, average_precision_score",
    Name = "the area under the precision-recall curve",
    Symbol = "PR-AUC",
    Objectives = ["mse", "mae", "pearson", "ccc"]
)]
public sealed class PrAuc(TagOptions options) : IMetric
{
    /// <inheritdoc/>
    public bool HigherIsBetter => true;

    /// <inheritdoc/>
    public double Compute(ReadOnlySpan<double> actual, ReadOnlySpan<double> predicted)
    {
        if (RankedTags.Count(actual, predicted, options.Threshold) is not { } counts)
            return double.NaN;
        double sum = 0;
        long before = 0;
        foreach ((long with, long without) in counts)
        {
            sum += (double)(with - before) * with / (with + without);
            before = with;
        }

        return sum / before;
    }
}
