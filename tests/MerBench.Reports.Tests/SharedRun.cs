using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>One small run of the tool, shared by all tests of this assembly; its folder is read and never written.</summary>
[SetUpFixture]
internal sealed class SharedRun
{
    private const string Benchmark = """
        name: shared
        dataset: { use: cues, with: { clips: 40, seconds: 2 } }
        models:
          tiny: { use: vgg, with: { head: bottleneck, width: 0.05 }, train: { epochs: 2, learning-rate: 1e-3, concept-weight: 0.5 } }
          ridge: ridge
        perturbations:
          pgd: { use: pgd, with: { steps: 3 }, budgets: { linf: [0.01, 0.05] } }
          noise: { use: noise, severities: [1, 3] }
          borrowed: { use: transfer, with: { from: ridge, attack: { use: fgsm } }, budgets: { linf: [0.05] } }
        seeds: [1, 2]
        """;

    private static readonly MerBenchTool Shared = new(report: true);

    private static readonly Lazy<Task<BufferedCommandResult>> Run = new(async () =>
    {
        BufferedCommandResult result = await Shared.Run("run", Shared.Write("shared.yaml", Benchmark), "--quiet");
        Assert.That(result.ExitCode, Is.Zero, result.StandardError);
        return result;
    });

    /// <summary>The results folder.</summary>
    public static async Task<string> Folder()
    {
        await Run.Value;
        return Shared.PathOf("merbench-results/shared");
    }

    /// <summary>The page that the run wrote.</summary>
    public static async Task<string> Report() => Path.Combine(await Folder(), "report.html");

    [OneTimeTearDown]
    public void Delete() => Shared.Dispose();
}
