using MerBench.Host.Checks;
using MerBench.Host.Plugins;
using MerBench.Host.Results;


namespace MerBench.Tests.Checks;

public sealed class ObjectiveCheckTests
{
    private static readonly MetricDescription Error = MetricDescription.FromId("error") with { Objectives = ["mse", "mae"] };
    private static readonly MetricDescription Agreement = MetricDescription.FromId("agreement") with { Objectives = ["pearson"] };
    private static readonly MetricDescription Silent = MetricDescription.FromId("silent");

    [TestCase("mse")]
    [TestCase("pearson")]
    public void An_objective_that_a_reported_metric_names_is_not_doubted(string objective) =>
        Assert.That(ObjectiveCheck.Judge(objective, [Error, Agreement, Silent]), Is.Null);

    [Test]
    public void An_objective_that_none_names_is_doubted_with_the_metrics_that_name_some()
    {
        Doubt doubt = ObjectiveCheck.Judge("any", [Error, Silent, Agreement])!;
        Assert.That(doubt.Check, Is.EqualTo("other-objective"));
        Assert.That(doubt.Reason, Does.StartWith("it maximised 'any', which none of the reported metrics (error, agreement) measures"));
    }

    [Test]
    public void A_metric_that_names_no_objectives_doubts_no_attack() => Assert.That(ObjectiveCheck.Judge("any", [Silent]), Is.Null);

    [Test]
    public void A_metric_that_names_no_objectives_does_not_excuse_the_others() =>
        Assert.That(ObjectiveCheck.Judge("mse", [Silent, Agreement]), Is.Not.Null);
}
