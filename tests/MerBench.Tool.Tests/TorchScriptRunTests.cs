using CliWrap.Buffered;

namespace MerBench.Tests;

[Parallelizable(ParallelScope.Self)]
public sealed class TorchScriptRunTests
{
    [Test]
    public async Task An_exported_PyTorch_module_is_attacked_with_gradients()
    {
        using var tool = new MerBenchTool();
        string module = Path.Combine(MerBenchTool.Repository, "tests", "MerBench.Models.Tests", "fixtures", "torchscript_features.pt");
        tool.Write(
            "bench.yaml",
            $$"""
            dataset: { use: cues, with: { clips: 40, seconds: 2 } }
            models: { exported: { use: torchscript, with: { path: {{module}}, concept-output: 1 } } }
            perturbations: { pgd: { use: pgd, with: { steps: 3 }, budgets: { linf: [0.01, 0.1] } } }
            metrics: [mae]
            """
        );
        BufferedCommandResult result = await tool.Run("run", "bench.yaml");
        Assert.That(result.ExitCode, Is.Zero, result.StandardError + result.StandardOutput);
        double[] harm =
        [
            .. tool.Results("bench")["cells"]!.AsArray().Select(c => (double)c!["result"]!["metrics"]!["mae"]!["mean"]!["harm"]!),
        ];
        Assert.That(harm, Has.Length.EqualTo(2).And.Ordered.And.All.GreaterThan(0));
    }

    [Test]
    public async Task A_file_that_is_no_module_fails_the_cells_of_its_model_with_the_reason()
    {
        using var tool = new MerBenchTool();
        tool.Write("model.pt", "not a module");
        tool.Write(
            "bench.yaml",
            """
            dataset: { use: cues, with: { clips: 10, seconds: 1 } }
            models: { exported: { use: torchscript, with: { path: model.pt } }, ridge: ridge }
            perturbations: { noise: { use: noise, severities: [1] } }
            """
        );
        BufferedCommandResult result = await tool.Run("run", "bench.yaml");
        Assert.That(result.ExitCode, Is.EqualTo(1), result.StandardError);
        Assert.That(result.StandardOutput + result.StandardError, Does.Contain("model.pt is no TorchScript module"));
        Assert.That(result.StandardOutput, Does.Contain("ridge"));
    }
}
