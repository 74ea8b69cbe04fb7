using System.Text.Json.Nodes;
using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>The benchmark of all natural corruptions, small, and of the model that needs no training.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class CorruptionsTests
{
    private static readonly string[] s_listenersFeel = ["gain", "speed", "pitch-shift", "time-stretch"];

    [Test]
    [Category("Slow")]
    [Explicit("Over a hundred cells; run it with: dotnet test tests/MerBench.Tool.Tests --filter TestCategory=Slow")]
    public async Task Every_corruption_runs_at_every_severity_and_those_that_listeners_feel_are_marked()
    {
        InstalledFfmpeg.OrSkip();
        using var tool = new MerBenchTool(report: true);
        string benchmark = File.ReadAllText(Path.Combine(MerBenchTool.Repository, "benchmarks/corruptions.yaml"));
        const string whole = "clips: 200, seconds: 4";
        Assert.That(benchmark, Does.Contain(whole));
        benchmark = benchmark.Replace(whole, "clips: 10, seconds: 1.5", StringComparison.Ordinal);
        benchmark = string.Join('\n', benchmark.Split('\n').Where(line => !line.StartsWith("  A2E:", StringComparison.Ordinal)));

        BufferedCommandResult result = await tool.Run("run", tool.Write("corruptions.yaml", benchmark));
        Assert.That(result.ExitCode, Is.Zero, result.StandardError);
        JsonNode results = tool.Results("corruptions");
        JsonNode[] cells = [.. results["cells"]!.AsArray().Select(c => c!)];
        Assert.That(cells, Has.Length.EqualTo(24 * 5));
        foreach (JsonNode cell in cells)
        {
            Assert.That(cell["failure"], Is.Null, cell["name"]!.ToString());
            Assert.That(cell["result"]!["size"]!["medianSnrDb"], Is.Not.Null, $"{cell["name"]} changed nothing");
        }

        Assert.That(
            cells.Where(c => !c["labelPreserving"]!.GetValue<bool>()).Select(c => c["perturbation"]!.GetValue<string>()).Distinct(),
            Is.EquivalentTo(s_listenersFeel)
        );
        Assert.That(
            results["statistics"]!
                .AsArray()
                .Where(s => !s!["labelPreserving"]!.GetValue<bool>())
                .Select(s => s!["perturbation"]!.GetValue<string>())
                .Distinct(),
            Is.EquivalentTo(s_listenersFeel)
        );
        foreach (string report in new[] { result.StandardOutput, File.ReadAllText(tool.PathOf("merbench-results/corruptions/results.md")) })
        {
            Assert.That(
                report,
                Does.Contain("gain †")
                    .And.Contain("pitch-shift †")
                    .And.Contain("† changes what listeners feel")
                    .And.Not.Contain("noise-white †")
            );
            Assert.That(
                report.IndexOf("gain †", StringComparison.Ordinal),
                Is.GreaterThan(report.IndexOf("leading-silence", StringComparison.Ordinal))
            );
        }
    }
}
