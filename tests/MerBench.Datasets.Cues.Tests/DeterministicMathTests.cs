namespace MerBench.Datasets.Cues.Tests;

public sealed class DeterministicMathTests
{
    [Test]
    public void Own_functions_agree_with_the_platform()
    {
        for (int i = -2000; i <= 2000; i++)
        {
            double x = i * 0.01237;
            Assert.That(DeterministicMath.SineOfCycles(x), Is.EqualTo(Math.Sin(2 * Math.PI * x)).Within(2e-13));
            Assert.That(DeterministicMath.Exp2(x), Is.EqualTo(Math.Pow(2, x)).Within(1e-13).Percent);
            Assert.That(DeterministicMath.Exp(x), Is.EqualTo(Math.Exp(x)).Within(1e-12).Percent);
            if (x > 0)
            {
                Assert.That(DeterministicMath.Log2(x), Is.EqualTo(Math.Log2(x)).Within(1e-14));
                Assert.That(DeterministicMath.Power(x, 3.11), Is.EqualTo(Math.Pow(x, 3.11)).Within(1e-11).Percent);
            }
        }
    }

    [Test]
    public void Bell_shaped_numbers_have_mean_0_and_variance_1()
    {
        RandomStream random = RandomStream.For("bell");
        double[] numbers = [.. Enumerable.Range(0, 100_000).Select(_ => DeterministicMath.NextBell(random))];
        Assert.That(numbers.Average(), Is.EqualTo(0).Within(0.02));
        Assert.That(numbers.Average(n => n * n), Is.EqualTo(1).Within(0.03));
    }
}
