using System.Text.Json.Nodes;
using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>Models that are judged on another dataset than the one that they were trained on.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class AcrossTests
{
    private static string Benchmark(string labels = "{ energy: { sign: -1 } }", string far = "seed: 9") =>
        $$"""
            name: across
            dataset: { use: cues, with: { clips: 30, seconds: 1, emotions: [valence, energy, tension] } }
            evaluate-on:
              far: { use: cues, with: { clips: 20, seconds: 1, {{far}}, emotions: [energy, valence] }, labels: {{labels}} }
            models: { ridge: ridge }
            perturbations:
              pgd: { use: pgd, with: { steps: 3 }, budgets: { linf: [0.1] } }
              universal: { use: universal, with: { epochs: 1 }, budgets: { linf: [0.1] } }
            matrix: { exclude: [{ perturbation: universal, seed: 2 }] }
            seeds: [1, 2]
            """;

    [Test]
    public async Task Each_perturbation_runs_on_both_and_only_what_both_rate_counts()
    {
        using var tool = new MerBenchTool(report: true);
        string file = tool.Write("across.yaml", Benchmark());
        BufferedCommandResult result = await tool.Run("run", file);
        Assert.That(result.ExitCode, Is.Zero, result.StandardError);
        JsonNode results = tool.Results("across");
        JsonNode[] cells = [.. results["cells"]!.AsArray().Select(c => c!)];
        Assert.That(
            cells.Select(c => (string)c["name"]!),
            Is.EqualTo(
                new[]
                {
                    "ridge / pgd / linf 0.1 / seed 1",
                    "ridge / pgd / linf 0.1 / seed 2",
                    "ridge / universal / linf 0.1 / seed 1",
                    "ridge / pgd on far / linf 0.1 / seed 1",
                    "ridge / pgd on far / linf 0.1 / seed 2",
                    "ridge / universal on far / linf 0.1 / seed 1",
                }
            ),
            "an exclude names the entry of the file"
        );
        Assert.That(cells.Select(c => (string?)c["on"]), Is.EqualTo(new[] { null, null, null, "far", "far", "far" }));
        Assert.That(Labels(cells[0]), Is.EqualTo(new[] { "valence", "energy", "tension" }));
        Assert.That(Labels(cells[3]), Is.EqualTo(new[] { "valence", "energy" }));
        Assert.That(
            results["evaluatedOn"]![0]!["labels"]!.AsArray().Select(l => (string)l!),
            Is.EqualTo(new[] { "valence = 1 x valence + 0", "energy = -1 x energy + 1", "not rated there, and so not judged: tension" })
        );
        JsonNode row = results["across"]!.AsArray().First(r => (string)r!["perturbation"]! == "pgd")!;
        JsonNode mae = row["metrics"]!["mae"]!;
        double own = Enumerable.Range(0, 2).Average(i => new[] { "valence", "energy" }.Average(e => Clean(cells[i], e)));
        Assert.That((double)mae["ownClean"]!, Is.EqualTo(own).Within(1e-12), "over the same emotions");
        Assert.That(
            (double)mae["clean"]!,
            Is.EqualTo(Enumerable.Range(3, 2).Average(i => new[] { "valence", "energy" }.Average(e => Clean(cells[i], e)))).Within(1e-12)
        );
        Assert.That(result.StandardOutput, Does.Contain("clean on far"));
        string page = File.ReadAllText(tool.PathOf("merbench-results/across/report.html"));
        Assert.That(page, Does.Contain("id=\"across-map\"").And.Contain("id=\"shifts-chart\""));
        Assert.That(result.StandardError, Does.Not.Contain("no figures"));

        foreach (
            string[] verb in new[]
            {
                ["report", "merbench-results/across"],
                ["compare", "merbench-results/across", "merbench-results/across"],
                new[] { "query", "SELECT count(*) AS n FROM cells", "merbench-results/across" },
            }
        )
            Assert.That((await tool.Run(verb)).ExitCode, Is.Zero, verb[0]);
        BufferedCommandResult again = await tool.Run("run", file);
        Assert.That(again.StandardError, Does.Contain("6 cells finished before"), "its report was written anew meanwhile");
    }

    [Test]
    [Category("Slow")]
    [Explicit("Three runs; run it with: dotnet test tests/MerBench.Tool.Tests --filter TestCategory=Slow")]
    public async Task Another_dataset_or_mapping_makes_other_cells_of_its_own_alone()
    {
        using var tool = new MerBenchTool();
        string file = tool.Write("across.yaml", Benchmark());
        await tool.Run("run", file);
        tool.Write("across.yaml", Benchmark(labels: "{ energy: { scale: [0, 2] } }"));
        BufferedCommandResult mapped = await tool.Run("run", file);
        Assert.That(mapped.StandardError, Does.Contain("3 cells finished before, 3 to run"));
        tool.Write("across.yaml", Benchmark(far: "seed: 10"));
        BufferedCommandResult other = await tool.Run("run", file);
        Assert.That(other.StandardError, Does.Contain("3 cells finished before, 3 to run"));
    }

    [Test]
    [Category("Slow")]
    [Explicit("Five runs; run it with: dotnet test tests/MerBench.Tool.Tests --filter TestCategory=Slow")]
    public async Task A_snapshot_holds_both_and_shards_are_merged_to_what_one_run_finds()
    {
        using var tool = new MerBenchTool();
        string file = tool.Write("across.yaml", Benchmark());
        Assert.That((await tool.Run("verify", file, "--accept")).ExitCode, Is.Zero);
        Assert.That(File.ReadAllText(tool.PathOf("across.verified.json")), Does.Contain("pgd on far"));
        Assert.That((await tool.Run("verify", file)).ExitCode, Is.Zero);
        foreach (string shard in new[] { "1/2", "2/2" })
            Assert.That((await tool.Run("run", file, "--shard", shard, "--cache", $"store{shard[0]}")).ExitCode, Is.Zero);
        BufferedCommandResult merged = await tool.Run("merge", file, "store1", "store2", "--cache", "merged", "-o", "merged-results");
        Assert.That(merged.ExitCode, Is.Zero, merged.StandardError);
        JsonNode whole = tool.Results("across")["cells"]!,
            parts = JsonNode.Parse(File.ReadAllText(tool.PathOf("merged-results/results.json")))!["cells"]!;
        for (int i = 0; i < 6; i++)
            Assert.That(parts[i]!["result"]!["metrics"]!.ToJsonString(), Is.EqualTo(whole[i]!["result"]!["metrics"]!.ToJsonString()));
    }

    [TestCase("{ joy: valence }", "across.yaml:4:8: error: 'joy' is no emotion of the benchmark's dataset", "run")]
    [TestCase("{ energy: { scale: [1, 9], affine: [1, 0] } }", "across.yaml:4:110: a label has both 'scale' and 'affine'", "validate")]
    [TestCase("{ energy: { sign: 2 } }", "across.yaml:4:118: ", "validate")]
    public async Task What_cannot_be_mapped_is_refused_at_its_place(string labels, string reason, string verb)
    {
        using var tool = new MerBenchTool();
        BufferedCommandResult result = await tool.Run(verb, tool.Write("across.yaml", Benchmark(labels)));
        Assert.That(result.ExitCode, Is.EqualTo(3), result.StandardError);
        Assert.That(result.StandardError, Does.Contain(reason));
    }

    private static IEnumerable<string> Labels(JsonNode cell) =>
        cell["result"]!["metrics"]!["mae"]!["perLabel"]!.AsObject().Select(l => l.Key);

    private static double Clean(JsonNode cell, string emotion) =>
        (double)cell["result"]!["metrics"]!["mae"]!["perLabel"]![emotion]!["clean"]!;
}
