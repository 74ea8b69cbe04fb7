using System.IO.Compression;
using CliWrap;
using CliWrap.Buffered;

namespace MerBench.Tests;

public sealed class PackageTests
{
    // libtorch is 110 MB of it, DuckDB 22, OnnxRuntime 11, Skia 5; 167 MB in all. It was 160 before graphs were held to OnnxRuntime.
    // Galleries take 250 MB.
    private const long MostBytes = 168_000_000;

    [Test]
    public async Task The_packed_tool_is_small_enough_installs_from_a_folder_and_runs_from_anywhere()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("The package of this platform is tested on Linux.");
        using var tool = new MerBenchTool();
        string packages = await PackedTool.Packages(),
            package = PackedTool.PackageFile(packages);
        Assert.That(new FileInfo(package).Length, Is.LessThanOrEqualTo(MostBytes));
        AssertContent(package);

        await PackedTool.DotNet(
            tool.Folder,
            tool.Variables,
            "tool",
            "install",
            "dotnet-merbench",
            "--version",
            PackedTool.Version(packages),
            "--tool-path",
            tool.PathOf("tools"),
            "--add-source",
            packages
        );
        tool.Write(
            "elsewhere/bench.yaml",
            "dataset: { use: cues, with: { clips: 20, seconds: 1 } }\nmodels: { r: ridge }\nperturbations: { p: { use: fgsm, budgets: { "
                + "linf: [0.05] } } }\n"
        );
        BufferedCommandResult result = await Cli.Wrap(tool.PathOf("tools/dotnet-merbench"))
            .WithArguments(["run", "elsewhere/bench.yaml"])
            .WithWorkingDirectory(tool.Folder)
            .WithEnvironmentVariables(tool.Variables)
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
        Assert.That(result.ExitCode, Is.Zero, result.StandardError);
        Assert.That(result.StandardOutput, Does.Contain("linf 0.05"));
    }

    private static void AssertContent(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        string[] files = [.. archive.Entries.Select(e => e.FullName)];
        Assert.That(
            files.Count(f => Path.GetFileName(f) == "MerBench.Abstractions.dll"),
            Is.EqualTo(1),
            "the contract belongs to the host alone"
        );
        Assert.That(files.Count(f => Path.GetFileName(f) == "TorchSharp.dll"), Is.EqualTo(1));
        Assert.That(files, Has.None.Contains("libtorch_python"));
        Assert.That(files, Has.Some.Contains("plugins/MerBench.Models.Vgg/MerBench.Models.Vgg.dll"));
    }
}
