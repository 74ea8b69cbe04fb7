using System.Text.Json.Nodes;
using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>Bundled plugins keep the promises that others are asked to keep.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ConformTests
{
    // Fewer steps and queries than the defaults: the promises are the same.
    [TestCase("ridge")]
    [TestCase(
        "smoothed",
        "--with",
        "{ of: other, noise: 0.1, samples: 100 }",
        Category = "Slow",
        Explicit = true,
        Reason = "Its like conform beside."
    )]
    [TestCase("defended", "--with", "{ of: other, defences: [{ use: noise, with: { snr: [20] } }, median-filter] }")]
    [TestCase("model-ensemble", "--with", "{ of: [one, other] }")]
    [TestCase("vgg", "--with", "{ width: 0.125 }")]
    [TestCase("vgg", "--with", "{ width: 0.125, over-time: true }")]
    [TestCase("madmom-log", "log-mel")]
    [TestCase("mae", "rmse", "pearson", "ccc", "r2", "kendall", "roc-auc", "pr-auc")]
    [TestCase("cues")]
    [TestCase("apgd", "ddn")]
    [TestCase(
        "fgsm",
        "universal",
        "pgd",
        "bim",
        "jacobian",
        "fmn",
        Category = "Slow",
        Explicit = true,
        Reason = "Their like conform beside."
    )]
    [TestCase("masking", "--with", "{ steps: 5 }", Category = "Slow", Explicit = true, Reason = "Its like conforms beside.")]
    [TestCase("adam-sign", "--with", "{ steps: 20 }", Category = "Slow", Explicit = true, Reason = "Its like conforms beside.")]
    [TestCase("cw", "--with", "{ steps: 5 }", Category = "Slow", Explicit = true, Reason = "Its like conforms beside.")]
    [TestCase("square", "--with", "{ queries: 40 }")]
    [TestCase("nes", "--with", "{ queries: 40 }", Category = "Slow", Explicit = true, Reason = "Its like conforms beside.")]
    [TestCase("spsa", "--with", "{ queries: 40 }", Category = "Slow", Explicit = true, Reason = "Its like conforms beside.")]
    [TestCase("random", "--with", "{ queries: 40 }", Category = "Slow", Explicit = true, Reason = "Its like conforms beside.")]
    [TestCase("boundary", "--with", "{ queries: 40 }", Category = "Slow", Explicit = true, Reason = "Its like conforms beside.")]
    [TestCase("ensemble", "--with", "{ attacks: [fgsm, { use: random, with: { queries: 5 } }] }")]
    [TestCase("transfer", "--with", "{ attack: fgsm, from: other }")]
    [TestCase("noise", "reverb", "dropout")]
    [TestCase(
        "clipping",
        "median-filter",
        "griffin-lim",
        "over-the-air",
        "equaliser",
        "speed",
        "hum",
        "crackle",
        "quantisation",
        "low-pass",
        "high-pass",
        "resampling",
        "leading-silence",
        "gain",
        Category = "Slow",
        Explicit = true,
        Reason = "Their like conform beside."
    )]
    [TestCase("pitch-shift", "time-stretch", Category = "Slow", Explicit = true, Reason = "They stretch each clip many times.")]
    public async Task Bundled_plugins_conform(params string[] arguments)
    {
        using var tool = new MerBenchTool();
        BufferedCommandResult result = await tool.Run(["conform", .. arguments]);
        Assert.That(result.ExitCode, Is.Zero, result.StandardOutput + result.StandardError);
        Assert.That(result.StandardOutput, Does.Contain(", 0 failed"));
    }

    [TestCase(
        "Fixture.Misbehaving",
        "fixture-nan: budget-kept",
        "fixture-overbudget: budget-kept",
        "fixture-throws: budget-kept",
        "fixture-wrong-shape: budget-kept",
        "fixture-hang: budget-kept"
    )]
    [TestCase(
        "Fixture.Doubtful",
        "fixture-random: predictions-repeat",
        "fixture-train-mode: predictions-repeat",
        "fixture-batch: batch-invariant",
        "fixture-rounded: gradient",
        "fixture-straight-through: gradient",
        "fixture-detached: gradient",
        "fixture-saturated: gradient",
        "fixture-quantised: gradient",
        "fixture-off-by-five-percent: gradient",
        "fixture-own-backward: gradient",
        "fixture-own-backward: double-precision",
        "fixture-last-channels: double-precision",
        "fixture-cancels: double-precision"
    )]
    public async Task Plugins_that_break_a_promise_fail_by_its_name(string fixture, params string[] broken)
    {
        using var tool = new MerBenchTool();
        string path = Path.Combine(AppContext.BaseDirectory, "fixtures", fixture, fixture + ".dll");
        IEnumerable<string> plugins = broken.Select(b => b.Split(": ")[0]).Distinct(StringComparer.Ordinal);
        BufferedCommandResult result = await tool.Run(["conform", .. plugins, "--plugin", path, "--timeout", "3", "--json"]);
        Assert.That(result.ExitCode, Is.EqualTo(1), result.StandardError);
        JsonNode[] failed =
        [
            .. JsonNode.Parse(result.StandardOutput)!.AsArray().Select(c => c!).Where(c => (string?)c["outcome"] == "failed"),
        ];
        Assert.That(failed.Select(c => $"{c["plugin"]}: {c["check"]}"), Is.SupersetOf(broken));
        Assert.That(failed.Select(c => (string?)c["message"]), Is.All.Not.Empty);
    }

    [TestCase("unknown plugin 'vgb'; did you mean 'vgg'?", "vgb")]
    [TestCase("unknown key 'widht'", "vgg", "--with", "{ widht: 1 }")]
    [TestCase("'--with' is for one plugin", "vgg", "ridge", "--with", "{ }")]
    public async Task Mistakes_are_the_users_input(string message, params string[] arguments)
    {
        using var tool = new MerBenchTool();
        BufferedCommandResult result = await tool.Run(["conform", .. arguments]);
        Assert.That(result.StandardError, Does.Contain(message));
        Assert.That(result.ExitCode, Is.EqualTo(3));
    }
}
