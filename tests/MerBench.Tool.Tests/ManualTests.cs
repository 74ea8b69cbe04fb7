using System.Text.Json.Nodes;
using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>The manual page and the examples in it and in the help of verbs, which are run as they stand.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class ManualTests
{
    private const string Benchmark = """
        name: bench
        dataset: { use: cues, with: { clips: 20, seconds: 1 } }
        models: { ridge: ridge }
        perturbations: { noise: { use: noise, severities: [3] }, pgd: { use: pgd, with: { steps: 2 }, budgets: { linf: [0.01] } } }
        threat-model: { name: small, perturbations: [pgd], budget: { linf: 0.01 }, knowledge: white-box }
        """;

    private const string Log =
        "file,epoch,db,norm,converged,true-label,orig-pred,new-pred,adv-target\n['a.mp3'],10,30,12.5,False,[[0.1 0.9]],[[0.2 "
        + "0.7]],[[-1.5 2.5]],0.9\n['b.mp3'],10,30,12.5,False,[[0.4 0.2]],[[0.2 0.7]],[[-1.5 2.5]],0.9\n";

    private readonly MerBenchTool _tool = new();
    private JsonNode _manual = new JsonObject();

    [OneTimeSetUp]
    public async Task Read()
    {
        _tool.Write("bench.yaml", Benchmark);
        _tool.Write("logs/A2E/seed1/log.csv", Log);
        _manual = JsonNode.Parse((await _tool.Run("man", "--json")).StandardOutput)!;
    }

    [OneTimeTearDown]
    public void Delete() => _tool.Dispose();

    [Test]
    [Category("Slow")]
    [Explicit("Some thirty commands; run it with: dotnet test tests/MerBench.Tool.Tests --filter TestCategory=Slow")]
    public async Task Every_verb_has_examples_that_its_help_shows_and_that_work()
    {
        InstalledProgram.Require("bash");
        // What other examples find: results, something to accept, and no file in the way.
        await Example("merbench run bench.yaml -q -o results");
        await Example("merbench verify bench.yaml --accept -q");
        foreach (JsonNode? verb in _manual["verbs"]!.AsArray())
        {
            string name = (string)verb!["name"]!;
            string help = (await _tool.Run(name, "--help")).StandardOutput;
            JsonArray examples = verb["examples"]!.AsArray();
            if (name == "accept")
                File.Copy(_tool.PathOf("bench.verified.json"), _tool.PathOf("bench.received.json"));
            Assert.That(examples, Has.Count.InRange(1, 3), name);
            foreach (JsonNode? example in examples)
            {
                string command = (string)example!["command"]!;
                Assert.That(command, Does.Contain($"merbench {name}").Or.Contain("merbench query"), name);
                Assert.That(help, Does.Contain(command).And.Contain($"{example["purpose"]}:"), name);
                await Example(command);
            }
        }
    }

    [Test]
    public void The_page_has_every_verb_and_option()
    {
        string page = (string)_manual["page"]!;
        Assert.That(page, Does.StartWith(".TH MERBENCH 1 "));
        foreach (string section in new[] { "NAME", "SYNOPSIS", "DESCRIPTION", "VERBS", "EXIT STATUS", "ENVIRONMENT", "FILES" })
            Assert.That(page, Does.Contain($".SH {section}\n"));
        foreach (JsonNode? verb in _manual["verbs"]!.AsArray())
            Assert.That(page, Does.Contain($".SS merbench {((string)verb!["name"]!).Replace("-", "\\-", StringComparison.Ordinal)} "));
        Assert.That(page, Does.Contain(".B \\-\\-no\\-report\n"));
    }

    // -W of man asks for groff's warnings.
    [TestCase("mandoc", "-Tlint", "-Wwarning", "merbench.1")]
    [TestCase("groff", "-man", "-ww", "-z", "-Tutf8", "merbench.1")]
    public async Task What_reads_manuals_finds_nothing_wrong(string program, params string[] arguments)
    {
        await Write();
        BufferedCommandResult result = await InstalledProgram.Run(_tool, program, arguments);
        Assert.That((result.ExitCode, result.StandardOutput, result.StandardError), Is.EqualTo((0, "", "")));
    }

    [Test]
    public async Task It_is_shown_as_it_was_meant()
    {
        await Write();
        BufferedCommandResult result = await InstalledProgram.Run(_tool, "man", "-P", "cat", "-l", "merbench.1");
        string page = System.Text.RegularExpressions.Regex.Replace(result.StandardOutput, ".\b", "", default, TimeSpan.FromSeconds(5));
        Assert.That(page, Does.Contain("MERBENCH(1)"));
        Assert.That(page, Does.Contain("select model, avg(\"mae.harm\") as harm from cells"));
        Assert.That(page, Does.Contain("--no-report"));
    }

    private async Task Write() => _tool.Write("merbench.1", (await _tool.Run("man")).StandardOutput);

    private async Task Example(string command)
    {
        BufferedCommandResult result = await InstalledProgram.Run(_tool, "bash", "-c", command);
        // What is missing on a machine is no fault of the example.
        int[] fine = command.StartsWith("merbench doctor", StringComparison.Ordinal) ? [0, 4] : [0];
        Assert.That(fine, Has.Member(result.ExitCode), $"{command}\n{result.StandardOutput}{result.StandardError}");
    }
}
