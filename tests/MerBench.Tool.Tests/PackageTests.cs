using System.IO.Compression;
using CliWrap;
using CliWrap.Buffered;

namespace MerBench.Tests;

public sealed class PackageTests
{
    // Natives in one archive by Brotli are 104 MB of the largest, OnnxRuntime 11. As a zip archive alone it was 163.
    internal const long MostBytes = 130_000_000;

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
        Assert.That(result.StandardError, Does.Contain("Unpacking the package's native libraries, once"));
    }

    [Test]
    public async Task Where_its_own_folder_cannot_be_written_the_package_unpacks_into_the_users()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("The package of this platform is tested on Linux.");
        using var tool = new MerBenchTool();
        string installed = tool.PathOf("installed"),
            home = tool.PathOf("home");
        ZipFile.ExtractToDirectory(PackedTool.PackageFile(await PackedTool.Packages()), installed);
        string folder = Path.Combine(installed, "tools", "net10.0", "linux-x64");
        // Nothing can be moved to where a file lies.
        File.WriteAllText(Path.Combine(folder, "natives"), "");
        tool.Variables["XDG_DATA_HOME"] = home;

        Assert.That((await Doctor()).StandardOutput, Does.Contain($"{home}/merbench/natives/"));
        Assert.That((await Doctor()).StandardError, Does.Not.Contain("Unpacking"), "once");

        Directory.Delete(home, recursive: true);
        File.WriteAllText(home, "");
        BufferedCommandResult nowhere = await Doctor();
        Assert.That(nowhere.ExitCode, Is.EqualTo(4));
        Assert.That(nowhere.StandardOutput + nowhere.StandardError, Does.Contain("can be unpacked neither into"));

        Task<BufferedCommandResult> Doctor() =>
            Cli.Wrap("dotnet")
                .WithArguments([Path.Combine(folder, "merbench.dll"), "doctor"])
                .WithWorkingDirectory(tool.Folder)
                .WithEnvironmentVariables(tool.Variables)
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync();
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
        Assert.That(files.Count(f => f.EndsWith(".so", StringComparison.Ordinal)), Is.EqualTo(1), "OnnxRuntime's lies with its plugin");
        Assert.That(files, Has.Some.EndsWith("linux-x64/natives.tar.br"));
        Assert.That(files, Has.Some.Contains("plugins/MerBench.Models.Vgg/MerBench.Models.Vgg.dll"));
    }
}
