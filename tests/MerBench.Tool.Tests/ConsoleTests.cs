using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>What holds for the output of every verb. A verb that is not in <see cref="Verbs"/> fails a test here.</summary>
[Parallelizable(ParallelScope.All)]
public sealed partial class ConsoleTests
{
    // Arguments that make the verb write data, in a folder with bench.yaml; null for verbs whose data are JSON without being asked.
    private static readonly Dictionary<string, string[]?> Verbs = new(StringComparer.Ordinal)
    {
        ["run"] = ["bench.yaml", "-o", "again"],
        ["plan"] = ["bench.yaml"],
        ["merge"] = ["bench.yaml", "-o", "merged"],
        ["watch"] = ["merbench-results/bench"],
        ["verify"] = ["bench.yaml", "--no-diff"],
        ["accept"] = ["bench.yaml"],
        ["list"] = [],
        ["describe"] = ["vgg"],
        ["validate"] = ["bench.yaml"],
        ["schema"] = null,
        ["query"] = ["select model, perturbation, seed from cells"],
        ["report"] = ["merbench-results/bench"],
        ["archive"] = ["merbench-results/bench"],
        ["export-audio"] = ["bench.yaml"],
        ["export-mlflow"] = ["merbench-results/bench"],
        ["compare"] = ["merbench-results/bench", "merbench-results/bench"],
        ["leaderboard"] = ["-o", "site"],
        ["audit"] = ["logs"],
        ["conform"] = ["mae"],
        ["doctor"] = [],
        ["cache"] = [],
        ["self-test"] = [],
        ["init"] = ["new.yaml"],
        ["completion"] = ["bash"],
        ["man"] = [],
    };

    private MerBenchTool _tool = null!;

    [OneTimeSetUp]
    public async Task Prepare()
    {
        _tool = new MerBenchTool();
        _tool.Write(
            "bench.yaml",
            "name: bench\ndataset: { use: cues, with: { clips: 20, seconds: 1 } }\nmodels: { r: ridge }\nperturbations: { n: { use: "
                + "noise, severities: [3] } }\n"
        );
        _tool.Write(
            "logs/A2E/seed1/log.csv",
            "file,epoch,db,norm,converged,true-label,orig-pred,new-pred,adv-target\n['a.mp3'],10,30,12.5,False,[[0.1 0.9]],[[0.2 "
                + "0.7]],[[-1.5 2.5]],0.9\n['b.mp3'],10,30,12.5,False,[[0.4 0.2]],[[0.2 0.7]],[[-1.5 2.5]],0.9\n"
        );
        await _tool.Run("verify", "bench.yaml", "-q");
    }

    [OneTimeTearDown]
    public void CleanUp() => _tool.Dispose();

    [Test]
    public async Task Every_verb_is_known_here_and_takes_quiet_and_json()
    {
        string[] verbs = await VerbsOfTheTool();
        Assert.That(verbs, Is.EquivalentTo(Verbs.Keys), "add a new verb to Verbs above and to docs/console.md");
        foreach (string verb in verbs)
        {
            string help = (await _tool.Run(verb, "--help")).StandardOutput;
            Assert.That(help, Does.Contain("Description:").And.Contain("Usage:").And.Contain("--quiet"), verb);
            if (Verbs[verb] is not null)
                Assert.That(help, Does.Contain("--json"), verb);
        }
    }

    [TestCaseSource(nameof(VerbNames))]
    public async Task Json_is_all_that_is_written_and_its_fields_are_documented(string verb)
    {
        // These change what others read at the same time.
        using MerBenchTool? own = verb is "accept" or "verify" ? await WithReceived() : null;
        MerBenchTool tool = own ?? _tool;
        BufferedCommandResult result = await tool.Run([
            verb,
            .. Verbs[verb] ?? [],
            .. Verbs[verb] is null ? Array.Empty<string>() : ["--json"],
            "--quiet",
        ]);
        JsonNode data = JsonNode.Parse(result.StandardOutput)!;
        if (verb != "doctor")
            Assert.That(result.StandardError, Is.Empty);
        if (Verbs[verb] is null)
            return;
        JsonObject first = data as JsonObject ?? data.AsArray()[0]!.AsObject();
        string row = File.ReadLines(Path.Combine(MerBenchTool.Repository, "docs", "console.md"))
            .Single(l => l.StartsWith($"| `{verb}` |", StringComparison.Ordinal));
        Assert.That(first.Select(f => f.Key), Is.SubsetOf(Field().Matches(row).Select(m => m.Groups["name"].Value)));
        Assert.That(first, Is.Not.Empty);
    }

    /// <summary>Output in a build server's log, with the variables that some consoles take for colours and 80 columns.</summary>
    [TestCase("list")]
    [TestCase("describe")]
    [TestCase("run")]
    [TestCase("compare")]
    [TestCase("audit")]
    public async Task In_a_log_there_are_no_escape_sequences_wrapped_lines_or_trailing_spaces(string verb)
    {
        using var tool = new MerBenchTool();
        foreach (
            (string name, string? value) in new[]
            {
                ("CI", "true"),
                ("GITHUB_ACTIONS", "true"),
                ("TERM", "xterm-256color"),
                ("COLUMNS", "40"),
                ("NO_COLOR", null),
            }
        )
            tool.Variables[name] = value;
        foreach (string file in new[] { "bench.yaml", "logs/A2E/seed1/log.csv" })
            tool.Write(file, File.ReadAllText(_tool.PathOf(file)));
        if (verb == "compare")
            await tool.Run("run", "bench.yaml", "-q");
        BufferedCommandResult result = await tool.Run([verb, .. Verbs[verb]!]);
        string all = result.StandardOutput + result.StandardError;
        Assert.That(all, Does.Not.Contain('\e'));
        Assert.That(all.Split('\n').Where(l => l.EndsWith(' ')), Is.Empty);
        string whole = verb switch
        {
            "list" => "  madmom-log        Log-filtered spectrogram (24 bands an octave, 31.3 frames a second) as computed by madmom\n",
            "describe" =>
                "Source: Hoedt, Flexer and Widmer, Are Inherently Interpretable Models More Robust?, SMC 2025, arXiv 2508.03780\n",
            "run" => "harm = how much worse than clean (± sd over seeds); r = mean over emotions.\n",
            "compare" =>
                "Each clip and seed is paired with itself; intervals and tests take seeds and clips for random, and p is corrected by "
                    + "Holm over all conditions of a measure.\n",
            _ => "so its results depend on the number of iterations, and a longer attack may do more harm.\n",
        };
        Assert.That(result.StandardOutput, Does.Contain(whole));
        if (verb == "run")
            Assert.That(
                result.StandardOutput,
                Does.Match("Model +Perturbation +Strength +MAE +harm +r +harm +success +out of range +SNR dB\n")
            );
    }

    [Test]
    public async Task Quiet_leaves_out_all_but_results_and_errors()
    {
        using var tool = new MerBenchTool();
        BufferedCommandResult init = await tool.Run("init", "--quiet");
        Assert.That((init.ExitCode, init.StandardOutput, init.StandardError), Is.EqualTo((0, "", "")));
        Assert.That((await tool.Run("init", "--quiet")).StandardError, Does.Contain("exists already"));
        BufferedCommandResult run = await _tool.Run("run", "bench.yaml", "--quiet", "-o", "quiet");
        Assert.That((run.ExitCode, run.StandardError), Is.EqualTo((0, "")));
        Assert.That(run.StandardOutput, Does.Contain("severity 3"));
    }

    private static IEnumerable<string> VerbNames() => Verbs.Keys;

    private async Task<MerBenchTool> WithReceived()
    {
        var tool = new MerBenchTool();
        tool.Write("bench.yaml", File.ReadAllText(_tool.PathOf("bench.yaml")));
        await tool.Run("verify", "bench.yaml", "-q");
        return tool;
    }

    private async Task<string[]> VerbsOfTheTool()
    {
        string help = (await _tool.Run("--help")).StandardOutput;
        return [.. Verb().Matches(help[help.IndexOf("Commands:", StringComparison.Ordinal)..]).Select(m => m.Groups["verb"].Value)];
    }

    [GeneratedRegex("^  (?<verb>[a-z-]+) ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Verb();

    [GeneratedRegex("`(?<name>[a-zA-Z]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Field();
}
