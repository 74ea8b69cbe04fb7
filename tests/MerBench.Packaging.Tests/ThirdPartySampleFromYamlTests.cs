using System.Text.Json.Nodes;
using CliWrap.Buffered;

namespace MerBench.Tests.Packaging;

/// <summary>The stranger's plugin, dropped in a folder and used from YAML with the built tool.</summary>
public sealed class ThirdPartySampleFromYamlTests
{
    [Test]
    public async Task A_benchmark_trains_the_samples_model_and_attacks_it_with_the_samples_attack()
    {
        using var tool = new MerBenchTool();
        string folder = Directory.CreateDirectory(tool.PathOf("plugins/ThirdParty.Model")).FullName;
        foreach (string file in Directory.GetFiles(await ThirdPartySample.PluginFolder()))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        tool.Write(
            "bench.yaml",
            """
            dataset: { use: cues, with: { clips: 80, seconds: 2 } }
            models: { timbre: { use: third-party-mean-spectrum, train: { epochs: 60, batch: 8, learning-rate: 2e-2, patience: 60 } } }
            perturbations: { one-step: { use: third-party-random-sign, budgets: { linf: [0.01, 0.1] } } }
            metrics: [mae, pearson]
            """
        );

        BufferedCommandResult result = await tool.Run("run", "bench.yaml");
        Assert.That(result.ExitCode, Is.Zero, result.StandardError + result.StandardOutput);
        JsonNode[] cells = [.. tool.Results("bench")["cells"]!.AsArray().Select(c => c!)];
        double[] harm = [.. cells.Select(c => (double)c["result"]!["metrics"]!["mae"]!["mean"]!["harm"]!)];
        Assert.That(harm, Has.Length.EqualTo(2).And.Ordered.And.All.GreaterThan(0));
        Assert.That((await tool.Run("list", "bench.yaml")).StandardOutput, Does.Contain("third-party-random-sign"));
    }

    [Test]
    public async Task The_samples_own_benchmark_is_valid()
    {
        using var tool = new MerBenchTool();
        BufferedCommandResult result = await tool.Run(
            "validate",
            Path.Combine(await ThirdPartySample.ProjectFolder(), "bench.yaml"),
            "--plugin",
            await ThirdPartySample.PluginFolder()
        );
        Assert.That(result.ExitCode, Is.Zero, result.StandardError);
    }
}
