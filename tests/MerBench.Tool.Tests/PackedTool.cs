using CliWrap;
using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>MerBench's packages in a folder, packed once for all tests, and the tool installed from there.</summary>
internal static class PackedTool
{
    private static readonly string Root = Directory.CreateTempSubdirectory("merbench-packed-").FullName;
    private static readonly Lazy<Task<string>> Packed = new(PackTool),
        Others = new(PackOthers);

    /// <summary>The folder with the tool's packages.</summary>
    public static Task<string> Packages() => Packed.Value;

    /// <summary>The folder, with the packages for authors too.</summary>
    public static Task<string> AllPackages() => Others.Value;

    public static string PackageFile(string packages) => Directory.GetFiles(packages, "dotnet-merbench.linux-x64.*.nupkg").Single();

    public static string Version(string packages) =>
        Path.GetFileNameWithoutExtension(PackageFile(packages))["dotnet-merbench.linux-x64.".Length..];

    /// <summary>The tool as its package holds it, compiled ahead, in a folder that nothing writes any more.</summary>
    public static async Task<string> Publish()
    {
        string folder = Path.Combine(Root, "tool");
        await DotNet(
            Root,
            NoVariables,
            "publish",
            Path.Combine(MerBenchTool.Repository, "tool"),
            "-c",
            MerBenchTool.Configuration,
            // All that it needs was restored with the solution; restored for one platform, lock files would change.
            "--no-restore",
            "-r",
            "linux-x64",
            "-o",
            folder,
            "-nodeReuse:false"
        );
        return Path.Combine(folder, Path.GetFileName(MerBenchTool.Assembly));
    }

    public static void Delete() => Directory.Delete(Root, recursive: true);

    /// <summary>Runs dotnet, which must succeed.</summary>
    public static async Task<string> DotNet(string folder, IReadOnlyDictionary<string, string?> variables, params string[] arguments)
    {
        BufferedCommandResult result = await Try(folder, variables, arguments);
        Assert.That(result.ExitCode, Is.Zero, $"dotnet {string.Join(' ', arguments)}\n{result.StandardOutput}{result.StandardError}");
        return result.StandardOutput;
    }

    public static Task<BufferedCommandResult> Try(
        string folder,
        IReadOnlyDictionary<string, string?> variables,
        params string[] arguments
    ) =>
        Cli.Wrap("dotnet")
            .WithArguments(arguments)
            .WithWorkingDirectory(folder)
            .WithEnvironmentVariables(WithoutOuterBuild(variables))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();

    private static async Task<string> PackTool()
    {
        string packages = Path.Combine(Root, "packages");
        await DotNet(
            Root,
            NoVariables,
            "pack",
            Path.Combine(MerBenchTool.Repository, "tool"),
            "-c",
            MerBenchTool.Configuration,
            "-o",
            packages,
            "-nodeReuse:false"
        );
        return packages;
    }

    private static async Task<string> PackOthers()
    {
        string packages = await Packed.Value;
        foreach (string project in new[] { "src/Abstractions", "src/Build", "src/Testing", "templates" })
            await DotNet(
                Root,
                NoVariables,
                "pack",
                Path.Combine(MerBenchTool.Repository, project),
                "-c",
                MerBenchTool.Configuration,
                "--no-build",
                "-o",
                packages,
                "-nodeReuse:false"
            );
        return packages;
    }

    private static readonly Dictionary<string, string?> NoVariables = new(StringComparer.Ordinal);

    // The test may itself run within a build, whose variables would mislead the inner one; and a compiler server would outlive the command
    // and keep its output open.
    private static Dictionary<string, string?> WithoutOuterBuild(IReadOnlyDictionary<string, string?> variables)
    {
        var all = new Dictionary<string, string?>(variables, StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
            if (((string)variable.Key).StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase))
                all[(string)variable.Key] = null;
        (all["MSBUILDDISABLENODEREUSE"], all["UseSharedCompilation"], all["DOTNET_CLI_TELEMETRY_OPTOUT"], all["DOTNET_NOLOGO"]) = (
            "1",
            "false",
            "1",
            "1"
        );
        return all;
    }
}

/// <summary>Publishes before any test runs the tool: a build writes files that programs read when they start. What tests of packages alone
/// want is packed when it comes to them.</summary>
[SetUpFixture]
internal sealed class PublishOnce
{
    [OneTimeSetUp]
    public async Task Publish()
    {
        if (OperatingSystem.IsLinux())
            MerBenchTool.Assembly = await PackedTool.Publish();
        Assert.That(MerBenchTool.Assembly, Does.Exist);
    }

    [OneTimeTearDown]
    public void Delete()
    {
        HeardRun.Delete();
        PackedTool.Delete();
    }
}
