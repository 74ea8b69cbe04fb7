using System.Text.Json.Nodes;
using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>Runs followed from a second process of the tool.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class WatchTests
{
    private static string Plugin => Path.Combine(AppContext.BaseDirectory, "fixtures", "Fixture.Misbehaving", "Fixture.Misbehaving.dll");

    private static string Benchmark(string timeout) =>
        $$"""
            name: watched
            dataset: { use: cues, with: { clips: 20, seconds: 1 } }
            models: { ridge: ridge }
            perturbations: { honest: { use: fgsm, budgets: { linf: [0.1] } }, hang: { use: fixture-hang, budgets: { linf: [0.1] } } }
            evaluation: { cell-timeout: {{timeout}} }
            """;

    [Test]
    public async Task A_run_is_followed_to_its_end_and_a_finished_one_is_summarised()
    {
        using var tool = new MerBenchTool();
        tool.Variables["MERBENCH_HEARTBEAT"] = "1";
        tool.Write("watched.yaml", Benchmark("5s"));
        Task<BufferedCommandResult> run = tool.Run("run", "watched.yaml", "--plugin", Plugin);
        await Started(tool);
        Task<BufferedCommandResult> json = tool.Run("watch", "merbench-results/watched", "--json");
        BufferedCommandResult watched = await tool.Run("watch", "watched.yaml");
        BufferedCommandResult ran = await run;
        Assert.That(watched.ExitCode, Is.EqualTo(1).And.EqualTo(ran.ExitCode), watched.StandardError);
        Assert.That(
            watched.StandardOutput,
            Does.Contain("watched: 1 model, 2 perturbations")
                .And.Contain("[2/2] ridge / hang / linf 0.1 / seed 1: FAILED")
                .And.Contain("watched finished after ")
                .And.Contain("2/2 cells, 1 failed")
        );
        const string SignOfLife = @"still at it: 1/2 cells, about .* left; ridge / hang / linf 0.1 / seed 1: 0 %, \d s so far";
        Assert.That(watched.StandardOutput, Does.Match(SignOfLife));
        Assert.That(ran.StandardError, Does.Match(SignOfLife));

        JsonNode[] seen = [.. (await json).StandardOutput.TrimEnd().Split('\n').Select(line => JsonNode.Parse(line)!)];
        Assert.That(seen.Select(s => (string?)s["life"]), Is.All.EqualTo("alive"));
        Assert.That(seen.SkipLast(1).Select(s => (string?)s["run"]!["state"]), Is.All.EqualTo("running").And.Not.Empty);
        Assert.That(
            ((string?)seen[^1]["run"]!["state"], (int?)seen[^1]["run"]!["exitCode"], (int?)seen[^1]["run"]!["cells"]!["failed"]),
            Is.EqualTo(("finished", 1, 1))
        );

        BufferedCommandResult afterwards = await tool.Run("watch", "-q");
        Assert.That(afterwards.ExitCode, Is.EqualTo(1));
        Assert.That(afterwards.StandardOutput, Does.Contain("severity").Or.Contain("linf 0.1").And.Contain("watched finished after "));
    }

    [Test]
    [Category("Slow")]
    [Explicit("Kills are tried by the campaign; run it with: dotnet test tests/MerBench.Tool.Tests --filter TestCategory=Slow")]
    public async Task A_run_that_was_killed_is_recognised()
    {
        using var tool = new MerBenchTool();
        tool.Write("watched.yaml", Benchmark("600s"));
        using var kill = new CancellationTokenSource();
        Task run = tool.Command("run", "watched.yaml", "--plugin", Plugin, "-q").ExecuteAsync(kill.Token);
        await Started(tool);
        Task<BufferedCommandResult> watch = tool.Run("watch");
        await Task.Delay(TimeSpan.FromSeconds(3));
        Assert.That(watch.IsCompleted, Is.False);
        await kill.CancelAsync();
        Assert.That(async () => await run, Throws.InstanceOf<OperationCanceledException>());
        BufferedCommandResult watched = await watch;
        Assert.That(watched.ExitCode, Is.EqualTo(4), watched.StandardOutput);
        Assert.That(
            watched.StandardOutput,
            Does.Match("watched seems dead: process [0-9]+ on .* has given no sign of life for [0-9]+ s. Finished cells are kept")
        );
    }

    [Test]
    public async Task An_error_before_anything_was_run_is_seen_too()
    {
        using var tool = new MerBenchTool();
        tool.Write(
            "wrong.yaml",
            "name: wrong\ndataset: { use: cues, with: { clips: 20, seconds: 1 } }\nmodels: { r: ridge }\nperturbations: { p: { use: "
                + "fgsm, budgets: { linf: [0.1] }, objective: '+joy' } }\n"
        );
        await tool.Run("run", "wrong.yaml", "-q");
        BufferedCommandResult watched = await tool.Run("watch", "wrong.yaml");
        Assert.That(watched.ExitCode, Is.EqualTo(3));
        Assert.That(watched.StandardOutput, Does.Contain("wrong ended with an error").And.Contain("'joy' is not an emotion"));
    }

    private static async Task Started(MerBenchTool tool)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!File.Exists(tool.PathOf("merbench-results/watched/progress.json")))
            await Task.Delay(100, patience.Token);
    }
}
