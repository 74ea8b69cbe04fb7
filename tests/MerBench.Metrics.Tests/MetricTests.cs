using System.Reflection;
using CsCheck;

namespace MerBench.Metrics.Tests;

public sealed class MetricTests
{
    private static readonly double[] Ratings = [0.1, 0.35, 0.42, 0.5, 0.77, 0.81, 0.9];
    private static readonly double[] Predictions = [0.2, 0.3, 0.55, 0.45, 0.6, 0.95, 0.7];
    private static readonly double[] Constant = [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1];

    private static IMetric Create(string id) =>
        typeof(MeanAbsoluteError)
            .Assembly.GetExportedTypes()
            .Where(t => t.GetCustomAttribute<MetricAttribute>()?.Id == id)
            .Select(t => (IMetric)Activator.CreateInstance(t, t.GetConstructor([]) is null ? [new TagOptions()] : [])!)
            .Single();

    // Computed with numpy 1.24: abs(y-p).mean(); sqrt(((y-p)**2).mean()); corrcoef(y, p)[0, 1];
    // 2*cov(y, p, bias=True)[0, 1] / (y.var() + p.var() + (y.mean()-p.mean())**2); 1 - ((y-p)**2).sum() / ((y-y.mean())**2).sum(),
    // and confirmed with exact fractions in pure Python.
    [TestCase("mae", 0.12)]
    [TestCase("rmse", 0.13114877048604004)]
    [TestCase("pearson", 0.8730739476320862)]
    [TestCase("ccc", 0.8632439800090868)]
    [TestCase("r2", 0.759392486011191)]
    // scipy 1.10: stats.kendalltau(y, p)
    [TestCase("kendall", 0.8095238095238096)]
    public void Values_agree_with_numpy(string id, double expected) =>
        Assert.That(Create(id).Compute(Ratings, Predictions), Is.EqualTo(expected).Within(1e-14));

    [Test]
    public void Kendall_corrects_for_ties_as_scipy_does() =>
        Assert.That(
            Create("kendall").Compute([1, 2, 2, 3, 3, 3, 4, 5, 5, 6], [2, 1, 3, 3, 3, 5, 4, 4, 6, 6]),
            Is.EqualTo(0.75).Within(1e-14)
        );

    [Test]
    public void Kendall_is_what_counting_all_pairs_gives() =>
        Gen.Select(Gen.Int[0, 12], Gen.Int[0, 12])
            .Array[2, 60]
            .Sample(pairs =>
            {
                double[] x = Array.ConvertAll(pairs, p => (double)p.Item1),
                    y = Array.ConvertAll(pairs, p => (double)p.Item2);
                double tau = Create("kendall").Compute(x, y);
                int Sign(double[] of, int i, int j) => Math.Sign(of[i] - of[j]);
                var all = Enumerable
                    .Range(0, x.Length)
                    .SelectMany(i => Enumerable.Range(0, i).Select(j => (X: Sign(x, i, j), Y: Sign(y, i, j))))
                    .ToList();
                double expected = all.Sum(p => p.X * p.Y) / Math.Sqrt(all.Count(p => p.X != 0)) / Math.Sqrt(all.Count(p => p.Y != 0));
                return double.IsNaN(expected) ? double.IsNaN(tau) : Math.Abs(tau - expected) < 1e-12;
            });

    [TestCase("mae", 0, false)]
    [TestCase("rmse", 0, false)]
    [TestCase("pearson", 1, true)]
    [TestCase("ccc", 1, true)]
    [TestCase("r2", 1, true)]
    [TestCase("kendall", 1, true)]
    [TestCase("roc-auc", 1, true)]
    [TestCase("pr-auc", 1, true)]
    public void Perfect_predictions_reach_the_best_value(string id, double best, bool higherIsBetter)
    {
        Assert.That(Create(id).Compute(Ratings, Ratings), Is.EqualTo(best).Within(1e-15));
        Assert.That(Create(id).HigherIsBetter, Is.EqualTo(higherIsBetter));
    }

    [TestCase("mae", "the mean absolute error", "MAE", true, "mse mae")]
    [TestCase("rmse", "the root mean squared error", "RMSE", false, "mse mae")]
    [TestCase("pearson", "Pearson's r", "r", true, "pearson ccc")]
    [TestCase("ccc", "the concordance correlation coefficient", "CCC", false, "pearson ccc")]
    [TestCase("r2", "the coefficient of determination", "R2", false, "mse mae")]
    [TestCase("kendall", "Kendall's tau-b", "tau", false, "pearson ccc")]
    [TestCase("roc-auc", "the area under the ROC curve", "ROC-AUC", false, "mse mae pearson ccc")]
    [TestCase("pr-auc", "the area under the precision-recall curve", "PR-AUC", false, "mse mae pearson ccc")]
    public void A_metric_says_what_it_is_called_and_which_objectives_show_in_it(
        string id,
        string name,
        string symbol,
        bool isHeadline,
        string objectives
    )
    {
        MetricAttribute metric = Create(id).GetType().GetCustomAttribute<MetricAttribute>()!;
        Assert.That((metric.Name, metric.Symbol, metric.IsHeadline), Is.EqualTo((name, symbol, isHeadline)));
        Assert.That(metric.Objectives, Is.EquivalentTo(objectives.Split(' ')).And.SubsetOf(Objective.Names));
    }

    // The mean of seven times 0.1 is not 0.1 in floating point: a variance test would miss the constant.
    [Test]
    public void Constant_ratings_leave_agreement_and_explained_variance_undefined(
        [Values("pearson", "r2", "ccc", "roc-auc", "pr-auc")] string id
    ) => Assert.That(Create(id).Compute(Constant, Predictions), Is.NaN);

    [Test]
    public void Constant_predictions_agree_with_nothing([Values("pearson", "ccc")] string id) =>
        Assert.That(Create(id).Compute(Ratings, Constant), Is.NaN);

    // An error has a value whatever varies, and so has the share of variance that predictions miss.
    [TestCase("mae", 0.45)]
    [TestCase("rmse", 0.5234364472270864)]
    [TestCase("r2", -2.8327338129496407)]
    public void Errors_of_constant_predictions_are_defined(string id, double expected) =>
        Assert.That(Create(id).Compute(Ratings, Constant), Is.EqualTo(expected).Within(1e-12));

    [Test]
    public void Predicting_the_mean_rating_explains_no_variance()
    {
        double[] mean = [.. Ratings.Select(_ => Ratings.Average())];
        Assert.That(Create("r2").Compute(Ratings, mean), Is.EqualTo(0).Within(1e-15));
    }

    [Test]
    public void Two_equal_constants_have_no_concordance() => Assert.That(Create("ccc").Compute(Constant, Constant), Is.NaN);

    [Test]
    public void Nothing_is_measured_on_no_clips([Values("mae", "rmse", "pearson", "ccc", "r2", "roc-auc", "pr-auc")] string id) =>
        Assert.That(Create(id).Compute([], []), Is.NaN);

    [Test]
    public void Columns_of_different_length_are_refused([Values("mae", "rmse", "pearson", "ccc", "r2", "roc-auc", "pr-auc")] string id) =>
        Assert.That(() => Create(id).Compute([1, 2, 3], [1, 2]), Throws.ArgumentException);

    [Test]
    public void Correlation_survives_shift_and_scale_and_concordance_does_not()
    {
        double[] moved = [.. Predictions.Select(p => 1e6 + (3 * p))];
        Assert.That(Create("pearson").Compute(Ratings, moved), Is.EqualTo(0.8730739476320862).Within(1e-9));
        Assert.That(Create("ccc").Compute(Ratings, moved), Is.EqualTo(0).Within(1e-9));
    }

    [Test]
    public void Metrics_stay_in_their_ranges_and_mean_absolute_error_below_its_square_mean() =>
        Gen.Double[-5, 5]
            .Array[2, 40]
            .SelectMany(actual => Gen.Double[-5, 5].Array[actual.Length].Select(predicted => (actual, predicted)))
            .Sample(
                (actual, predicted) =>
                {
                    double Value(string id) => Create(id).Compute(actual, predicted);
                    return Value("mae") >= 0
                        && Value("mae") <= Value("rmse") + 1e-12
                        && Value("pearson") is double.NaN or (>= -1 and <= 1)
                        && Value("ccc") is double.NaN or (>= -1 and <= 1)
                        && Value("r2") is double.NaN or <= 1;
                }
            );
}
