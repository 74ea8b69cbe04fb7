using System.Text.Json.Nodes;
using CliWrap;
using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>A store that was damaged, and one that cannot be written, as users meet them.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class StoreTests
{
    private const string Benchmark =
        "name: bench\ndataset: { use: cues, with: { clips: 20, seconds: 1 } }\nmodels: { r: ridge }\nperturbations: { n: { use: noise, "
        + "severities: [3] } }\nevaluation: { examples: 0 }\n";

    [Test]
    public async Task Damage_is_told_by_doctor_mended_by_run_and_cleared_by_cache()
    {
        using var tool = new MerBenchTool();
        tool.Write("bench.yaml", Benchmark);
        await tool.Run("run", "bench.yaml", "-q");
        string numbers = Metrics(tool);
        string weights = FileOf(tool, "weights.safetensors"),
            cell = FileOf(tool, "cell.json");
        byte[] content = File.ReadAllBytes(weights);
        content[^2] ^= 1;
        File.WriteAllBytes(weights, content);
        File.WriteAllText(cell, "{}");

        BufferedCommandResult doctor = await tool.Run("doctor", "--store", "--cache", ".merbench");
        Assert.That(doctor.ExitCode, Is.EqualTo(4));
        Assert.That(doctor.StandardOutput, Does.Contain("weights.safetensors is damaged").And.Contain("cell.json has 2 bytes"));
        BufferedCommandResult run = await tool.Run("run", "bench.yaml");
        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(
            run.StandardError.Split('\n').Where(l => l.StartsWith("put aside", StringComparison.Ordinal)).ToArray(),
            Has.Length.EqualTo(2).And.All.Contains(", to compute it again: ")
        );
        Assert.That(Metrics(tool), Is.EqualTo(numbers));
        BufferedCommandResult cleared = await tool.Run("cache", "--cache", ".merbench", "--clear", "--json");
        JsonNode summary = JsonNode.Parse(cleared.StandardOutput)!;
        Assert.That(((int)summary["clearable"]!, (bool)summary["cleared"]!), Is.EqualTo((2, true)), cleared.StandardOutput);
        Assert.That(Directory.GetFiles(tool.PathOf(".merbench/damaged"), "*", SearchOption.AllDirectories), Is.Empty);
        Assert.That((await tool.Run("cache", "--kind", "cels")).ExitCode, Is.EqualTo(3));
        Assert.That((await tool.Run("doctor", "--store", "--cache", ".merbench")).ExitCode, Is.Zero);
    }

    // A limit of file sizes ends processes that do not expect it. The runtime's own files need it lifted from them.
    [Test]
    [Platform("Linux")]
    public async Task A_limit_of_file_sizes_is_the_environments_fault()
    {
        using var tool = new MerBenchTool();
        tool.Write("bench.yaml", Benchmark);
        tool.Variables["DOTNET_EnableWriteXorExecute"] = "0";
        Command command = tool.Command("run", "bench.yaml");
        BufferedCommandResult run = await Cli.Wrap("sh")
            .WithArguments(["-c", $"ulimit -f 16; exec {command.TargetFilePath} {command.Arguments}"])
            .WithWorkingDirectory(tool.Folder)
            .WithEnvironmentVariables(tool.Variables)
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
        Assert.That(run.ExitCode, Is.EqualTo(4), run.StandardError);
        Assert.That(run.StandardError, Does.Contain("cannot be written: the file would be larger than the system allows (ulimit -f)"));
        Assert.That(run.StandardError, Does.Contain("/.merbench/features/").And.Contain("--cache"));
    }

    private static string FileOf(MerBenchTool tool, string name) =>
        Directory.GetFiles(tool.PathOf(".merbench"), name, SearchOption.AllDirectories).Single();

    private static string Metrics(MerBenchTool tool) => tool.Results("bench")["cells"]![0]!["result"]!["metrics"]!.ToJsonString();
}
