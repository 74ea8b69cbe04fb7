using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>Studies on a real Slurm.</summary>
public sealed partial class SlurmTests
{
    private static string Plugin => Path.Combine(AppContext.BaseDirectory, "fixtures", "Fixture.Good", "Fixture.Good.dll");

    [Test]
    public async Task A_study_of_two_shards_is_computed_and_merged_by_jobs_and_is_complete_afterwards()
    {
        using var cluster = SlurmCluster.OrSkip();
        using MerBenchTool tool = With(cluster);
        tool.Write(
            "study.yaml",
            """
            dataset: { use: cues, with: { clips: 10, seconds: 1 } }
            models: { ridge: ridge }
            perturbations: { noise: { use: noise, severities: [3] } }
            seeds: [1, 2]
            metrics: [mae]
            executor: { use: slurm, with: { time: 10, mem: 400M } }
            """
        );
        BufferedCommandResult run = await tool.Run("run", "study.yaml", "--wait", "-q");
        Assert.That(run.ExitCode, Is.Zero, run.StandardOutput + run.StandardError);
        Assert.That(
            run.StandardOutput,
            Does.Contain("study: 2 cells in 2 shards; 0 finished, 0 failed, 2 missing\nsubmitted: job 1, shards 1, 2\n")
                // 3 where Slurm has begun the first shard meanwhile, which then has a number of its own.
                .And.Match("merges behind them: job [23]\n")
                .And.Contain(" ridge  clean ")
        );
        JsonNode merged = tool.Results("study")["cells"]!;
        Assert.That(merged.AsArray().Select(c => (string?)c!["failure"]), Is.EqualTo(new string?[] { null, null }));
        string log = File.ReadAllText(tool.PathOf("merbench-results/study/slurm/logs/shard-1_2.log"));
        Assert.That(log, Does.StartWith("== shard 2/2, job 1_2, start 1, on ").And.Contain("shard 2/2: 1 cell finished"));

        BufferedCommandResult again = await tool.Run("run", "study.yaml");
        Assert.That(again.ExitCode, Is.Zero, again.StandardError);
        Assert.That(again.StandardError, Does.Contain("Nothing is missing: merged here, and no job is submitted."));
        Assert.That(tool.Results("study")["cells"]!.ToJsonString(), Is.EqualTo(merged.ToJsonString()));
        Assert.That(cluster.Ask("squeue", "-h", "-t", "all").Trim().Split('\n'), Has.Length.EqualTo(3), "two shards and a merge");
    }

    [Test]
    [Category("Slurm")]
    [Explicit("A quarter of an hour; run it with --filter TestCategory=Slurm.")]
    public async Task Whatever_becomes_of_its_jobs_a_study_is_merged_to_what_one_machine_finds_and_no_cell_is_computed_twice()
    {
        using var cluster = SlurmCluster.OrSkip();
        using MerBenchTool tool = With(cluster);
        string file = tool.Write("study.yaml", FortyCells);
        Task<BufferedCommandResult> local = tool.Run(
            "run",
            file,
            "--executor",
            "local",
            "--plugin",
            Plugin,
            "--cache",
            "alone",
            "-o",
            "alone-results",
            "-q"
        );
        Task<BufferedCommandResult> follow = tool.Run("run", file, "--plugin", Plugin, "--wait");
        string logs = tool.PathOf("merbench-results/study/slurm/logs");

        await Until("all shards work", () => Enumerable.Range(1, 4).All(k => Log(k).Contains("[1/", StringComparison.Ordinal)));
        TestContext.Out.WriteLine($"{Clock()} killed: shard 1");
        Assert.That(cluster.KillProgram(1), Is.True);
        await Task.Delay(TimeSpan.FromSeconds(3));
        TestContext.Out.WriteLine($"{Clock()} requeued by hand: shard 2");
        Assert.That(cluster.Ask("scontrol", "requeue", "1_2"), Is.Empty);
        string node = NodeOf(3);
        Assert.That(node, Does.Match("^n[12]$"));
        TestContext.Out.WriteLine($"{Clock()} preempted: {node} with shard 3");
        cluster.Ask("sbatch", "--partition=urgent", $"--nodelist={node}", "--cpus-per-task=2", "--output=/dev/null", "--wrap=sleep 5");
        await Until("shard 3 was told to end", () => Log(3).Contains("Interrupted.", StringComparison.Ordinal));
        await Until("shard 2 works again", () => Log(2).Contains("start 2", StringComparison.Ordinal) && State(2) == "RUNNING");
        node = NodeOf(2);
        TestContext.Out.WriteLine($"{Clock()} lost: {node} with shard 2");
        cluster.Lose(node);
        await Until(
            "the cluster has seen it",
            () => cluster.Ask("sinfo", "-h", "-n", node, "-p", "main", "-o", "%t").Contains("down", StringComparison.Ordinal)
        );
        BufferedCommandResult first = await follow;
        TestContext.Out.WriteLine($"{Clock()} {first.StandardOutput}");
        // Slurm does not begin a job again that was killed on a node that stays; a shard that is through may have helped it out.
        Assert.That(first.ExitCode, Is.EqualTo(5).Or.Zero, first.StandardError);

        // Not before: Slurm repeats to a node what it did not hear, and would end a job that is there again.
        cluster.StartNode(node);
        BufferedCommandResult second = await tool.Run("run", file, "--plugin", Plugin, "--wait");
        TestContext.Out.WriteLine($"{Clock()} {second.StandardOutput}");
        Assert.That(second.ExitCode, Is.Zero, second.StandardOutput + second.StandardError);
        if (first.ExitCode == 5)
            Assert.That(second.StandardOutput, Does.Match("submitted: job [0-9]+, shards 1\n"), "what is missing alone");
        else
            Assert.That(second.StandardError, Does.Contain("Nothing is missing"));

        string all = string.Join('\n', Directory.GetFiles(logs).Select(File.ReadAllText));
        string[] computed = [.. Computed().Matches(all).Select(m => m.Groups["cell"].Value)];
        Assert.That(computed, Is.Unique, "no finished cell is computed twice");
        JsonNode[] attempts =
        [
            .. Directory
                .GetFiles(tool.PathOf(".merbench/attempts"))
                .Select(f => JsonNode.Parse(File.ReadLines(f).Skip(1).Aggregate("", (a, b) => a + b))!),
        ];
        TestContext.Out.WriteLine(
            $"{computed.Length} cells in logs, {attempts.Sum(a => (int)a["finished"]!)} in {attempts.Length} attempts"
        );
        Assert.That(attempts.Sum(a => (int)a["finished"]!), Is.LessThanOrEqualTo(40).And.GreaterThanOrEqualTo(38));
        Assert.That(all, Does.Contain("CANCELLED AT"));
        Assert.That(
            all.Split("Interrupted. ").Length - 1,
            Is.GreaterThanOrEqualTo(4),
            "one was queued again by hand, two were preempted, of the others the time was up"
        );

        BufferedCommandResult alone = await local;
        Assert.That(alone.ExitCode, Is.Zero, alone.StandardError);
        Assert.That(Cells("merbench-results/study"), Is.EqualTo(Cells("alone-results")));

        string Log(int shard)
        {
            string path = Path.Combine(logs, string.Create(CultureInfo.InvariantCulture, $"shard-1_{shard}.log"));
            return File.Exists(path) ? File.ReadAllText(path) : "";
        }

        string State(int shard) => Queue(shard, "%T");

        string NodeOf(int shard) => Queue(shard, "%N");

        string Queue(int shard, string format) =>
            cluster.Ask("squeue", "-h", "-r", "-o", format, "-j", string.Create(CultureInfo.InvariantCulture, $"1_{shard}")).Trim();

        string[] Cells(string results) =>
            [
                .. JsonNode.Parse(File.ReadAllText(tool.PathOf($"{results}/results.json")))!["cells"]!
                    .AsArray()
                    .Select(c =>
                    {
                        c!["result"]!.AsObject().Remove("seconds");
                        c.AsObject().Remove("fromStore");
                        return c.ToJsonString();
                    }),
            ];
    }

    // Four models, of which one is trained for longer than its job may take.
    private const string FortyCells = """
        name: study
        dataset: { use: cues, with: { clips: 20, seconds: 1 } }
        models:
          ridge: ridge
          tiny: { use: vgg, with: { width: 0.05 }, train: { epochs: 400, patience: 400 } }
        perturbations:
          slow: { use: fixture-sign, with: { pause: 7s }, budgets: { linf: [0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08] } }
          noise: { use: noise, severities: [1, 3] }
        seeds: [1, 2]
        metrics: [mae]
        executor: { use: slurm, with: { shards: 4, time: 2, mem: 400M } }
        """;

    private static MerBenchTool With(SlurmCluster cluster)
    {
        var tool = new MerBenchTool();
        tool.Variables["SLURM_CONF"] = cluster.Configuration;
        return tool;
    }

    private static string Clock() => DateTime.Now.ToString("T", CultureInfo.InvariantCulture);

    private static async Task Until(string what, Func<bool> isSo)
    {
        long start = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            Assert.That(Stopwatch.GetElapsedTime(start), Is.LessThan(TimeSpan.FromMinutes(3)), what);
            await Task.Delay(500);
        }

        TestContext.Out.WriteLine($"{Clock()} {what}");
    }

    [GeneratedRegex(
        @"^\[\d+/\d+\] (?<cell>.*): \d+\.\d s",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Computed();
}
