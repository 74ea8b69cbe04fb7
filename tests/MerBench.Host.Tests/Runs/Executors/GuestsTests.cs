using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Configuration.Reading;
using MerBench.Host.Plugins;
using MerBench.Host.Runs;
using MerBench.Host.Runs.Executors;
using MerBench.Host.Tests.Benchmarks;

namespace MerBench.Host.Tests.Execution.Workers;

public sealed class GuestsTests
{
    private const string Stranger = "/elsewhere/stranger.dll";
    private static readonly string Bundled = Path.Combine(AppContext.BaseDirectory, "plugins", "own", "own.dll");

    [TestCase("pgd", "a / p / no budget / seed 1", TestName = "An attack of others concerns its own cells")]
    [TestCase("vgg", "a / n / severity 1 / seed 1,a / p / no budget / seed 1", TestName = "A model of others concerns all that attack it")]
    [TestCase("mae", "a / n / severity 1 / seed 1,a / p / no budget / seed 1", TestName = "A metric of others concerns every cell")]
    [TestCase("", "", TestName = "What comes with the tool is no guest")]
    public void Cells_that_run_code_of_others_are_told_from_those_that_do_not(string id, string cells)
    {
        RunPlan plan = Plan(id, "");
        Assert.That(
            string.Join(',', plan.Cells.Where(c => Guests.Find(plan.Definition, c) == Stranger).Select(c => c.Name).Order()),
            Is.EqualTo(cells)
        );
        Assert.That(
            plan.Cells.Where(c => Guests.Find(plan.Definition, c) != Stranger).Select(c => Guests.Find(plan.Definition, c)),
            Is.All.Empty
        );
    }

    [Test]
    public void A_model_that_is_code_is_a_guest_whoever_made_its_plugin()
    {
        PluginCatalog catalog = Catalog("");
        var code = new PluginCatalog([.. catalog.All.Select(p => p.Id == "vgg" ? p with { RunsForeignCode = true } : p)]);
        RunPlan plan = Plan(code, "");
        Assert.That(plan.Cells.Select(c => Guests.Find(plan.Definition, c)), Is.All.EqualTo("the code of model 'a'"));
    }

    [Test]
    public void A_program_that_cannot_start_workers_is_told_what_runs_within_it()
    {
        Assert.That(Guests.Warn(Plan("", "")), Is.Null);
        Assert.That(
            Guests.Warn(Plan("pgd", "evaluation: { memory: 8 GB }")),
            Is.EqualTo(
                "no worker processes can be started from here, only by the tool: /elsewhere/stranger.dll may end this process; "
                    + "'evaluation: memory' (8 GB) is not watched over"
            )
        );
    }

    [TestCase("", null, null)]
    [TestCase("isolation: none", Isolation.None, null)]
    [TestCase("isolation: process\nevaluation: { memory: 1.5 GB }", Isolation.Process, "1.5 GB")]
    [TestCase("evaluation: { memory: 750MB }", null, "750 MB")]
    public void A_file_says_where_guests_run_and_how_much_memory_a_worker_may_hold(string lines, Isolation? isolation, string? memory)
    {
        BenchmarkDefinition definition = Plan("", lines).Definition;
        Assert.That((definition.Isolation, definition.Memory?.ToString()), Is.EqualTo((isolation, memory)));
    }

    [TestCase("isolation: nowhere", "4:12: 'isolation': expected one of process, none, found 'nowhere'")]
    [TestCase(
        "evaluation: { memory: 8 }",
        "4:23: 'evaluation.memory': expected an amount of memory such as 8 GB or 750 MB, found '8'; write 8 GB for gigabytes"
    )]
    [TestCase(
        "isolation: none\nevaluation: { memory: 8 GB }",
        "5:23: 'evaluation.memory' limits worker processes, and 'isolation: none' has none; leave out one of the two"
    )]
    public void What_cannot_be_meant_is_refused_at_its_place(string lines, string problem) =>
        Assert.That(
            Fixtures.ProblemsOf(File(lines)).Select(p => p.Replace("error: ", "", StringComparison.Ordinal)),
            Is.EqualTo(new[] { problem })
        );

    [TestCase("was it\n\nlast line\n", "last line")]
    [TestCase("noise\nUnhandled exception. System.E: why\n   at A.B()\n   at C.D()\n", "Unhandled exception. System.E: why")]
    [TestCase("Process terminated.\nenough\n   at A.B()\n", "Process terminated. enough")]
    [TestCase("Process terminated.\n   at A.B()\n", "Process terminated.")]
    public void The_last_words_of_a_process_are_why_it_ended(string written, string words)
    {
        var last = new LastWords();
        string[] shown = [.. written.Split('\n').Where(last.Hear)];
        Assert.That(last.ToString(), Is.EqualTo(words));
        Assert.That(shown.Select(s => s.TrimStart()), Has.None.StartsWith("at "));
    }

    private static RunPlan Plan(string stranger, string lines) => Plan(Catalog(stranger), lines);

    private static RunPlan Plan(PluginCatalog catalog, string lines)
    {
        var definition = BenchmarkReader.Parse(File(lines), "/bench/b.yaml", catalog, _ => null).DefinitionOrThrow();
        return new RunPlan(definition, MatrixExpansion.Expand(definition));
    }

    private static string File(string lines) =>
        "dataset: cues\nmodels: { a: vgg }\nperturbations: { p: pgd, n: { use: noise, domain: features, severities: [1] } }\n" + lines;

    private static PluginCatalog Catalog(string stranger) =>
        new([
            .. Fixtures
                .Catalog.All.Where(p => p.State == PluginState.Ready)
                .Select(p => p with { AssemblyPath = p.Id == stranger ? Stranger : Bundled }),
        ]);
}
