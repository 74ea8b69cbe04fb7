using MerBench.Host.Runs;

namespace MerBench.Tests.Execution;

public sealed class WorkEstimateTests
{
    private static readonly WorkKind Pgd = new("vgg", "pgd"),
        Noise = new("vgg", "noise"),
        PgdOnRidge = new("ridge", "pgd");

    [Test]
    public void Nothing_is_known_before_anything_is_done() =>
        Assert.That(new WorkEstimate(new Dictionary<WorkKind, int> { [Pgd] = 3 }, 2).Left(), Is.Null);

    [Test]
    public void Cells_are_estimated_by_model_and_perturbation()
    {
        var estimate = new WorkEstimate(
            new Dictionary<WorkKind, int>
            {
                [Pgd] = 3,
                [Noise] = 11,
                [PgdOnRidge] = 2,
            },
            0
        );
        estimate.CellFinished(Pgd, 10);
        estimate.CellFinished(Noise, 1);
        Assert.That(estimate.Left(), Is.EqualTo(TimeSpan.FromSeconds((2 * 10) + (10 * 1) + (2 * 10))), "other models count as those seen");
        estimate.CellFinished(PgdOnRidge, 4);
        Assert.That(estimate.Left(), Is.EqualTo(TimeSpan.FromSeconds((2 * 10) + (10 * 1) + (1 * 4))));
    }

    [Test]
    public void Cells_from_the_store_take_no_time_and_teach_nothing()
    {
        var estimate = new WorkEstimate(new Dictionary<WorkKind, int> { [Pgd] = 3 }, 0);
        estimate.CellFinished(Pgd, null);
        estimate.CellFinished(Pgd, 10);
        Assert.That(estimate.Left(), Is.EqualTo(TimeSpan.FromSeconds(10)));
    }

    [Test]
    public void A_model_in_training_counts_by_its_share()
    {
        var estimate = new WorkEstimate(new Dictionary<WorkKind, int>(), 2);
        estimate.ModelFinished(100);
        Assert.That(estimate.Left([(25, 0.25)]), Is.EqualTo(TimeSpan.FromSeconds(75)));
    }

    [Test]
    public void A_cell_that_is_computed_counts_by_its_share()
    {
        var estimate = new WorkEstimate(new Dictionary<WorkKind, int> { [Pgd] = 3 }, 0);
        Assert.That(estimate.Left(cells: [(Pgd, 1, 0.01)]), Is.Null, "too little is done");
        Assert.That(
            estimate.Left(cells: [(Pgd, 30, 0.25)]),
            Is.EqualTo(TimeSpan.FromSeconds(90 + (2 * 120))),
            "the first one tells of the others"
        );
        estimate.CellFinished(Pgd, 100);
        Assert.That(estimate.Left(cells: [(Pgd, 10, 0)]), Is.EqualTo(TimeSpan.FromSeconds(90 + 100)), "without a share, others tell");
    }

    [Test]
    public void Workers_share_what_is_left()
    {
        var estimate = new WorkEstimate(new Dictionary<WorkKind, int> { [Pgd] = 5 }, 3, workers: 2);
        estimate.CellFinished(Pgd, 10);
        Assert.That(estimate.Left([(25, 0.25), (50, 0.5)]), Is.EqualTo(TimeSpan.FromSeconds((100 + 75 + 50 + (4 * 10)) / 2.0)));
    }
}
