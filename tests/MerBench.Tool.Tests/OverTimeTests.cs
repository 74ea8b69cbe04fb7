using System.Text.Json.Nodes;
using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>A benchmark of emotions over time, at the height of its user.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class OverTimeTests
{
    private const string Data = "dataset: { use: cues, with: { clips: 24, seconds: 6, over-time: true, emotions: [valence, energy] } }";

    [Test]
    public async Task Models_with_and_without_time_are_attacked_within_a_window_and_harm_is_told_by_moment()
    {
        using var tool = new MerBenchTool(report: true);
        string file = tool.Write(
            "time.yaml",
            $$"""
            {{Data}}
            models:
              over-time: { use: vgg, with: { width: 0.0625, over-time: true }, train: { epochs: 2 } }
              ridge: ridge
            perturbations:
              window: { use: pgd, with: { steps: 3 }, budgets: { linf: [0.1] }, objective: mse @ frames, window: { from: 2 s, to: 2500ms } }
            metrics: [mae, pearson, kendall]
            evaluation: { examples: 0 }
            """
        );
        BufferedCommandResult result = await tool.Run("run", file);
        Assert.That(result.ExitCode, Is.Zero, result.StandardError);
        JsonNode[] cells = [.. tool.Results("time")["cells"]!.AsArray().Select(c => c!)];
        Assert.That(cells.Select(c => (string?)c["window"]), Is.All.EqualTo("2 to 2.5 s"));
        JsonNode[] measured = [.. cells.Select(c => c["result"]!["overTime"]!)];
        foreach (JsonNode m in measured)
        {
            Assert.That((double)m["hopSeconds"]!, Is.EqualTo(0.5));
            Assert.That(m["change"]!.AsArray(), Has.Count.EqualTo(12));
            Assert.That(m["perSong"]!.AsObject().Select(p => p.Key), Is.EqualTo(new[] { "mae", "pearson", "kendall" }));
            Assert.That(m["example"]!["rated"]!.AsArray(), Has.Count.EqualTo(12));
        }

        double[] changes = [.. measured[0]["change"]!.AsArray().Select(c => (double)c!)];
        Assert.That(Array.IndexOf(changes, changes.Max()), Is.InRange(3, 6), "where inputs may change");
        Assert.That(changes[^1], Is.LessThan(0.05 * changes.Max()), "the network hears about two seconds at once");
        double[] ridge = [.. measured[1]["change"]!.AsArray().Select(c => (double)c!)];
        Assert.That(ridge.Distinct().Count(), Is.EqualTo(1), "it has no time");
        Assert.That(
            measured[1]["songsLeftOut"]!["pearson"]!["valence"]!.GetValue<int>(),
            Is.Positive,
            "what does not move correlates with nothing"
        );

        string markdown = File.ReadAllText(tool.PathOf("merbench-results/time/results.md")),
            page = File.ReadAllText(tool.PathOf("merbench-results/time/report.html"));
        Assert.That(markdown, Does.Contain("## Over time, within songs").And.Contain("## Where in time harm is largest"));
        Assert.That(page, Does.Contain("id=\"curves-chart\"").And.Contain("id=\"moments-chart\""));
        BufferedCommandResult query = await tool.Run(
            "query",
            "SELECT \"curve_rating.valence.003\" AS r FROM clips",
            tool.PathOf("merbench-results/time")
        );
        Assert.That(query.ExitCode, Is.Zero, query.StandardError);
    }

    [TestCase("objective: mse @ noon", "time.yaml:3:90: 'mse @ noon' names no part of a curve")]
    [TestCase("window: { from: 3 s, to: 2 s }", "time.yaml:3:87: the window from 3 to 2 s is empty")]
    public async Task What_is_no_moment_is_refused_at_its_place(string key, string reason)
    {
        using var tool = new MerBenchTool();
        BufferedCommandResult result = await Validate(tool, Data, key);
        Assert.That(result.ExitCode, Is.EqualTo(3));
        Assert.That(result.StandardError, Does.Contain(reason));
    }

    [Test]
    [Category("Slow")]
    [Explicit("Two datasets for two refusals; run it with: dotnet test tests/MerBench.Tool.Tests --filter TestCategory=Slow")]
    public async Task Clips_that_are_rated_as_wholes_have_no_moments()
    {
        using var tool = new MerBenchTool();
        const string whole = "dataset: { use: cues, with: { clips: 24, seconds: 6, emotions: [valence, energy] } }";
        await Validate(tool, whole, "objective: mse @ peak");
        BufferedCommandResult result = await tool.Run("run", "time.yaml");
        Assert.That(result.ExitCode, Is.EqualTo(3), result.StandardError);
        Assert.That(result.StandardError, Does.Contain("the objective 'mse @ peak' needs clips that are rated over time"));
        await Validate(tool, Data, "window: { from: 20 s }");
        result = await tool.Run("run", "time.yaml");
        Assert.That(result.ExitCode, Is.EqualTo(3), result.StandardError);
        Assert.That(result.StandardError, Does.Contain("excerpts end at 6 s"));
    }

    private static Task<BufferedCommandResult> Validate(MerBenchTool tool, string data, string key) =>
        tool.Run(
            "validate",
            tool.Write(
                "time.yaml",
                $"{data}\nmodels: {{ ridge: ridge }}\n"
                    + $"perturbations: {{ p: {{ use: pgd, with: {{ steps: 3 }}, budgets: {{ linf: [0.1] }}, {key} }} }}"
            )
        );
}
