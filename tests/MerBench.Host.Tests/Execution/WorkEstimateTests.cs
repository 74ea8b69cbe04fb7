using MerBench.Host.Execution;

namespace MerBench.Tests.Execution;

public sealed class WorkEstimateTests
{
    [Test]
    public void Nothing_is_known_before_anything_is_done() =>
        Assert.That(new WorkEstimate(new Dictionary<string, int> { ["pgd"] = 3 }, 2).Left(), Is.Null);

    [Test]
    public void Cells_are_estimated_by_their_perturbation()
    {
        var estimate = new WorkEstimate(new Dictionary<string, int> { ["pgd"] = 3, ["noise"] = 11 }, 0);
        estimate.CellFinished("pgd", 10);
        estimate.CellFinished("noise", 1);
        Assert.That(estimate.Left(), Is.EqualTo(TimeSpan.FromSeconds((2 * 10) + (10 * 1))));
    }

    [Test]
    public void Cells_from_the_store_take_no_time_and_teach_nothing()
    {
        var estimate = new WorkEstimate(new Dictionary<string, int> { ["pgd"] = 3 }, 0);
        estimate.CellFinished("pgd", null);
        estimate.CellFinished("pgd", 10);
        Assert.That(estimate.Left(), Is.EqualTo(TimeSpan.FromSeconds(10)));
    }

    [Test]
    public void A_model_in_training_counts_by_its_share()
    {
        var estimate = new WorkEstimate(new Dictionary<string, int>(), 2);
        estimate.ModelFinished(100);
        Assert.That(estimate.Left((25, 0.25)), Is.EqualTo(TimeSpan.FromSeconds(75)));
    }

    [Test]
    public void Workers_share_what_is_left()
    {
        var estimate = new WorkEstimate(new Dictionary<string, int> { ["pgd"] = 5 }, 3, workers: 2);
        estimate.CellFinished("pgd", 10);
        Assert.That(estimate.Left((25, 0.25), (50, 0.5)), Is.EqualTo(TimeSpan.FromSeconds((100 + 75 + 50 + (4 * 10)) / 2.0)));
    }
}
