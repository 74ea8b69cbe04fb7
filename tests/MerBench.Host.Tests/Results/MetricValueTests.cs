using MerBench.Host.Results;

namespace MerBench.Tests.Results;

public sealed class MetricValueTests
{
    [TestCase(0.1, 0.3, false, 0.2)]
    [TestCase(0.9, 0.3, true, 0.6)]
    [TestCase(0.3, 0.1, false, -0.2)]
    public void Harm_is_positive_when_predictions_get_worse(double clean, double perturbed, bool higherIsBetter, double harm) =>
        Assert.That(MetricValue.From(clean, perturbed, higherIsBetter).Harm, Is.EqualTo(harm).Within(1e-12));

    [Test]
    public void What_is_not_defined_is_null() =>
        Assert.That(MetricValue.From(0.5, double.NaN, true), Is.EqualTo(new MetricValue(0.5, null, null)));
}
