using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Events;
using MerBench.Host.Results;
using MerBench.Host.Runs;
using MerBench.Host.Runs.Executors;
using MerBench.Host.Tests.Benchmarks;
using MerBench.Host.Torch;

namespace MerBench.Host.Tests.Execution.Workers;

public sealed class WorkQueueTests
{
    private static readonly RunPlan Plan = PlanOf("models: { a: vgg, b: vgg }");

    [Test]
    public void A_model_is_made_by_one_worker_while_others_wait_and_then_help()
    {
        WorkQueue queue = Queue(Plan, ready: []);
        Assert.That(Next(queue, 0), Is.EqualTo("a / p / linf 0.1 / seed 1"));
        Assert.That(Next(queue, 1), Is.EqualTo("b / p / linf 0.1 / seed 1"));
        Assert.That(queue.Next(2), Is.Null, "both models are being made");
        queue.Ready("b");
        Assert.That(Next(queue, 2), Is.EqualTo("b / p / linf 0.2 / seed 1"));
        queue.Release(0); // without having made it
        Assert.That(Next(queue, 0), Is.EqualTo("a / p / linf 0.2 / seed 1"), "stays with its model");
        Assert.That(Next(queue, 1), Is.EqualTo("b / p / linf 0.3 / seed 1"));
        Assert.That(queue.Next(2), Is.Null);
        queue.Ready("a");
        Assert.That(Next(queue, 2), Is.EqualTo("a / p / linf 0.3 / seed 1"));
        Assert.That(queue.IsEmpty);
    }

    [Test]
    public void A_cell_waits_for_the_models_it_is_crafted_on()
    {
        RunPlan plan = PlanOf("models: { a: vgg, b: vgg }");
        var queue = new WorkQueue(
            plan.Cells,
            cell => [cell.Model.Name, .. cell.Model.Name == "b" ? ["a"] : Array.Empty<string>()],
            _ => false
        );
        Assert.That(Next(queue, 0), Does.StartWith("a / "));
        Assert.That(queue.Next(1), Is.Null, "b is crafted on a");
        queue.Ready("a");
        Assert.That(Next(queue, 1), Does.StartWith("b / "));
    }

    [Test]
    public void A_cell_that_is_given_back_comes_first_and_all_of_a_model_can_be_taken_out()
    {
        WorkQueue queue = Queue(Plan, ready: ["a", "b"]);
        Cell first = queue.Next(0)!;
        queue.PutBack(first);
        Assert.That(queue.Next(0), Is.SameAs(first));
        Assert.That(queue.TakeAll("a"), Has.Count.EqualTo(2));
        Assert.That(Next(queue, 0), Does.StartWith("b / "));
    }

    [Test]
    public void Events_reach_the_run_as_they_were()
    {
        var wire = new WorkerWire(Plan);
        RunEvent[] events =
        [
            new RunEvent.CellBegun(Plan.Cells[2]),
            new RunEvent.CellProgressed(Plan.Cells[3], 0.25),
            new RunEvent.BatchHalved(Plan.Cells[0], 4),
            new RunEvent.WorkerReady("cpu", 7),
            new RunEvent.CellFinished(new CellOutcome(Plan.Cells[5], null, "it \"failed\"\nhere", FromStore: false)),
        ];
        foreach (RunEvent happened in events)
        {
            string line = wire.Write(happened);
            Assert.That(line, Does.Not.Contain('\n'));
            Assert.That(wire.ReadEvent(line), Is.EqualTo(happened));
        }

        Assert.That(
            new[] { "", "{", "{}", "hello", """{"event":"CellBegun","cell":99}""", """{"event":"Unknown"}""" }.Select(wire.ReadEvent),
            Is.All.Null
        );
    }

    [Test]
    [Platform("Linux")]
    public void Workers_that_cannot_start_end_the_run_with_what_they_said()
    {
        var request = new RunRequest("b.yaml", []) { Cache = "/nowhere", Tool = ["sh", "-c", "echo 'no room here' >&2; exit 4"] };
        var told = new List<RunEvent>();
        TorchDevice[] devices = [new(TorchSharp.torch.CPU, 1), new(TorchSharp.torch.CPU, 1)];
        using var session = new RunSession(request, Plan, devices, told.Add)
        {
            Keys = new RunKeys(Plan.Definition, _ => ("f", new Preparation()), (_, _) => "f", "cpu"),
        };
        using var executor = new WorkerProcessExecutor(session);
        var error = Assert.Throws<UserErrorException>(() =>
            executor.Run(Plan.Cells, _ => Assert.Fail("nothing can be done"), CancellationToken.None)
        )!;
        Assert.That(
            error.Message,
            Does.StartWith("No worker process could start: worker ").And.Contain("ended with exit code 4; its last words: no room here. ")
        );
        Assert.That(error.Kind, Is.EqualTo(ErrorKind.Environment));
        Assert.That(told.OfType<RunEvent.WorkerLost>().Count(), Is.EqualTo(4), "each is started twice");
    }

    private static WorkQueue Queue(RunPlan plan, string[] ready) => new(plan.Cells, cell => [cell.Model.Name], ready.Contains);

    private static string Next(WorkQueue queue, int worker) => queue.Next(worker)!.Name;

    private static RunPlan PlanOf(string models)
    {
        var definition = Fixtures
            .Read($"dataset: cues\n{models}\nperturbations: {{ p: {{ use: pgd, budgets: {{ linf: [0.1, 0.2, 0.3] }} }} }}")
            .DefinitionOrThrow();
        return new RunPlan(definition, MatrixExpansion.Expand(definition));
    }
}
