using MerBench.Host.Checks.Cells;
using MerBench.Host.Plugins;

namespace MerBench.Tests.Checks;

public sealed class OtherObjectiveCheckTests
{
    private static readonly MetricDescription Error = MetricDescription.FromId("error") with { Objectives = ["mse", "mae"] };
    private static readonly MetricDescription Agreement = MetricDescription.FromId("agreement") with { Objectives = ["pearson"] };
    private static readonly MetricDescription Silent = MetricDescription.FromId("silent");

    [TestCase("mse")]
    [TestCase("pearson")]
    public void An_objective_that_a_reported_metric_names_is_not_doubted(string objective) =>
        Assert.That(Examine(objective, Error, Agreement, Silent), Is.Empty);

    [Test]
    public void An_objective_that_none_names_is_doubted_with_the_metrics_that_name_some() =>
        Assert.That(
            Examine("any", Error, Silent, Agreement),
            Has.One.StartsWith("it maximised 'any', which none of the reported metrics (error, agreement) measures")
        );

    [Test]
    public void A_metric_that_names_no_objectives_doubts_no_attack() => Assert.That(Examine("any", Silent), Is.Empty);

    [Test]
    public void A_metric_that_names_no_objectives_does_not_excuse_the_others() =>
        Assert.That(Examine("mse", Silent, Agreement), Is.Not.Empty);

    private static IEnumerable<string> Examine(string objective, params MetricDescription[] metrics) =>
        new OtherObjectiveCheck().Examine(Evidence.HonestCell with { Objective = objective, Metrics = metrics }).Select(d => d.Reason);
}
