using System.Text.Json.Nodes;
using CliWrap.Buffered;

namespace MerBench.Tests;

[Parallelizable(ParallelScope.All)]
public sealed class PrecisionTests
{
    private const string Benchmark = """
        name: formats
        dataset: { use: cues, with: { clips: 24, seconds: 1 } }
        models:
          network: { use: vgg, with: { width: 0.03 }, train: { epochs: 1 } }
          ridge: ridge
        perturbations:
          pgd: { use: pgd, with: { steps: 2 }, budgets: { linf: [0.1] } }
          noise: { use: noise, severities: [1] }
        evaluation:
          precision: FORMAT
        """;

    [TestCase("fp16")]
    [TestCase("tf32")]
    public async Task What_only_GPUs_compute_in_is_refused_on_the_CPU_before_anything_runs(string format)
    {
        using var tool = new MerBenchTool();
        string file = tool.Write("formats.yaml", Benchmark.Replace("FORMAT", format, StringComparison.Ordinal));
        BufferedCommandResult result = await tool.Run("run", file, "--device", "cpu");
        Assert.That(result.ExitCode, Is.EqualTo(3), result.StandardError);
        Assert.That(
            result.StandardError.Trim().Split('\n')[^1],
            Does.Match(
                $@"formats\.yaml:10:14: error: precision '{format}' is for GPUs, and the device is cpu\. "
                    + @"Use (bf16 or )?fp32, or name a GPU by --device cuda\.$"
            )
        );
        Assert.That(Directory.Exists(tool.PathOf(".merbench/cells")), Is.False);
    }

    [Test]
    public async Task Reports_say_in_what_attacks_computed_where_it_is_not_fp32()
    {
        using var tool = new MerBenchTool();
        string instructionSet = (string)JsonNode.Parse((await tool.Run("self-test", "--json")).StandardOutput)!["instructionSet"]!;
        if (!instructionSet.StartsWith("avx512", StringComparison.Ordinal))
            Assert.Ignore($"bf16 is refused with {instructionSet}.");
        string file = tool.Write("formats.yaml", Benchmark.Replace("FORMAT", "bf16", StringComparison.Ordinal));
        BufferedCommandResult result = await tool.Run("run", file, "--device", "cpu");
        Assert.That(result.ExitCode, Is.Zero, result.StandardOutput + result.StandardError);
        JsonNode results = tool.Results("formats");
        Assert.That((string?)results["environment"]!["precision"], Is.EqualTo("bf16"));
        var cells = results["cells"]!.AsArray().ToDictionary(c => (string)c!["name"]!, c => (string?)c!["result"]!["precision"]);
        Assert.That(
            cells.Select(c => $"{c.Key.Split(" / ")[0]} {c.Key.Split(" / ")[1]} {c.Value}"),
            Is.EquivalentTo(new[] { "network pgd bf16", "network noise fp32", "ridge pgd fp32", "ridge noise fp32" })
        );

        const string Legend = "Attacks computed in bf16 on network; results are judged in fp32.";
        Assert.That(result.StandardOutput.ReplaceLineEndings(" "), Does.Contain(Legend));
        Assert.That(await File.ReadAllTextAsync(tool.PathOf("merbench-results/formats/results.md")), Does.Contain(Legend));
    }
}
