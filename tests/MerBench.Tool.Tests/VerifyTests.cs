using System.Text.Json.Nodes;
using CliWrap.Buffered;

namespace MerBench.Tests;

[Parallelizable(ParallelScope.Self)]
public sealed class VerifyTests
{
    private const string Benchmark = """
        name: guarded
        dataset: { use: cues, with: { clips: 60, seconds: 1 } }
        models: { ridge: { use: ridge, with: { PENALTY } } }
        perturbations:
          apgd: { use: apgd, with: { steps: 5 }, budgets: { linf: [0.05] } }
          noise: { use: noise, severities: [3] }
        metrics: [mae, pearson]
        TOLERANCE
        """;

    private static void Write(MerBenchTool tool, string penalty = "", string tolerance = "") =>
        tool.Write(
            "guarded.yaml",
            Benchmark.Replace("PENALTY", penalty, StringComparison.Ordinal).Replace("TOLERANCE", tolerance, StringComparison.Ordinal)
        );

    private readonly MerBenchTool _accepted = new();

    [OneTimeSetUp]
    public async Task Accept()
    {
        Write(_accepted);
        BufferedCommandResult accepted = await _accepted.Run("verify", "guarded.yaml", "--accept", "-q");
        Assert.That(accepted.ExitCode, Is.Zero, accepted.StandardError);
        Assert.That(accepted.StandardError, Does.Contain("Accepted: guarded.verified.json"));
    }

    [OneTimeTearDown]
    public void DeleteAccepted() => _accepted.Dispose();

    /// <summary>A copy of a finished run with its snapshot.</summary>
    private MerBenchTool Accepted()
    {
        var tool = new MerBenchTool();
        MerBenchTool.Copy(_accepted.Folder, tool.Folder);
        return tool;
    }

    [Test]
    public async Task Without_a_snapshot_it_fails_says_how_to_accept_and_accept_does()
    {
        using var tool = new MerBenchTool();
        Write(tool);
        BufferedCommandResult first = await tool.Run("verify", "guarded.yaml", "-q");
        Assert.That(first.ExitCode, Is.EqualTo(2));
        Assert.That(first.StandardOutput, Does.Contain("guarded: 2 new").And.Contain("merbench accept guarded.yaml"));
        BufferedCommandResult accept = await tool.Run("accept");
        Assert.That((accept.ExitCode, accept.StandardOutput.Trim()), Is.EqualTo((0, "Accepted: guarded.verified.json")));
        Assert.That(File.Exists(tool.PathOf("guarded.received.json")), Is.False);
        BufferedCommandResult second = await tool.Run("verify", "guarded.yaml", "-q");
        Assert.That((second.ExitCode, second.StandardOutput.Trim()), Is.EqualTo((0, "guarded: 2 same")));
    }

    [Test]
    public async Task A_change_that_makes_a_model_worse_ends_with_2_and_leaves_what_was_received()
    {
        using MerBenchTool tool = Accepted();
        byte[] accepted = File.ReadAllBytes(tool.PathOf("guarded.verified.json"));
        Write(tool, "penalty: 0.001");
        string summary = tool.PathOf("summary.md");
        tool.Variables["GITHUB_STEP_SUMMARY"] = summary;
        tool.Variables["GITHUB_ACTIONS"] = "true";
        BufferedCommandResult worse = await tool.Run("verify", "guarded.yaml", "-q", "--json");
        Assert.That(worse.ExitCode, Is.EqualTo(2), worse.StandardOutput + worse.StandardError);
        JsonNode condition = JsonNode.Parse(worse.StandardOutput)!.AsArray().Single()!["conditions"]!
            .AsArray()
            .First(c => (string?)c!["verdict"] == "regressed")!;
        Assert.That(condition["causes"]!.AsArray().Select(c => (string?)c!["what"]), Does.Contain("ridge: penalty"));
        Assert.That(condition["at"]!["line"]!.GetValue<int>(), Is.EqualTo(3));
        Assert.That(condition["clips"]!.AsArray(), Has.Count.EqualTo(3));
        Assert.That(worse.StandardError, Does.Contain("::error file=guarded.yaml,line=3"));
        Assert.That(
            File.ReadAllText(summary),
            Does.Contain("## guarded: ").And.Contain("| regressed | ridge |").And.Contain("why it can have moved: ridge: penalty")
        );
        Assert.That(File.ReadAllBytes(tool.PathOf("guarded.verified.json")), Is.EqualTo(accepted));
        Assert.That(File.Exists(tool.PathOf("guarded.received.json")));

        // Back again: what was received is out of date, and goes.
        Write(tool);
        Assert.That((await tool.Run("verify", "guarded.yaml", "-q")).ExitCode, Is.Zero);
        Assert.That(File.Exists(tool.PathOf("guarded.received.json")), Is.False);
    }

    [Test]
    public async Task The_tolerance_in_the_file_decides_what_counts()
    {
        using MerBenchTool tool = Accepted();
        Write(tool, "penalty: 0.001", "snapshot: { tolerance: { default: { absolute: 9 } } }");
        BufferedCommandResult result = await tool.Run("verify", "guarded.yaml", "-q");
        Assert.That((result.ExitCode, result.StandardOutput.Trim()), Is.EqualTo((0, "guarded: 2 same")));
    }

    [Test]
    [Category("Slow")]
    [Explicit("Two trainings; run it with: dotnet test tests/MerBench.Tool.Tests --filter TestCategory=Slow")]
    public async Task An_improvement_passes_and_fails_when_strict()
    {
        using var tool = new MerBenchTool();
        Write(tool, "penalty: 0.001");
        await tool.Run("verify", "guarded.yaml", "--accept", "-q");
        Write(tool);
        BufferedCommandResult result = await tool.Run("verify", "guarded.yaml", "-q");
        Assert.That(result.StandardOutput, Does.Contain("improved"));
        Assert.That(result.ExitCode, Is.Zero, result.StandardOutput);
        Assert.That((await tool.Run("verify", "guarded.yaml", "-q", "--strict")).ExitCode, Is.EqualTo(2));
    }

    [Test]
    public async Task Cells_that_are_gone_or_new_break_the_snapshot()
    {
        using MerBenchTool tool = Accepted();
        tool.Write(
            "guarded.yaml",
            File.ReadAllText(tool.PathOf("guarded.yaml")).Replace("severities: [3]", "severities: [4]", StringComparison.Ordinal)
        );
        BufferedCommandResult result = await tool.Run("verify", "guarded.yaml", "-q");
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(
            result.StandardOutput,
            Does.Contain("missing ridge / noise / severity 3").And.Contain("new ridge / noise / severity 4")
        );
    }

    [TestCase("severities: [3]", 0)]
    [TestCase("severities: [4]", 2)]
    public async Task What_cannot_be_written_beside_it_is_named_and_leaves_the_verdict_as_it_is(string severities, int exitCode)
    {
        using MerBenchTool tool = Accepted();
        tool.Write(
            "guarded.yaml",
            File.ReadAllText(tool.PathOf("guarded.yaml")).Replace("severities: [3]", severities, StringComparison.Ordinal)
        );
        string summary = tool.PathOf("no-such-folder/summary.md");
        tool.Variables["GITHUB_STEP_SUMMARY"] = summary;
        Directory.CreateDirectory(tool.PathOf("guarded.received.json/in the way"));
        BufferedCommandResult result = await tool.Run([
            "verify",
            "guarded.yaml",
            "-q",
            "--junit",
            "/dev/null/junit.xml",
            "--markdown",
            "/dev/full",
        ]);
        Assert.That(result.ExitCode, Is.EqualTo(exitCode), result.StandardError);
        foreach (string what in new[] { $"GITHUB_STEP_SUMMARY {summary}", "--junit /dev/null/junit.xml", "--markdown /dev/full" })
            Assert.That(result.StandardError, Does.Contain($"warning: {what} is not written: "));
        Assert.That(result.StandardError, Does.Contain("guarded.received.json"));
        Assert.That(result.StandardOutput, Does.StartWith("guarded: "));
    }

    [Test]
    public async Task On_a_build_server_nothing_is_accepted_and_a_snapshot_without_a_benchmark_fails()
    {
        using MerBenchTool tool = Accepted();
        tool.Write("gone.verified.json", "{}");
        BufferedCommandResult person = await tool.Run("verify", "guarded.yaml", "-q");
        Assert.That(person.ExitCode, Is.Zero);
        Assert.That(person.StandardError, Does.Contain("warning: ").And.Contain("gone.verified.json"));
        tool.Variables["CI"] = "true";
        BufferedCommandResult server = await tool.Run("verify", "guarded.yaml", "-q");
        Assert.That(server.ExitCode, Is.EqualTo(2), server.StandardError);
        BufferedCommandResult accept = await tool.Run("verify", "guarded.yaml", "--accept", "-q");
        Assert.That(accept.ExitCode, Is.EqualTo(3));
        Assert.That(accept.StandardError, Does.Contain("refused on a build server"));
    }

    [Test]
    public async Task A_failed_cell_is_not_accepted()
    {
        using var tool = new MerBenchTool();
        string plugin = Path.Combine(AppContext.BaseDirectory, "fixtures", "Fixture.Misbehaving", "Fixture.Misbehaving.dll");
        tool.Write(
            "broken.yaml",
            "dataset: { use: cues, with: { clips: 20, seconds: 1 } }\nmodels: { r: ridge }\nperturbations: { p: { use: fixture-throws, "
                + "budgets: { linf: [0.05] } } }\n"
        );
        BufferedCommandResult verify = await tool.Run("verify", "broken.yaml", "-q", "--plugin", plugin, "--accept");
        Assert.That(verify.ExitCode, Is.EqualTo(1));
        Assert.That(verify.StandardError, Does.Contain("not accepted, as 1 cell failed"));
        Assert.That(File.Exists(tool.PathOf("broken.verified.json")), Is.False);
    }

    [Test]
    public async Task Mistakes_in_the_file_are_annotations_where_those_are_asked_for()
    {
        using var tool = new MerBenchTool();
        tool.Write("wrong.yaml", "dataset: cues\nmodels: { r: rigde }\nperturbations: { p: { use: fgsm } }\n");
        tool.Variables["MERBENCH_ANNOTATIONS"] = "msbuild";
        BufferedCommandResult result = await tool.Run("verify", "wrong.yaml");
        Assert.That(result.ExitCode, Is.EqualTo(3));
        Assert.That(result.StandardError, Does.Contain("wrong.yaml(2,14): error MERBENCH005: unknown model 'rigde'"));
    }

    [TestCase("nothing was received", "accept")]
    [TestCase("nothing was received", "accept", "guarded.yaml")]
    [TestCase("no format of annotations", "verify", "guarded.yaml", "--annotations", "gitlab")]
    [TestCase("no-such.yaml", "verify", "no-such.yaml")]
    [TestCase("Unrecognized option '--stict'", "verify", "guarded.yaml", "--stict")]
    public async Task Mistakes_on_the_command_line_end_with_3(string message, params string[] arguments)
    {
        using var tool = new MerBenchTool();
        Write(tool);
        BufferedCommandResult result = await tool.Run(arguments);
        Assert.That(result.StandardError, Does.Contain(message));
        Assert.That(result.ExitCode, Is.EqualTo(3), result.StandardError);
    }
}
