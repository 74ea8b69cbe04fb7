using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>A run with something to listen to of every kind, made once for all tests that listen.</summary>
internal static class HeardRun
{
    public const string Benchmark = """
        name: hear
        dataset: { use: cues, with: { clips: 40, seconds: 2 } }
        models: { ridge: ridge }
        perturbations:
          found: { use: pgd, with: { steps: 3 }, budgets: { linf: [0.02, 0.1] } }
          heard: { use: pgd, domain: waveform, with: { steps: 5 }, budgets: { linf: [0.001] } }
          realised: { use: pgd, with: { steps: 3 }, budgets: { linf: [0.1] }, resynthesis: 20 }
          hopeless: { use: pgd, with: { steps: 3 }, budgets: { linf: [0.1] }, resynthesis: 1 }
          louder: { use: gain, severities: [5] }
          hissing: { use: noise, domain: waveform, severities: [3] }
        evaluation: { examples: 1 }
        """;

    private static MerBenchTool? s_tool;
    private static readonly Lazy<Task<(MerBenchTool, string File, string Audio)>> s_done = new(Run);

    /// <summary>The tool in the run's folder, the benchmark's file, and the folder of its sounds.</summary>
    public static Task<(MerBenchTool Tool, string File, string Audio)> Done() => s_done.Value;

    /// <summary>Deletes it.</summary>
    public static void Delete() => s_tool?.Dispose();

    private static async Task<(MerBenchTool, string File, string Audio)> Run()
    {
        s_tool = new MerBenchTool(report: true);
        string file = s_tool.Write("hear.yaml", Benchmark);
        BufferedCommandResult run = await s_tool.Run("run", file, "-q");
        Assert.That(run.ExitCode, Is.Zero, run.StandardError);
        return (s_tool, file, s_tool.PathOf("merbench-results/hear/audio"));
    }
}
