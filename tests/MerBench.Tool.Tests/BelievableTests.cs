using System.Text.Json.Nodes;
using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>Every planted fault is flagged, and an honest model under honest attacks is not.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class BelievableTests
{
    private static string Plugin => Path.Combine(AppContext.BaseDirectory, "fixtures", "Fixture.Doubtful", "Fixture.Doubtful.dll");

    [Test]
    public async Task Faults_of_models_are_flagged()
    {
        JsonNode cells = await Run(
            "models",
            """
            name: models
            dataset: { use: cues, with: { clips: 40, seconds: 1 } }
            models:
              honest: fixture-honest
              random: fixture-random
              train-mode: fixture-train-mode
              batch: fixture-batch
              rounded: fixture-rounded
              straight-through: fixture-straight-through
              detached: fixture-detached
              nan: fixture-nan-gradient
              exploding: fixture-exploding
              saturated: fixture-saturated
              off-scale: fixture-off-scale
              overclaims: fixture-overclaims
            perturbations:
              square: { use: square, with: { queries: 100 }, budgets: { linf: [0.1] } }
              apgd: { use: apgd, with: { steps: 40 }, budgets: { linf: [0.1] } }
              bim: { use: bim, with: { steps: 10 }, budgets: { linf: [0.1] } }
            """,
            failures: 5
        );
        Assert.Multiple(() =>
        {
            Assert.That(Doubts(cells, "honest", "apgd"), Is.Empty);
            Assert.That(Doubts(cells, "honest", "square"), Is.Empty);
            Assert.That(Doubts(cells, "off-scale", "bim"), Does.Contain("off-scale"));
            Assert.That(Doubts(cells, "overclaims", "apgd"), Does.Contain("beyond-certificate"));
            Assert.That(Doubts(cells, "random", "apgd"), Does.Contain("random-model"));
            Assert.That(
                Failure(cells, "train-mode", "apgd"),
                Does.Contain("predicting changes 'running_mean'").And.Contain("a layer is in training mode")
            );
            Assert.That(Doubts(cells, "batch", "apgd"), Does.Contain("batch-dependent"));
            Assert.That(
                Doubts(cells, "rounded", "apgd"),
                Does.Contain("gradient-zero").And.Contain("not-differentiable").And.Contain("weaker-than-queries")
            );
            Assert.That(
                Doubts(cells, "rounded", "bim"),
                Does.Contain("gradient-zero").And.Contain("huge-budget"),
                "it stays where it began"
            );
            Assert.That(Doubts(cells, "straight-through", "apgd"), Does.Contain("not-differentiable"));
            Assert.That(Doubts(cells, "detached", "square"), Does.Contain("not-differentiable"));
            Assert.That(Doubts(cells, "nan", "apgd"), Does.Contain("gradient-nan"));
            Assert.That(Doubts(cells, "exploding", "apgd"), Does.Contain("gradient-explodes"));
            Assert.That(Doubts(cells, "saturated", "apgd"), Does.Contain("saturated"));
            Assert.That(Failure(cells, "detached", "apgd"), Does.Contain("no gradient to follow"));
        });
    }

    [Test]
    [Category("Slow")]
    [Explicit("Its check is tested by the host; run it with: dotnet test tests/MerBench.Tool.Tests --filter TestCategory=Slow")]
    public async Task Wrong_arithmetic_is_flagged()
    {
        JsonNode cells = await Run(
            "arithmetic",
            """
            name: arithmetic
            dataset: { use: cues, with: { clips: 40, seconds: 1 } }
            models:
              honest: { use: fixture-convolutional, train: &once { epochs: 1 } }
              own-backward: { use: fixture-own-backward, train: *once }
              last-channels: { use: fixture-last-channels, train: *once }
              cancels: { use: fixture-cancels, train: *once }
              five-percent: fixture-off-by-five-percent
            perturbations:
              fgsm: { use: fgsm, budgets: { linf: [0.1] } }
              waveform: { use: fgsm, budgets: { snr: [40] }, domain: waveform }
              noise: { use: noise, severities: [3] }
            """,
            failures: 0
        );
        Assert.Multiple(() =>
        {
            foreach (string perturbation in new[] { "fgsm", "waveform", "noise" })
            {
                Assert.That(Doubts(cells, "honest", perturbation), Has.None.EndsWith("-wrong"));
                Assert.That(Doubts(cells, "cancels", perturbation), Does.Contain("prediction-wrong"));
            }

            foreach (string perturbation in new[] { "fgsm", "waveform" })
            {
                Assert.That(
                    Reason(cells, "own-backward", perturbation, "gradient-wrong"),
                    Does.Contain("in float64").And.Match(@"4\.[5-9] % off|5\.0 % off")
                );
                Assert.That(
                    Reason(cells, "five-percent", perturbation, "gradient-wrong"),
                    Does.Contain("in float32").And.Match(@"[45]\.[0-9] % off")
                );
                Assert.That(
                    Reason(cells, "last-channels", perturbation, "gradient-wrong"),
                    Does.Match(@"cosine 0\.[0-9]+, length [0-9.]+ times the right one").And.Contain("merbench doctor")
                );
            }

            foreach (string model in new[] { "own-backward", "last-channels", "five-percent" })
                Assert.That(Doubts(cells, model, "noise"), Has.None.EndsWith("-wrong"), "a corruption follows no gradient");
        });
    }

    [Test]
    public async Task Faults_of_attacks_are_flagged()
    {
        JsonNode cells = await Run(
            "attacks",
            """
            name: attacks
            dataset: { use: cues, with: { clips: 40, seconds: 1 } }
            models: { honest: fixture-honest, twin: fixture-honest }
            perturbations:
              random: { use: random, with: { queries: 50 }, budgets: &budget { linf: [0.1] } }
              square: { use: square, with: { queries: 100 }, budgets: *budget }
              fgsm: { use: fgsm, budgets: *budget }
              apgd: { use: apgd, budgets: { linf: [0.01, 0.1] } }
              from-twin: { use: transfer, with: { attack: apgd, from: twin }, budgets: *budget }
              timid: { use: fixture-timid, budgets: *budget }
              forgetful: { use: fixture-forgetful, budgets: *budget }
              shrinking: { use: fixture-shrinking, budgets: { linf: [0.01, 0.1] } }
              tiring-1: { use: fixture-tiring, budgets: *budget }
              tiring-9: { use: fixture-tiring, with: { steps: 9 }, budgets: *budget }
              slow: { use: pgd, with: { steps: 20, step-size: 0.01, random-start: false }, budgets: *budget }
              elsewhere: { use: apgd, budgets: *budget, objective: +valence }
              audible: { use: apgd, with: { steps: 100 }, budgets: { linf: [1e-2] }, domain: waveform }
            """,
            failures: 0
        );
        Assert.Multiple(() =>
        {
            Assert.That(Doubts(cells, "honest", "apgd"), Is.Empty);
            Assert.That(Doubts(cells, "honest", "from-twin"), Is.Empty);
            Assert.That(Doubts(cells, "honest", "audible"), Is.Empty);
            Assert.That(
                Doubts(cells, "honest", "timid"),
                Does.Contain("weaker-than-one-step")
                    .And.Contain("weaker-than-noise")
                    .And.Contain("weaker-than-queries")
                    .And.Contain("weaker-than-transfer")
                    .And.Contain("huge-budget")
            );
            Assert.That(Doubts(cells, "honest", "forgetful"), Does.Contain("not-the-best"));
            Assert.That(Doubts(cells, "honest", "shrinking"), Does.Contain("not-monotone-in-budget"));
            Assert.That(Doubts(cells, "honest", "tiring-9"), Does.Contain("not-monotone-in-steps"));
            Assert.That(Doubts(cells, "honest", "tiring-1"), Does.Not.Contain("not-monotone-in-steps"));
            Assert.That(Doubts(cells, "honest", "slow"), Does.Contain("not-converged"));
            Assert.That(Doubts(cells, "honest", "elsewhere"), Is.EqualTo(new[] { "other-objective" }));
        });
    }

    [Test]
    public async Task A_front_end_that_rounds_is_flagged()
    {
        JsonNode cells = await Run(
            "front-end",
            """
            name: front-end
            dataset: { use: cues, with: { clips: 40, seconds: 1 } }
            front-end: fixture-quantised
            models: { honest: fixture-honest }
            perturbations:
              features: { use: apgd, budgets: { linf: [0.1] } }
              waveform: { use: apgd, budgets: { linf: [0.01] }, domain: waveform }
            """,
            failures: 0
        );
        Assert.That(Doubts(cells, "honest", "features"), Is.Empty);
        Assert.That(Doubts(cells, "honest", "waveform"), Does.Contain("not-differentiable"));
    }

    [Test]
    public async Task A_perturbation_that_16_bit_audio_cannot_hold_is_flagged()
    {
        JsonNode cells = await Run(
            "faint",
            """
            name: faint
            dataset: { use: cues, with: { clips: 40, seconds: 1 } }
            models: { faint: fixture-below-16-bit }
            perturbations:
              apgd: { use: apgd, budgets: { linf: [1e-5] }, domain: waveform }
            """,
            failures: 0
        );
        Assert.That(Doubts(cells, "faint", "apgd"), Does.Contain("lost-in-16-bit"));
    }

    [Test]
    [Category("Slow")]
    [Explicit("Takes a minute; run it with: dotnet test tests/MerBench.Tool.Tests --filter TestCategory=Slow")]
    public async Task An_honest_network_under_honest_attacks_is_believed()
    {
        using var tool = new MerBenchTool();
        string file = tool.Write(
            "vgg.yaml",
            """
            name: vgg
            dataset: { use: cues, with: { clips: 80, seconds: 1 } }
            models:
              A2E: { use: vgg, with: { head: direct, width: 0.05 }, train: &std { epochs: 12, learning-rate: 2e-3 } }
              A2M2E: { use: vgg, with: { head: bottleneck, width: 0.05 }, train: { <<: *std, concept-weight: 0.5 } }
              ridge: ridge
            perturbations:
              noise: { use: noise, severities: [3] }
              random: { use: random, with: { queries: 20 }, budgets: &budget { linf: [0.03], l2: [2] } }
              square: { use: square, with: { queries: 400 }, budgets: { linf: [0.03] } }
              fgsm: { use: fgsm, budgets: *budget }
              apgd: { use: apgd, with: { steps: 40 }, budgets: { linf: [0.01, 0.03], l2: [1, 2], snr: [40] } }
              waveform: { use: apgd, with: { steps: 40 }, budgets: { snr: [50] }, domain: waveform }
              fmn: { use: fmn, with: { steps: 30 } }
            """
        );
        BufferedCommandResult result = await tool.Run("run", file);
        Assert.That(result.ExitCode, Is.Zero, result.StandardError);
        Assert.That(result.StandardOutput, Does.Not.Contain("doubtful"));
        Assert.That(tool.Results("vgg")["cells"]!.AsArray().Select(c => c!["believable"]!.GetValue<string>()), Is.All.EqualTo("yes"));
        Assert.That(File.ReadAllText(tool.PathOf("merbench-results/vgg/results.md")), Does.Contain("no check found a reason"));
    }

    private static async Task<JsonNode> Run(string name, string file, int failures)
    {
        using var tool = new MerBenchTool();
        BufferedCommandResult result = await tool.Run("run", tool.Write($"{name}.yaml", file), "--plugin", Plugin);
        Assert.That(result.ExitCode, Is.EqualTo(failures == 0 ? 0 : 1), result.StandardError);
        JsonNode results = tool.Results(name);
        Assert.That(results["cells"]!.AsArray().Count(c => c!["failure"] is not null), Is.EqualTo(failures));
        Assert.That(result.StandardOutput, Does.Contain("cells are doubtful"));
        Assert.That(File.ReadAllText(tool.PathOf($"merbench-results/{name}/results.md")), Does.Contain("cells are doubtful"));
        return results["cells"]!;
    }

    private static string[] Doubts(JsonNode cells, string model, string perturbation) =>
        [
            .. Cells(cells, model, perturbation)
                .SelectMany(c => c["doubts"]!.AsArray().Select(d => d!["check"]!.GetValue<string>()))
                .Distinct(),
        ];

    private static string? Reason(JsonNode cells, string model, string perturbation, string check) =>
        Cells(cells, model, perturbation)
            .SelectMany(c => c["doubts"]!.AsArray())
            .FirstOrDefault(d => d!["check"]!.GetValue<string>() == check)
            ?["reason"]!.GetValue<string>();

    private static string? Failure(JsonNode cells, string model, string perturbation) =>
        Cells(cells, model, perturbation).Single()["failure"]?.GetValue<string>();

    private static IEnumerable<JsonNode> Cells(JsonNode cells, string model, string perturbation) =>
        cells
            .AsArray()
            .Select(c => c!)
            .Where(c => c["model"]!.GetValue<string>() == model && c["perturbation"]!.GetValue<string>() == perturbation);
}
