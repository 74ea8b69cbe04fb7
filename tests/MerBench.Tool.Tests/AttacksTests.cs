using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>benchmarks/attacks.yaml, every attack and objective of it, in small.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed partial class AttacksTests
{
    [Test]
    [Category("Slow")]
    [Explicit("Each attack conforms in tests beside; run it with: dotnet test tests/MerBench.Tool.Tests --filter TestCategory=Slow")]
    public async Task Every_attack_runs_and_the_report_has_its_tables()
    {
        using var tool = new MerBenchTool();
        string file = File.ReadAllText(Path.Combine(MerBenchTool.Repository, "benchmarks/attacks.yaml"));
        file = Dataset().Replace(file, "dataset: { use: cues, with: { clips: 40, seconds: 1 } }");
        foreach (
            (string from, string to) in new[]
            {
                ("width: 0.125", "width: 0.05"),
                ("epochs: 20", "epochs: 3"),
                ("steps: 1000", "steps: 8"),
                ("steps: 100", "steps: 8"),
                ("steps: 40", "steps: 4"),
                ("steps: 20", "steps: 4"),
                ("queries: 1000", "queries: 40"),
                ("resynthesis: 100", "resynthesis: 30"),
            }
        )
        {
            Assert.That(file, Does.Contain(from));
            file = file.Replace(from, to, StringComparison.Ordinal);
        }

        foreach (string id in new[] { "fmn }", "fmn, with: { ", "ddn }", "cw }" })
            Assert.That(file, Does.Contain($"use: {id}"));
        file = file.Replace("use: fmn }", "use: fmn, with: { steps: 8 } }")
            .Replace("norm: l2", "norm: l2, steps: 8")
            .Replace("use: ddn }", "use: ddn, with: { steps: 8 } }")
            .Replace("use: cw }", "use: cw, with: { steps: 4, searches: 2 } }");

        BufferedCommandResult result = await tool.Run("run", tool.Write("attacks.yaml", file));
        Assert.That(result.ExitCode, Is.Zero, result.StandardError + result.StandardOutput);
        JsonNode results = tool.Results("attacks");
        JsonNode[] cells = [.. results["cells"]!.AsArray().Select(c => c!)];
        Assert.That(cells.Select(c => c["believable"]!.GetValue<string>()), Is.All.AnyOf("yes", "doubtful"));

        JsonNode Cell(string model, string perturbation) =>
            cells.First(c => c["model"]!.GetValue<string>() == model && c["perturbation"]!.GetValue<string>() == perturbation)["result"]!;
        double Gain(JsonNode result)
        {
            // The numbers of single clips stand in the store.
            string key = result["key"]!.GetValue<string>();
            JsonNode objective = JsonNode.Parse(File.ReadAllText(tool.PathOf($".merbench/cells/{key[..2]}/{key}/cell.json")))![
                "objective"
            ]!;
            return objective["perturbed"]!.AsArray().Average(v => v!.GetValue<double>())
                - objective["clean"]!.AsArray().Average(v => v!.GetValue<double>());
        }

        Assert.Multiple(() =>
        {
            Assert.That(
                Gain(Cell("A2E", "from-A2E")),
                Is.EqualTo(Gain(Cell("A2E", "mse"))).Within(0.2 * Gain(Cell("A2E", "mse"))),
                "crafted on itself: the white-box attack, from another random start"
            );
            Assert.That(Cell("A2M2E", "from-A2E")["forwardCalls"]!.GetValue<long>(), Is.Zero);
            Assert.That(Cell("A2E", "universal")["fitGradientCalls"]!.GetValue<long>(), Is.Positive);
            Assert.That(
                Cell("A2E", "worst")["notes"]!["winner"]!.AsObject().Sum(w => w.Value!.GetValue<int>()),
                Is.EqualTo(results["dataset"]!["test"]!.GetValue<int>())
            );
            Assert.That(Cell("A2E", "apgd-40")["realisable"]!["medianResidual"]!.GetValue<double>(), Is.InRange(0.01, 0.999));
            Assert.That(Cell("A2E", "masking")["size"]!["medianSnrDb"]!.GetValue<double>(), Is.Positive);
            Assert.That(Cell("A2M2E", "concepts")["conceptShift"]!.GetValue<double>(), Is.Positive);
        });

        JsonNode[] norms = [.. results["minimumNorms"]!.AsArray().Select(n => n!)];
        Assert.That(
            norms.Where(n => n["perturbation"]!.GetValue<string>() == "fmn-linf").Select(n => n["norm"]!.GetValue<string>()),
            Is.EquivalentTo(new[] { "linf", "l2", "linf", "l2" })
        );
        Assert.That(
            norms.Single(n =>
                n["model"]!.GetValue<string>() == "A2E"
                && n["perturbation"]!.GetValue<string>() == "boundary"
                && n["norm"]!.GetValue<string>() == "l2"
            )["succeeded"]!.GetValue<double>(),
            Is.GreaterThan(0.5)
        );

        string report = File.ReadAllText(tool.PathOf("merbench-results/attacks/results.md"));
        foreach (
            string title in new[]
            {
                "## Believable?",
                "## Sizes of perturbations",
                "## Smallest perturbations that succeed",
                "## Which objective harms which metric: apgd on A2M2E",
                "## Transfer, linf 0.03: harm in mae",
                "## Notes of attacks",
                "## Realisable harm",
            }
        )
            Assert.That(report, Does.Contain(title));
    }

    [GeneratedRegex("^dataset:.*$", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Dataset();
}
