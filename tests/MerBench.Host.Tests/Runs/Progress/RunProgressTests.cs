using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Data;
using MerBench.Host.Events;
using MerBench.Host.Results;
using MerBench.Host.Runs.Progress;
using MerBench.Host.Tests.Benchmarks;
using MerBench.Host.Training;

namespace MerBench.Tests.Execution.Progress;

public sealed class RunProgressTests
{
    private static readonly RunPlan Plan = PlanOf(
        """
        name: p
        dataset: cues
        models: { a: vgg, b: ridge }
        perturbations: { pgd: { use: pgd, budgets: { linf: [0.1] } }, noise: noise }
        """
    );

    private readonly RunProgress _progress = new();

    [Test]
    public void The_story_of_a_run_is_told_in_lines_counts_and_activities()
    {
        Assert.That(Line(new RunEvent.Planned(Plan)), Does.StartWith("p: 2 models, 2 perturbations, 1 seed, "));
        Assert.That(Now, Is.EqualTo(new[] { "loading libtorch and the dataset" }));
        Line(new RunEvent.Preparing(new PreparationProgress(1, 2, "clip")));
        Assert.That(_progress.Status().Now.Single(), Has.Property("Share").EqualTo(0.5));

        int cells = Plan.Cells.Count;
        Assert.That(
            Line(new RunEvent.Resumed(1, cells - 1, 1)),
            Is.EqualTo($"1 cell finished before, {cells - 1} to run, 1 model to train")
        );
        Assert.That(Now, Is.Empty);
        Assert.That(Line(new RunEvent.CellFinished(new CellOutcome(Plan.Cells[0], null, null, FromStore: true))), Is.Null, "counted above");

        Line(new RunEvent.TrainingBegun("a", 1));
        Assert.That(_progress.Status().Now.Single(), Has.Property("What").EqualTo("training a seed 1").And.Property("Share").Null);
        Assert.That(
            Line(new RunEvent.Training("a", 1, new TrainingProgress(6, 20, new EpochRow(6, 0.5, 0.5, 0.25, 2), 6), 20)),
            Is.EqualTo("training a seed 1: epoch 6 of at most 20, loss 0.5000, validation score 0.250, 5 epochs kept from before")
        );
        Assert.That(_progress.Status().SecondsLeft, Is.Null, "nobody knows how long a cell takes");
        Line(new RunEvent.Trained("a", 1, new TrainedModel("key", "trained", null)));
        Assert.That(_progress.Status().ModelsToTrain, Is.EqualTo(new ModelCounts(1, 1)));

        Line(new RunEvent.CellBegun(Plan.Cells[1]));
        Line(new RunEvent.CellProgressed(Plan.Cells[1], 1));
        Assert.That(Now, Is.EqualTo(new[] { $"checking {Plan.Cells[1].Name}" }));
        Assert.That(
            Line(new RunEvent.CellFinished(new CellOutcome(Plan.Cells[1], null, "it broke", FromStore: false))),
            Is.EqualTo($"[2/{cells}] {Plan.Cells[1].Name}: FAILED: it broke")
        );
        Assert.That(_progress.Status().Cells, Is.EqualTo(new CellCounts(cells, 2, 1, 1)));

        Line(new RunEvent.Summarising("writing results"));
        Assert.That(Now, Is.EqualTo(new[] { "writing results" }));
        RunStatus status = _progress.Status();
        Assert.That(status.Lines.Select(l => l.Number), Is.EqualTo(Enumerable.Range(1, status.LineCount)));
        Assert.That(
            status.Lines.Where(l => l.IsRemarkable).Select(l => l.Text),
            Has.Some.Contains("FAILED").And.Some.Contains("finished before").And.None.Contains("training")
        );
    }

    [Test]
    public void Signs_of_life_say_what_is_going_on_and_when_it_ends()
    {
        RunStatus status = _progress.Status() with
        {
            Cells = new CellCounts(96, 23, 1, 0),
            SecondsLeft = 720,
            Now = [new RunActivity("a / pgd / linf 0.1 / seed 1", 0.25, 60), new RunActivity("training b seed 1", null, 3700)],
        };
        Assert.That(
            StatusText.Heartbeat(status, new FixedClock("2026-11-25T14:23:00Z")),
            Is.EqualTo(
                "still at it: 23/96 cells, 1 failed, about 12 min 0 s left, until about 14:35; a / pgd / linf 0.1 / seed 1: 25 %, about "
                    + "3 min 0 s left; training b seed 1: 1 h 1 min so far"
            )
        );
        Assert.That(
            StatusText.Counts(status with { SecondsLeft = 86400 * 2 }, new FixedClock("2026-11-25T14:23:00Z")),
            Does.EndWith("about 48 h 0 min left, until about Fri 14:23")
        );
        Assert.That(
            StatusText.Counts(status with { SecondsLeft = 30 }, TimeProvider.System),
            Is.EqualTo("23/96 cells, 1 failed, about 30 s left")
        );
    }

    private string? Line(RunEvent happened) => _progress.Follow(happened)?.Text;

    private IEnumerable<string> Now => _progress.Status().Now.Select(a => a.What);

    private static RunPlan PlanOf(string yaml)
    {
        BenchmarkDefinition definition = Fixtures.Read(yaml).DefinitionOrThrow();
        return new RunPlan(definition, MatrixExpansion.Expand(definition));
    }
}
