using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>The study of Hoedt, Flexer and Widmer, on procedural music and small.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed partial class PaperTests
{
    private static readonly string[] s_systems = ["A2E", "A2B2E", "A2M2E", "aA2E", "aA2B2E"];

    [Test]
    [Category("Slow")]
    [Explicit("Five systems, each trained twice; run it with: dotnet test tests/MerBench.Tool.Tests --filter TestCategory=Slow")]
    public async Task The_whole_study_runs_with_all_systems_two_seeds_and_both_presets()
    {
        using var tool = new MerBenchTool(report: true);
        string study = File.ReadAllText(Path.Combine(MerBenchTool.Repository, "benchmarks/interpretable-vs-blackbox.yaml"));
        study = Dataset().Replace(study, "dataset: { use: cues, with: { clips: 40, seconds: 1 } }");
        study = Seeds().Replace(study, "seeds: [6, 21]");
        foreach (
            (string paper, string small) in new[]
            {
                ("head: direct }", "head: direct, width: 0.05 }"),
                ("head: bottleneck }", "head: bottleneck, width: 0.05 }"),
                ("epochs: 199", "epochs: 5"),
                ("steps: 50", "steps: 3"),
                ("steps: 1000", "steps: 5"),
                ("steps: 40", "steps: 3"),
            }
        )
        {
            Assert.That(study, Does.Contain(paper));
            study = study.Replace(paper, small, StringComparison.Ordinal);
        }

        BufferedCommandResult result = await tool.Run("run", tool.Write("study.yaml", study));
        TestContext.Out.WriteLine(result.StandardOutput);
        Assert.That(result.ExitCode, Is.Zero, result.StandardError);
        JsonNode results = tool.Results("interpretable-vs-blackbox");
        JsonArray summary = results["summary"]!.AsArray();
        Assert.That(summary.Select(r => r!["model"]!.GetValue<string>()).Distinct(), Is.EqualTo(s_systems));
        Assert.That(
            summary.Select(r => r!["perturbation"]!.GetValue<string>()).Distinct(),
            Is.EqualTo(new[] { "as-released", "as-configured", "pgd" })
        );
        Assert.That(summary.Select(r => r!["seeds"]!.GetValue<int>()), Is.All.EqualTo(2));

        JsonNode[] cells = [.. results["cells"]!.AsArray().Select(c => c!)];
        Assert.That(Largest(cells, "as-configured"), Is.EqualTo(0.001).Within(1e-5));
        Assert.That(Largest(cells, "as-released"), Is.GreaterThan(0.005), "five steps of 0.002 without a bound");

        // Three steps in epoch 5; the last incomplete batch is dropped.
        int attacked = 3 * (results["dataset"]!["train"]!.GetValue<int>() / 8 * 8);
        foreach (JsonNode model in results["models"]!.AsArray().Select(m => m!))
        {
            JsonNode outcome = model["training"]!["outcome"]!;
            bool isAdversarial = model["name"]!.GetValue<string>().StartsWith('a');
            Assert.That(
                outcome["attackGradientCalls"]!.GetValue<long>(),
                Is.EqualTo(isAdversarial ? attacked : 0),
                model["name"]!.ToString()
            );
            Assert.That(outcome["flops"]!.GetValue<double>(), Is.Positive);
        }

        JsonNode released = results["statistics"]!.AsArray().Single(s => s!["perturbation"]!.GetValue<string>() == "as-released")!;
        Assert.That(released["comparisons"]!.AsArray(), Has.Count.EqualTo(10), "all pairs of five systems");
        Assert.That(
            released["harms"]!.AsArray().Select(h => h!["harm"]!["median"]!.GetValue<double>()),
            Is.EqualTo(
                    s_systems.Select(s =>
                        summary.Single(r =>
                            r!["model"]!.GetValue<string>() == s && r["perturbation"]!.GetValue<string>() == "as-released"
                        )!["metrics"]!["mae"]!["harm"]!.GetValue<double>()
                    )
                )
                .Within(1e-6)
        );
        Assert.That(
            cells.Where(c => c["perturbation"]!.GetValue<string>() == "pgd").Select(c => c["result"]!["size"]!["medianMelInversionSnrDb"]),
            Is.All.Not.Null
        );

        string report = File.ReadAllText(tool.PathOf("merbench-results/interpretable-vs-blackbox/results.md"));
        Assert.That(
            report,
            Does.Contain("## Training cost")
                .And.Contain("TFLOP")
                .And.Contain("Harm over seeds")
                .And.Contain("p (equivalence)")
                .And.Contain("Mel-inversion SNR dB")
        );
        string[] figures = Directory.Exists(tool.PathOf("merbench-results/interpretable-vs-blackbox/figures"))
            ? Directory.GetFiles(tool.PathOf("merbench-results/interpretable-vs-blackbox/figures"))
            : [];
        if (!result.StandardError.Contains("no figures", StringComparison.Ordinal))
            Assert.That(
                figures.Select(Path.GetFileName),
                Is.SupersetOf(new[] { "harm-as-released.png", "ratings-pgd.svg", "harm-as-configured.svg" })
            );
    }

    private static double Largest(IEnumerable<JsonNode> cells, string perturbation) =>
        cells
            .Where(c => c["perturbation"]!.GetValue<string>() == perturbation)
            .Max(c => c["result"]!["size"]!["maxLinf"]!.GetValue<double>());

    [GeneratedRegex("^dataset: .*$", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Dataset();

    [GeneratedRegex("^seeds: .*$", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Seeds();
}
