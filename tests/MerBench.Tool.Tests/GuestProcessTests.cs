using System.Text.Json.Nodes;
using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>Plugins that do what no process survives: they cost their own cells, and never make a verb look finished.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class GuestProcessTests
{
    private const string Died = "two worker processes died at it: the last one ";
    private const string TooLong = "fixture-ends took longer than 00:00:12; raise evaluation: cell-timeout or lower its cost";
    private const string Honest = "pgd: { use: pgd, with: { steps: 3 }, budgets: { linf: [0.1] } }";
    private const string DataAndModels = """
        dataset: { use: cues, with: { clips: 20, seconds: 1 } }
        models: { ridge: ridge }
        """;

    private static readonly (string What, string Reason)[] Common =
    [
        ("exit", $"{Died}ended itself with exit code 0, as by Environment.Exit"),
        ("thread", $"{Died}was aborted (signal 6); its last words: Unhandled exception. System.InvalidOperationException: thrown on a"),
        ("memory", "GB of memory, where evaluation: memory allows 1.5 GB; raise it, or lower 'evaluation: batch'"),
        ("native-hang", TooLong),
    ];

    private static readonly (string What, string Reason)[] Rare =
    [
        ("exit-of-thread", $"{Died}ended itself with exit code 0"),
        ("native-exit", $"{Died}ended itself with exit code 0"),
        ("orphan", $"{Died}ended with exit code 7"),
        ("fail-fast", $"{Died}was aborted (signal 6); its last words: Process terminated. fixture-ends has enough"),
        ("segfault", $"{Died}crashed in native code (signal 11)"),
        ("overflow", $"{Died}was aborted (signal 6); its last words: Stack overflow."),
        ("async-void", $"{Died}was aborted (signal 6); its last words: Unhandled exception. System.InvalidOperationException: thrown in"),
        ("deaf-hang", TooLong),
    ];

    [Test]
    public Task Who_ends_its_process_fills_memory_or_hangs_fails_its_own_cells_and_no_other_changes_by_a_bit() => FailTheirOwnCells(Common);

    [Test]
    [Category("Slow")]
    [Explicit("Two processes for each; run it with: dotnet test tests/MerBench.Tool.Tests --filter TestCategory=Slow")]
    public Task So_does_who_does_it_in_another_way() => FailTheirOwnCells(Rare);

    [Test]
    public async Task Without_processes_a_plugin_that_exits_ends_no_verb_with_a_verdict()
    {
        using var tool = new MerBenchTool();
        tool.Write("exits.yaml", $"{DataAndModels}\nperturbations: {{ {Honest}, exit: fixture-ends }}");
        foreach (string verb in new[] { "run", "verify" })
        {
            BufferedCommandResult result = await tool.Run(verb, "exits.yaml", "--plugin", Plugin("Fixture.Misbehaving"));
            Assert.That(result.ExitCode, Is.EqualTo(4), result.StandardError);
            Assert.That(result.StandardError, Does.Contain("error: something ended this process before its work was finished"));
        }
    }

    [Test]
    public async Task What_ends_the_run_itself_is_named_with_what_it_was_at()
    {
        using var tool = new MerBenchTool(isolated: true);
        tool.Write("dataset.yaml", "dataset: fixture-ends\nmodels: { ridge: ridge }\nperturbations: { noise: noise }");
        BufferedCommandResult result = await tool.Run("verify", "dataset.yaml", "--plugin", Plugin("Fixture.Misbehaving"));
        Assert.That(result.ExitCode, Is.EqualTo(4), result.StandardError);
        Assert.That(
            result.StandardError,
            Does.Contain(
                "error: 'merbench verify' is not finished: its process ended itself with exit code 0, as by Environment.Exit, while the "
                    + "dataset fixture-ends was loaded."
            )
        );
        Assert.That(result.StandardOutput, Is.Empty);
        Assert.That(result.StandardError, Does.Contain("fixture-ends by descriptor 1"), "and not in the data of scripts");
    }

    [Test]
    public async Task Listing_plugins_runs_none_of_their_code_in_the_process_of_the_tool_and_one_that_ends_it_stops_no_other()
    {
        using var tool = new MerBenchTool(isolated: true);
        string[] list = ["list", "--plugin", Plugin("Fixture.AtLoad"), "--plugin", Plugin("Fixture.Good")];
        string file = tool.PathOf("who");
        tool.Variables["FIXTURE_AT_LOAD"] = file;
        var running = tool.Command(list).ExecuteBufferedAsync();
        BufferedCommandResult kind = await running;
        Assert.That(kind.StandardOutput, Does.Contain("fixture-at-load"));
        Assert.That(File.ReadAllLines(file), Is.Not.Empty.And.None.EqualTo($"{running.ProcessId}"));

        tool.Variables["FIXTURE_AT_LOAD"] = "exit";
        BufferedCommandResult rude = await tool.Run(list);
        Assert.That(rude.ExitCode, Is.Zero, rude.StandardError);
        Assert.That(
            rude.StandardOutput.ReplaceLineEndings(" "),
            Does.Contain("fixture-sign").And.Contain("Fixture.AtLoad: ends its process: Fixture.AtLoad: the process that loaded it ended")
        );
    }

    private static async Task FailTheirOwnCells((string What, string Reason)[] ways)
    {
        using var tool = new MerBenchTool(isolated: true);
        BufferedCommandResult alone = await tool.Run(
            "run",
            tool.Write("alone.yaml", $"{DataAndModels}\nperturbations: {{ {Honest} }}"),
            "-q"
        );
        Assert.That(alone.ExitCode, Is.Zero, alone.StandardError);

        string attacks = string.Concat(ways.Select(w => $"\n  {w.What}: {{ use: fixture-ends, with: {{ what: {w.What} }} }}"));
        string guests =
            $"{DataAndModels}\nperturbations:\n  prints: fixture-prints{attacks}\n  {Honest}\n"
            + "evaluation: { cell-timeout: 12s, memory: 1.5 GB }";
        BufferedCommandResult result = await tool.Run(
            "run",
            tool.Write("guests.yaml", guests),
            "--json",
            "--cache",
            "fresh",
            "--plugin",
            Plugin("Fixture.Misbehaving")
        );
        Assert.That(result.ExitCode, Is.EqualTo(1), result.StandardError);
        Dictionary<string, JsonNode> cells = JsonNode.Parse(result.StandardOutput)!["cells"]!
            .AsArray()
            .ToDictionary(c => c!["perturbation"]!.GetValue<string>(), c => c!);
        Assert.Multiple(() =>
        {
            foreach ((string what, string reason) in ways)
                Assert.That(cells[what]["failure"]?.GetValue<string>(), Does.Contain(reason), what);
            Assert.That(cells["prints"]["failure"], Is.Null, "printing is no failure");
            Assert.That(
                result.StandardError,
                Does.Contain("worker 1 on cpu: fixture-prints by Console").And.Contain("worker 1 on cpu: fixture-prints by descriptor 1")
            );
            Assert.That(result.StandardError, Does.Not.Contain("   at "));
        });
        JsonNode expected = tool.Results("alone")["cells"]![0]!["result"]!;
        foreach (string part in new[] { "metrics", "clippedMetrics", "size", "emotionShift", "successRate" })
            Assert.That(cells["pgd"]["result"]![part]!.ToJsonString(), Is.EqualTo(expected[part]!.ToJsonString()), part);
    }

    private static string Plugin(string fixture) => Path.Combine(AppContext.BaseDirectory, "fixtures", fixture, $"{fixture}.dll");
}
