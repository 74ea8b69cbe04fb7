using CliWrap.Buffered;

namespace MerBench.Tests;

public sealed class FinishedRunTests
{
    private const string Benchmark = """
        dataset: { use: cues, with: { clips: 20, seconds: 1 } }
        models: { ridge: ridge }
        perturbations: { fgsm: { use: fgsm, budgets: { linf: ["${RADIUS:-0.05}"] } } }
        """;

    [Test]
    public async Task A_finished_benchmark_is_run_again_only_where_something_that_it_came_of_has_changed()
    {
        using var tool = new MerBenchTool();
        string file = tool.Write("bench.yaml", Benchmark),
            results = tool.PathOf("merbench-results/bench/results.md");
        BufferedCommandResult first = await tool.Run("run", file);
        Assert.That(first.ExitCode, Is.Zero, first.StandardError);
        Dictionary<string, DateTime> before = ReadTimes(tool);

        BufferedCommandResult second = await tool.Run("run", file);
        Assert.That(second.ExitCode, Is.Zero, second.StandardError);
        Assert.That(second.StandardError, Does.StartWith("Nothing has changed since this was run, "));
        Assert.That(second.StandardOutput, Is.EqualTo(first.StandardOutput));
        Assert.That(ReadTimes(tool), Is.EqualTo(before), "nothing is written");
        Assert.That((await tool.Run("run", file, "--json", "-q")).StandardOutput, Does.StartWith("{"));

        File.Delete(results);
        await RunsAgain("what it wrote is gone");
        Assert.That(results, Does.Exist);
        await Stands();

        tool.Variables["RADIUS"] = "0.02";
        await RunsAgain("the benchmark names the variable");
        tool.Variables["RADIUS"] = null;
        await RunsAgain("the results in the folder are the other ones now");

        Directory.Delete(tool.PathOf(".merbench/cells"), recursive: true);
        await RunsAgain("its cell is gone");
        await Stands();

        async Task RunsAgain(string why) => Assert.That((await tool.Run("run", file)).StandardError, Does.Contain("writing results"), why);

        async Task Stands() => Assert.That((await tool.Run("run", file)).StandardError, Does.StartWith("Nothing has changed"));
    }

    private static Dictionary<string, DateTime> ReadTimes(MerBenchTool tool) =>
        Directory.EnumerateFiles(tool.Folder, "*", SearchOption.AllDirectories).ToDictionary(f => f, File.GetLastWriteTimeUtc);
}
