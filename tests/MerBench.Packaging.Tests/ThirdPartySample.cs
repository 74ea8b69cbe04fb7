using System.Reflection;

namespace MerBench.Tests.Packaging;

/// <summary>The sample plugin, copied out of the repository and built against the packed contract, once for all tests.</summary>
internal static class ThirdPartySample
{
    private const string Version = "0.1.0-packaging";
    private static readonly Lazy<Task<string>> Built = new(BuildAsync);
    private static string? _root;

    /// <summary>The folder of the sample's copy, with its project and bench.yaml.</summary>
    public static async Task<string> ProjectFolder() => await Built.Value;

    /// <summary>The folder with the built plugin, for <c>--plugin</c>.</summary>
    public static async Task<string> PluginFolder() => Path.Combine(await Built.Value, "bin", "Release", "net10.0");

    /// <summary>The packed contract.</summary>
    public static async Task<string> Package()
    {
        await Built.Value;
        return Path.Combine(_root!, "artifacts", "packages", $"MerBench.Abstractions.{Version}.nupkg");
    }

    /// <summary>Arguments that build a project of the copy as its author would, but with packages kept apart.</summary>
    public static string[] BuildArguments(params string[] more) =>
        [
            "build",
            "-c",
            "Release",
            $"-p:MerBenchVersion={Version}",
            $"-p:RestorePackagesPath={Path.Combine(_root!, "packages")}",
            $"-p:RestoreFallbackFolders={Metadata("NuGetPackageRoot").TrimEnd('/', '\\')}",
            .. more,
        ];

    /// <summary>Deletes the copy.</summary>
    public static void Delete()
    {
        if (_root is not null)
            Directory.Delete(_root, recursive: true);
    }

    private static async Task<string> BuildAsync()
    {
        _root = Directory.CreateTempSubdirectory("merbench-sample-").FullName;
        // The same places as in the repository, so that the sample's own nuget.config holds.
        string packages = Path.Combine(_root, "artifacts", "packages"),
            project = Path.Combine(_root, "samples", "ThirdParty.Model");
        string source = Path.Combine(Repository.Root, "samples", "ThirdParty.Model");
        Directory.CreateDirectory(project);
        foreach (string file in Directory.GetFiles(source))
            File.Copy(file, Path.Combine(project, Path.GetFileName(file)));

        await DotNet.Run(
            Repository.Root,
            "pack",
            Path.Combine("src", "Abstractions", "MerBench.Abstractions.csproj"),
            "--no-build",
            "-c",
            Metadata("Configuration"),
            "-o",
            packages,
            $"-p:PackageVersion={Version}"
        );
        await DotNet.Run(project, BuildArguments());
        return project;
    }

    private static string Metadata(string key) =>
        typeof(ThirdPartySample).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}

[SetUpFixture]
internal sealed class ThirdPartySampleCleanup
{
    [OneTimeTearDown]
    public void DeleteSample() => ThirdPartySample.Delete();
}
