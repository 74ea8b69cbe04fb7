namespace MerBench.Metrics;

/// <summary>
/// Lin's concordance correlation coefficient with variances that divide by N, as Lin (1989) does:
/// <c>2 s_xy / (s_x^2 + s_y^2 + (mean_x - mean_y)^2)</c>. NaN for no clips, or when ratings or predictions are all the same: it is r times
/// a measure of bias, and there is no r.
/// </summary>
[Metric(
    "ccc",
    Summary = "Concordance correlation coefficient",
    Source = "Lin 1989, Biometrics 45(1), 255-268",
    Name = "the concordance correlation coefficient",
    Symbol = "CCC",
    Objectives = ["ccc", "pearson"]
)]
[Reference(
    """
        @article{lin1989,
          author  = {Lin, Lawrence I-Kuei},
          title   = {A Concordance Correlation Coefficient to Evaluate Reproducibility},
          journal = {Biometrics},
          volume  = {45},
          number  = {1},
          pages   = {255--268},
          year    = {1989},
          doi     = {10.2307/2532051},
        }
        """
)]
public sealed class ConcordanceCorrelation : IMetric
{
    /// <inheritdoc/>
    public bool HigherIsBetter => true;

    /// <inheritdoc/>
    public double Compute(ReadOnlySpan<double> actual, ReadOnlySpan<double> predicted)
    {
        if (Pairs.AreMissing(actual, predicted) || Moments.IsConstant(actual) || Moments.IsConstant(predicted))
            return double.NaN;
        var m = Moments.Compute(actual, predicted);
        double bias = m.MeanX - m.MeanY;
        return 2 * m.Covariance / (m.VarianceX + m.VarianceY + (bias * bias));
    }
}
