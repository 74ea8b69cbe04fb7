namespace MerBench.Metrics.Tests;

/// <summary>Areas under curves whose values scikit-learn's documentation gives, or which can be counted by hand.</summary>
public sealed class TagMetricTests
{
    // The example of roc_auc_score and average_precision_score in scikit-learn's documentation: 0.75 and 0.83....
    [TestCase(new double[] { 0, 0, 1, 1 }, new[] { 0.1, 0.4, 0.35, 0.8 }, 3.0 / 4, 5.0 / 6)]
    // All equal: every pair is a tie, and precision is the share of the tag.
    [TestCase(new double[] { 0, 1, 0, 0 }, new[] { 0.5, 0.5, 0.5, 0.5 }, 1.0 / 2, 1.0 / 4)]
    // A tie of three across the classes: pairs 1 + 1/2 + 1/2 + 1 of 4; precisions 1/1 at recall 1/2 and 2/3 at recall 1.
    [TestCase(new double[] { 1, 1, 0, 0 }, new[] { 0.9, 0.5, 0.5, 0.1 }, 3.5 / 4, (1 + (2.0 / 3)) / 2)]
    [TestCase(new double[] { 1, 0 }, new[] { -3.0, 7 }, 0, 1.0 / 2)]
    // Ratings between 0 and 1: above the middle is the tag, the middle itself is not.
    [TestCase(new[] { 0.5, 0.51, 0.2, 0.9 }, new[] { 0.3, 0.6, 0.7, 0.8 }, 3.0 / 4, (1 + (2.0 / 3)) / 2)]
    public void Areas_are_those_of_scikit_learn(double[] actual, double[] predicted, double roc, double precision)
    {
        Assert.That(new RocAuc(new TagOptions()).Compute(actual, predicted), Is.EqualTo(roc).Within(1e-12));
        Assert.That(new PrAuc(new TagOptions()).Compute(actual, predicted), Is.EqualTo(precision).Within(1e-12));
    }

    [Test]
    public void Another_threshold_makes_other_tags()
    {
        double[] actual = [2, 6, 4, 8],
            predicted = [0.1, 0.9, 0.2, 0.3];
        Assert.That(new RocAuc(new TagOptions()).Compute(actual, predicted), Is.NaN, "all have the tag");
        Assert.That(new RocAuc(new TagOptions(Threshold: 5)).Compute(actual, predicted), Is.EqualTo(1).Within(1e-12));
        Assert.That(new PrAuc(new TagOptions(Threshold: 7)).Compute(actual, predicted), Is.EqualTo(1.0 / 2).Within(1e-12));
    }

    // The definition, pair by pair and threshold by threshold, on many ties.
    [Test]
    public void Areas_are_those_of_their_definitions_whatever_is_tied()
    {
        RandomStream random = RandomStream.For("tags");
        for (int trial = 0; trial < 50; trial++)
        {
            double[] actual = [.. Enumerable.Range(0, 30).Select(i => i < 2 ? i : Math.Round(random.NextDouble()))],
                predicted = [.. Enumerable.Range(0, 30).Select(_ => Math.Round(random.NextDouble() * 8) / 8)];
            Assert.That(new RocAuc(new TagOptions()).Compute(actual, predicted), Is.EqualTo(Pairwise(actual, predicted)).Within(1e-12));
            Assert.That(new PrAuc(new TagOptions()).Compute(actual, predicted), Is.EqualTo(Stepwise(actual, predicted)).Within(1e-12));
        }
    }

    private static double Pairwise(double[] actual, double[] predicted) =>
        (
            from i in Enumerable.Range(0, actual.Length)
            from j in Enumerable.Range(0, actual.Length)
            where actual[i] == 1 && actual[j] == 0
            select (Math.Sign(predicted[i] - predicted[j]) + 1) / 2.0
        ).Average();

    private static double Stepwise(double[] actual, double[] predicted)
    {
        double sum = 0,
            recall = 0;
        foreach (double least in predicted.Distinct().OrderDescending())
        {
            double[] found = [.. actual.Where((_, i) => predicted[i] >= least)];
            double reached = found.Sum() / actual.Sum();
            sum += (reached - recall) * found.Average();
            recall = reached;
        }

        return sum;
    }
}
