using MerBench.Host.Checks;
using MerBench.Host.Checks.Results;
using MerBench.Host.Results;

namespace MerBench.Tests.Checks;

public sealed class OffScaleCheckTests
{
    [TestCase(0.51, true)]
    [TestCase(1, true)]
    [TestCase(0.5, false)]
    [TestCase(0, false)]
    public void Most_clean_predictions_outside_of_the_scale_are_doubtful(double share, bool isDoubtful)
    {
        Doubt[] doubts = [.. new OffScaleCheck().Examine(Evidence.Result(new MetricValue(share, 0, -share)))];
        Assert.That(doubts.Select(d => d.Check), Is.EqualTo(isDoubtful ? new[] { "off-scale" } : []));
    }

    [Test]
    public void Perturbed_predictions_may_lie_where_they_like() =>
        Assert.That(new OffScaleCheck().Examine(Evidence.Result(new MetricValue(0, 1, 1))), Is.Empty);
}
