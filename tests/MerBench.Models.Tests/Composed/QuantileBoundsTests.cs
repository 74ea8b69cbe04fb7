using MerBench.Models.Composed.Smoothing;

namespace MerBench.Tests.Composed;

/// <summary>Held to scipy 1.10: <c>stats.binom.cdf</c>, and ranks found by trying all of them.</summary>
public sealed class QuantileBoundsTests
{
    [TestCase(1000, 0.5, 450, 0.0008652680424881512)]
    [TestCase(1000, 0.3, 250, 0.00025980303652893793)]
    [TestCase(1000, 0.115, 70, 1.3112213113468197e-06)]
    [TestCase(100, 0.01, 0, 0.3660323412732295)]
    [TestCase(10_000, 0.02275, 180, 0.0005621422637559808)]
    [TestCase(32, 0.5, 15, 0.4300250329542905)]
    public void The_binomial_distribution_is_scipys(int draws, double probability, int successes, double expected) =>
        Assert.That(QuantileBounds.Cumulative(draws, probability, successes), Is.EqualTo(expected).Within(1e-12));

    [TestCase(1000, 0.5, 0.001, 451, 550)]
    [TestCase(1000, 0.3, 0.00025, 250, 751)]
    [TestCase(1000, 0.11506967022170822, 6.25e-05, 78, 923)]
    [TestCase(100, 0.5, 0.05, 42, 59)]
    [TestCase(100, 0.01, 0.001, 0, 101)]
    [TestCase(10_000, 0.022750131948179195, 0.0001, 174, 9827)]
    public void Ranks_are_those_that_trying_all_finds(int draws, double order, double alpha, int lower, int upperOfMirror)
    {
        Assert.That(QuantileBounds.Lower(draws, order, alpha), Is.EqualTo(lower));
        Assert.That(QuantileBounds.Upper(draws, 1 - order, alpha), Is.EqualTo(upperOfMirror));
    }
}
