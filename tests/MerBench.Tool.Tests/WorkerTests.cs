using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CliWrap;
using CliWrap.Buffered;

namespace MerBench.Tests;

[Parallelizable(ParallelScope.Self)]
public sealed partial class WorkerTests
{
    private const string Models = """
        dataset: { use: cues, with: { clips: 20, seconds: 1 } }
        models:
          tiny: { use: vgg, with: { width: 0.05 }, train: { epochs: 1 } }
          ridge: ridge
        """;

    private static string Plugin => Path.Combine(AppContext.BaseDirectory, "fixtures", "Fixture.Misbehaving", "Fixture.Misbehaving.dll");

    [Test]
    [Category("Slow")]
    [Explicit("Two runs, one in processes; run it with: dotnet test tests/MerBench.Tool.Tests --filter TestCategory=Slow")]
    public async Task Two_workers_find_what_one_process_finds_and_one_that_dies_costs_its_own_cell()
    {
        using var tool = new MerBenchTool();
        string until = tool.PathOf("until");
        string shared = tool.Write(
            "shared.yaml",
            $$"""
            device: [cpu, cpu]
            {{Models}}
              doomed: { use: vgg, with: { width: 0.05 }, train: { epochs: 1, adversarial: { use: fixture-deadly } } }
            perturbations:
              deadly: { use: fixture-deadly }
              once: { use: fixture-deadly, with: { until: {{until}} } }
              pgd: { use: pgd, with: { steps: 2 }, budgets: { linf: [0.01, 0.05] } }
              across: { use: transfer, with: { attack: fgsm, from: ridge }, budgets: { linf: [0.05] } }
            matrix: { exclude: [{ model: doomed, perturbation: deadly }, { model: doomed, perturbation: once }, { model: tiny, perturbation: once }] }
            """
        );
        BufferedCommandResult result = await tool.Run("run", shared, "--plugin", Plugin);
        Assert.That(result.ExitCode, Is.EqualTo(1), result.StandardError);
        Dictionary<string, JsonNode> cells = Cells(tool, "shared");
        string died = "two worker processes died at it: the last one was killed (signal 9)";
        Assert.Multiple(() =>
        {
            Assert.That(Failure("tiny / deadly / no budget / seed 1"), Does.StartWith(died));
            Assert.That(Failure("ridge / deadly / no budget / seed 1"), Does.StartWith(died));
            foreach (string name in cells.Keys.Where(n => n.StartsWith("doomed", StringComparison.Ordinal)))
                Assert.That(Failure(name), Does.StartWith($"model not ready: {died}"));
            Assert.That(Failure("ridge / once / no budget / seed 1"), Is.Null);
            Assert.That(
                result.StandardError,
                Does.Contain("; ridge / once / no budget / seed 1 is tried once more").And.Contain(": fixture-deadly says goodbye")
            );
            Assert.That(
                Regex.Count(
                    result.StandardError,
                    "^trained tiny seed 1",
                    RegexOptions.Multiline | RegexOptions.ExplicitCapture,
                    TimeSpan.FromSeconds(1)
                ),
                Is.EqualTo(1)
            );
            Assert.That(tool.Results("shared")["environment"]!["device"]!.GetValue<string>(), Is.EqualTo("cpu, cpu"));
        });

        string alone = tool.Write(
            "alone.yaml",
            $$"""
            {{Models}}
            perturbations:
              once: { use: fixture-deadly, with: { until: {{until}} } }
              pgd: { use: pgd, with: { steps: 2 }, budgets: { linf: [0.01, 0.05] } }
              across: { use: transfer, with: { attack: fgsm, from: ridge }, budgets: { linf: [0.05] } }
            matrix: { exclude: [{ model: tiny, perturbation: once }] }
            """
        );
        BufferedCommandResult single = await tool.Run("run", alone, "--plugin", Plugin, "--device", "cpu", "--cache", tool.PathOf("other"));
        Assert.That(single.ExitCode, Is.Zero, single.StandardError);
        foreach ((string name, JsonNode cell) in Cells(tool, "alone"))
        {
            Assert.That(cells[name]["result"]!["key"]!.GetValue<string>(), Is.EqualTo(cell["result"]!["key"]!.GetValue<string>()), name);
            Assert.That(cells[name]["result"]!["metrics"]!.ToJsonString(), Is.EqualTo(cell["result"]!["metrics"]!.ToJsonString()), name);
        }

        string? Failure(string name) => cells[name]["failure"]?.GetValue<string>();
    }

    [Test]
    public async Task A_run_that_is_told_to_end_ends_its_workers_and_keeps_a_training_that_is_going_on()
    {
        using var tool = new MerBenchTool();
        string file = tool.Write(
            "long.yaml",
            """
            dataset: { use: cues, with: { clips: 20, seconds: 1 } }
            models:
              tiny: { use: vgg, with: { width: 0.05 }, train: { epochs: 90000, patience: 90000 } }
              ridge: ridge
            perturbations: { pgd: { use: pgd, with: { steps: 100000 }, budgets: { linf: [0.01, 0.05] } } }
            """
        );
        var workers = new List<int>();
        int stopped = 0;
        bool isTraining = false;
        var ready = new TaskCompletionSource();
        CommandTask<CommandResult> run = tool.Command("run", file, "--device", "cpu,cpu")
            .WithStandardErrorPipe(
                PipeTarget.ToDelegate(line =>
                {
                    if (Ready().Match(line) is { Success: true } match)
                        workers.Add(int.Parse(match.Groups["process"].Value, CultureInfo.InvariantCulture));
                    isTraining |= line.StartsWith("training tiny seed 1: epoch", StringComparison.Ordinal);
                    if (workers.Count == 2 && isTraining)
                        ready.TrySetResult();
                    if (line.StartsWith("Interrupted.", StringComparison.Ordinal))
                        stopped++;
                })
            )
            .ExecuteAsync();
        await Task.WhenAny(ready.Task, run.Task);
        // To all of them, as a cluster does.
        foreach (int process in workers.Append(run.ProcessId))
            Process.Start("kill", ["-TERM", process.ToString(CultureInfo.InvariantCulture)]).WaitForExit();
        CommandResult result = await run;
        Assert.That((result.ExitCode, stopped, workers.Count), Is.EqualTo((143, 1, 2)));
        foreach (int worker in workers)
            Assert.That(Directory.Exists($"/proc/{worker}"), Is.False);
        Assert.That(
            Directory
                .GetDirectories(tool.PathOf(".merbench/checkpoints"), "*-*", SearchOption.AllDirectories)
                .Select(d => Path.GetFileName(d)[..6]),
            Has.One.EqualTo("batch-").Or.One.EqualTo("epoch-"),
            "it goes on where it was: nothing is kept by itself within the first half minute"
        );
    }

    [Test]
    [Category("Slow")]
    [Explicit("Waits for 20 seconds; run it with: dotnet test tests/MerBench.Tool.Tests --filter TestCategory=Slow")]
    public async Task A_shard_in_a_native_call_that_does_not_listen_ends_within_20_seconds_and_gives_its_leases_back()
    {
        using var tool = new MerBenchTool();
        string file = tool.Write(
            "deaf.yaml",
            """
            dataset: { use: cues, with: { clips: 20, seconds: 1 } }
            models: { ridge: ridge }
            perturbations:
              noise: { use: noise, severities: [3] }
              deaf: { use: fixture-hang, with: { deaf-seconds: 600 }, budgets: { linf: [0.1] } }
            """
        );
        CommandTask<CommandResult> run = tool.Command("run", file, "--shard", "1/1", "--plugin", Plugin).ExecuteAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!Directory.Exists(tool.PathOf(".merbench/cells")))
            await Task.Delay(100, patience.Token);
        await Task.Delay(500, patience.Token);
        Assert.That(Directory.GetFiles(tool.PathOf(".merbench/leases")), Is.Not.Empty);
        long told = Stopwatch.GetTimestamp();
        Process.Start("kill", ["-TERM", run.ProcessId.ToString(CultureInfo.InvariantCulture)]).WaitForExit();
        CommandResult result = await run;
        Assert.That(result.ExitCode, Is.EqualTo(143));
        Assert.That(Stopwatch.GetElapsedTime(told), Is.LessThan(TimeSpan.FromSeconds(20)));
        Assert.That(Directory.GetFiles(tool.PathOf(".merbench/leases")), Is.Empty);
    }

    [Test]
    public async Task Devices_that_do_not_go_together_or_are_not_there_are_refused()
    {
        using var tool = new MerBenchTool();
        string file = tool.Write(
            "b.yaml",
            $$"""
            {{Models}}
            perturbations: { noise: noise }
            """
        );
        BufferedCommandResult mixed = await tool.Run("run", file, "--device", "cpu,cuda:0");
        Assert.That(
            (mixed.ExitCode, mixed.StandardError.Trim()),
            Is.EqualTo((3, "error: 'cpu, cuda:0' are devices of two types, whose results differ in rounding: a run uses one type."))
        );
        BufferedCommandResult absent = await tool.Run("run", file, "--device", "cuda:0,cuda:1");
        Assert.That(absent.ExitCode, Is.EqualTo(4));
        Assert.That(absent.StandardError, Does.Contain("The device 'cuda:0' is not available"));
    }

    private static Dictionary<string, JsonNode> Cells(MerBenchTool tool, string benchmark) =>
        tool.Results(benchmark)["cells"]!.AsArray().ToDictionary(c => c!["name"]!.GetValue<string>(), c => c!);

    [GeneratedRegex(
        @"^worker \d on cpu is ready \(process (?<process>\d+)\)$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Ready();
}
