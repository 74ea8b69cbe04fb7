using System.Text.Json.Nodes;
using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>The README's first command, on a fifth of the music with one network, and whole.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class QuickstartTests
{
    [Test]
    [Category("Slow")]
    [Explicit("Another benchmark is verified beside; run it with: dotnet test tests/MerBench.Tool.Tests --filter TestCategory=Slow")]
    public async Task A_fifth_of_the_quickstart_trains_models_that_hear_emotion_and_harm_grows_with_the_budget()
    {
        string benchmark = File.ReadAllText(Path.Combine(MerBenchTool.Repository, "benchmarks/quickstart.yaml"));
        const string whole = "clips: 400, seconds: 4";
        Assert.That(benchmark, Does.Contain(whole));
        benchmark = benchmark.Replace(whole, "clips: 200, seconds: 1", StringComparison.Ordinal);
        benchmark = string.Join('\n', benchmark.Split('\n').Where(line => !line.StartsWith("  bottleneck:", StringComparison.Ordinal)));
        using var tool = new MerBenchTool(report: true);
        await Run(tool, tool.Write("quickstart.yaml", benchmark));
    }

    [Test]
    [Category("Slow")]
    [Explicit("Takes two minutes; run it with: dotnet test tests/MerBench.Tool.Tests --filter TestCategory=Slow")]
    public async Task The_quickstart_trains_models_that_hear_emotion_and_harm_grows_with_the_budget()
    {
        using var tool = new MerBenchTool(report: true);
        await Run(tool, Path.Combine(MerBenchTool.Repository, "benchmarks/quickstart.yaml"));
    }

    private static async Task Run(MerBenchTool tool, string benchmark)
    {
        BufferedCommandResult result = await tool.Run("run", benchmark, "--cache", tool.PathOf("cache"));
        TestContext.Out.WriteLine(result.StandardOutput);
        Assert.That(result.ExitCode, Is.Zero, result.StandardError);
        JsonArray summary = tool.Results("quickstart")["summary"]!.AsArray();
        foreach (var model in summary.GroupBy(r => r!["model"]!.GetValue<string>()))
        {
            Assert.That(Metric(model.First()!, "pearson", "clean"), Is.GreaterThanOrEqualTo(0.6), $"clean mean r of {model.Key}");
            double[] harm = [.. model.Where(r => r!["perturbation"]!.GetValue<string>() == "pgd").Select(r => Metric(r!, "mae", "harm"))];
            Assert.That(harm, Has.Length.GreaterThanOrEqualTo(3));
            Assert.That(harm, Is.Ordered.Ascending, $"harm of {model.Key} by budget");
            Assert.That(harm[0], Is.Positive);
        }
    }

    private static double Metric(JsonNode row, string metric, string side) => row["metrics"]![metric]![side]!.GetValue<double>();
}
