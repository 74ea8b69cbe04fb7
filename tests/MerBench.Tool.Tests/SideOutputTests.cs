using System.Text.Json.Nodes;
using CliWrap;
using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>A run with guests that fail in words, looked at where people and scripts stand.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class SideOutputTests
{
    private readonly MerBenchTool _tool = new(report: true);
    private BufferedCommandResult _run = null!;

    private static string Plugin => Path.Combine(AppContext.BaseDirectory, "fixtures", "Fixture.Misbehaving", "Fixture.Misbehaving.dll");

    [OneTimeSetUp]
    public async Task Run()
    {
        string file = _tool.Write(
            "guests.yaml",
            """
            name: guests
            dataset: { use: cues, with: { clips: 40, seconds: 1 } }
            models: { ridge: ridge, constant: fixture-constant }
            perturbations:
              unreadable: { use: fixture-says, with: { what: unreadable } }
              nothing: { use: fixture-says, with: { what: nothing } }
              much: { use: fixture-says, with: { what: much } }
              commands: { use: fixture-says, with: { what: commands } }
              timeout: { use: fixture-says, with: { what: timeout } }
              memory: { use: fixture-says, with: { what: memory } }
              cancelled: { use: fixture-says, with: { what: cancelled } }
              notes: { use: fixture-says, with: { what: notes } }
              noise: { use: noise, severities: [3] }
            metrics: [mae, pearson, ccc]
            """
        );
        _run = await _tool.Run("run", file, "--plugin", Plugin);
    }

    [OneTimeTearDown]
    public void Delete() => _tool.Dispose();

    [Test]
    public void What_guests_say_costs_their_own_cells_and_is_told_apart_from_the_host()
    {
        Assert.That(_run.ExitCode, Is.EqualTo(1), _run.StandardError);
        Dictionary<string, string?> failures = _tool.Results("guests")["cells"]!
            .AsArray()
            .ToDictionary(c => c!["name"]!.GetValue<string>(), c => c!["failure"]?.GetValue<string>());
        string? Failure(string name) => failures.Single(f => f.Key.StartsWith($"ridge / {name} ", StringComparison.Ordinal)).Value;
        Assert.Multiple(() =>
        {
            Assert.That(Failure("unreadable"), Does.Contain("its message cannot be read, as that threw NotSupportedException"));
            Assert.That(Failure("nothing"), Does.Contain("threw InvalidOperationException: gave no reason"));
            Assert.That(Failure("much"), Does.Contain("mmm... (49,999,000 more characters)").And.Length.LessThan(1200));
            Assert.That(Failure("commands"), Is.EqualTo(@"\u001b[2Jgone ::error::forged\u0000<script>alert(1)</script>"));
            Assert.That(Failure("timeout"), Does.Contain("threw TimeoutException: my own clock"));
            Assert.That(Failure("memory"), Does.Contain("threw OutOfMemoryException: my own memory"));
            Assert.That(Failure("cancelled"), Does.Contain("threw OperationCanceledException: my own will"));
            Assert.That(Failure("notes"), Does.Contain("noted 20,000 different things"));
            Assert.That(Failure("noise"), Is.Null);
            Assert.That(_run.StandardError, Does.Not.Contain("out of memory at"), "its batches are its own affair");
        });
        string shown = _run.StandardOutput + _run.StandardError + File.ReadAllText(_tool.PathOf("merbench-results/guests/results.md"));
        Assert.That(shown.Where(c => c is '\u001b' or '\0' or '\r'), Is.Empty);
        Assert.That(_run.StandardOutput, Does.StartWith("18 cells: 2 finished, 16 failed, "));
        Assert.That(File.ReadAllText(_tool.PathOf("merbench-results/guests/results.md")), Does.Not.Contain("<script>"));
    }

    [Test]
    public void Means_say_which_emotions_they_leave_out()
    {
        JsonNode metrics = _tool.Results("guests")["cells"]!
            .AsArray()
            .Single(c => c!["name"]!.GetValue<string>().StartsWith("constant / noise", StringComparison.Ordinal))!["result"]!["metrics"]!;
        string first = _tool.Results("guests")["dataset"]!["emotions"]![0]!.GetValue<string>();
        foreach (string metric in new[] { "pearson", "ccc" })
        {
            JsonNode mean = metrics[metric]!["mean"]!;
            Assert.That(mean["leftOut"]!.AsArray().Select(l => l!.GetValue<string>()), Is.EqualTo(new[] { first }));
            Assert.That(
                mean["clean"]!.GetValue<double>() - mean["perturbed"]!.GetValue<double>(),
                Is.EqualTo(mean["harm"]!.GetValue<double>()).Within(1e-12)
            );
        }

        Assert.That(metrics["mae"]!["mean"]!["leftOut"], Is.Null, "an error is defined whatever varies");
        Assert.That(
            _run.StandardOutput,
            Does.Match(@"noise +severity 3 .*\([0-9]+ of [0-9]+\)").And.Contain($"r of constant without {first}")
        );
    }

    [TestCase("run guests.yaml --plugin $PLUGIN -q >&-", 1, null)]
    [TestCase(
        "run guests.yaml --plugin $PLUGIN -q >&- 2>&-",
        1,
        null,
        Category = "Slow",
        Explicit = true,
        Reason = "Closed and full beside."
    )]
    [TestCase("run guests.yaml --plugin $PLUGIN >/dev/full 2>/dev/full", 1, null)]
    [TestCase("validate guests.yaml --plugin $PLUGIN >/dev/full", 0, "standard output cannot be written")]
    [TestCase("validate nothing.yaml >&- 2>&-", 3, null)]
    [TestCase("list | head -1", 0, null)]
    [TestCase("schema >/dev/full", 4, "standard output is not whole")]
    [TestCase("schema -o /dev/null/x", 4, "/dev/null/x")]
    public async Task Standard_streams_do_not_change_the_exit_code(string command, int exitCode, string? warning)
    {
        BufferedCommandResult result = await Shell(command);
        Assert.That(result.ExitCode, Is.EqualTo(exitCode), result.StandardError);
        if (warning is not null)
            Assert.That(result.StandardError, Does.Contain(warning));
        Assert.That(result.StandardError, Does.Not.Contain("something it does not know"));
        Assert.That(_tool.Results("guests")["cells"]!.AsArray(), Has.Count.EqualTo(18));
    }

    [Test]
    [Category("Slow")]
    [Explicit("A run for each file; run it with: dotnet test tests/MerBench.Tool.Tests --filter TestCategory=Slow")]
    public async Task What_cannot_be_written_beside_a_verdict_is_named_and_changes_nothing()
    {
        _tool.Write("held.yaml", Held("linf: [0.1]"));
        BufferedCommandResult accepted = await _tool.Run("verify", "held.yaml", "--accept", "-q");
        Assert.That(accepted.ExitCode, Is.Zero, accepted.StandardError);
        string results = _tool.PathOf("merbench-results/held");
        foreach (string name in new[] { "results.md", "report.html", "figures", "audio" })
            Block(Path.Combine(results, name));
        Block(_tool.PathOf("held.received.json"));
        const string verify =
            "GITHUB_STEP_SUMMARY=/dev/null/sum.md \"$@\" verify held.yaml --junit /dev/null/junit.xml --markdown /dev/null/a.md";
        foreach ((string budgets, int exitCode) in new[] { ("linf: [0.1]", 0), ("linf: [0.2]", 2) })
        {
            _tool.Write("held.yaml", Held(budgets));
            BufferedCommandResult result = await Shell(verify, isWhole: true);
            Assert.That(result.ExitCode, Is.EqualTo(exitCode), result.StandardError);
            foreach (
                string what in new[] { "GITHUB_STEP_SUMMARY /dev/null/sum.md", "--junit /dev/null/junit.xml", "--markdown /dev/null/a.md" }
            )
                Assert.That(result.StandardError, Does.Contain($"warning: {what} is not written: "));
            foreach (string what in new[] { "results.md", "report.html", "figures", "audio" })
                Assert.That(result.StandardError, Does.Contain($"no {what}: "));
        }
    }

    private static string Held(string budgets) =>
        $$"""
            name: held
            dataset: { use: cues, with: { clips: 40, seconds: 1 } }
            models: { ridge: ridge }
            perturbations: { fgsm: { use: fgsm, budgets: { {{budgets}} } } }
            """;

    // In place of a file stands a folder that is not empty, and in place of a folder a file.
    private static void Block(string path)
    {
        if (File.Exists(path))
            File.Delete(path);
        if (Path.HasExtension(path))
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(path).FullName, "in the way"), "");
        else
        {
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
            File.WriteAllText(path, "");
        }
    }

    private async Task<BufferedCommandResult> Shell(string command, bool isWhole = false) =>
        await Cli.Wrap("bash")
            .WithArguments([
                "-c",
                isWhole ? command : $"\"$@\" {command}; exit ${{PIPESTATUS[0]}}",
                "bash",
                "dotnet",
                MerBenchTool.Assembly,
            ])
            .WithWorkingDirectory(_tool.Folder)
            .WithEnvironmentVariables(new Dictionary<string, string?>(_tool.Variables) { ["PLUGIN"] = Plugin })
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
}
