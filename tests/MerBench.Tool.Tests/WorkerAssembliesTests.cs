using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>A worker process computes cells, and loads nothing that shows them.</summary>
[Parallelizable(ParallelScope.Self)]
[Platform("Linux")]
public sealed class WorkerAssembliesTests
{
    private static readonly string[] ForShowing = ["SkiaSharp", "ScottPlot", "DuckDB", "Spectre.Console", "MerBench.Analysis"];

    [Test]
    public async Task A_worker_that_has_computed_a_cell_has_loaded_no_library_of_reports()
    {
        using var tool = new MerBenchTool();
        string file = tool.Write(
            "small.yaml",
            """
            name: small
            dataset: { use: cues, with: { clips: 20, seconds: 1 } }
            models: { ridge: ridge }
            perturbations: { fgsm: { use: fgsm, budgets: { linf: [0.1] } } }
            """
        );
        BufferedCommandResult run = await tool.Run("run", file, "--device", "cpu");
        Assert.That(run.ExitCode, Is.Zero, run.StandardError);
        JsonNode result = tool.Results("small")["cells"]![0]!["result"]!;

        using Process worker = Start(tool);
        await Tell(
            worker,
            new
            {
                file,
                plugins = Array.Empty<string>(),
                cache = tool.PathOf(".merbench"),
                device = "cpu",
                threads = 1,
            }
        );
        await Tell(worker, new { cell = 0, key = (string)result["key"]! });
        Assert.That(await WaitFor(worker, "CellFinished"), Is.True, "the worker ended before its cell");
        string[] loaded = [.. LoadedFiles(worker)];
        worker.StandardInput.Close();
        await worker.WaitForExitAsync();

        Assert.That(loaded, Has.Some.StartsWith("MerBench.Host").And.Some.StartsWith("TorchSharp"), "else nothing would be seen at all");
        Assert.That(loaded.Where(name => ForShowing.Any(s => name.Contains(s, StringComparison.OrdinalIgnoreCase))), Is.Empty);
    }

    private static Process Start(MerBenchTool tool)
    {
        var start = new ProcessStartInfo("dotnet", [MerBenchTool.Assembly, "worker"])
        {
            WorkingDirectory = tool.Folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = false,
        };
        foreach ((string name, string? value) in tool.Variables)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static Task Tell(Process worker, object message) => worker.StandardInput.WriteLineAsync(JsonSerializer.Serialize(message));

    private static async Task<bool> WaitFor(Process worker, string happened)
    {
        while (await worker.StandardOutput.ReadLineAsync() is { } line)
            if (line.Contains(happened, StringComparison.Ordinal))
                return true;
        return false;
    }

    // As the kernel has them mapped, native libraries included.
    private static IEnumerable<string> LoadedFiles(Process worker) =>
        File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{worker.Id}/maps"))
            .Select(line => Path.GetFileName(line))
            .Where(name => name.Contains(".dll", StringComparison.Ordinal) || name.Contains(".so", StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal);
}
