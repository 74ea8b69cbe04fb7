using System.Text.Json;
using MerBench.Host.IO;

namespace MerBench.Host.Drafts;

/// <summary>Makes a build server verify a benchmark: its own file, and the manifest by which it finds the tool.</summary>
public static class BuildServerFiles
{
    // What the files in docs/ci say of the benchmarks of whoever copies them.
    private const string AllBenchmarks = "benchmarks/*.yaml";
    private const string StoreOfBenchmarks = "benchmarks/.merbench";
    private const string AcceptedOfBenchmarks = "benchmarks/bench.verified.json";

    private const string Manifest = ".config/dotnet-tools.json";

    // Where 'dotnet new tool-manifest' of .NET 10 puts it.
    private const string ManifestAtRoot = "dotnet-tools.json";

    /// <summary>Makes sure that they can be written, before a benchmark is.</summary>
    /// <param name="root">Of the repository.</param>
    /// <param name="benchmark">The benchmark file, below the root.</param>
    /// <exception cref="UserErrorException">A file is there already, or the benchmark lies elsewhere.</exception>
    public static void Require(BuildServer server, string root, string benchmark, bool replace)
    {
        string within = Within(root, benchmark);
        if (within.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(within))
            throw new UserErrorException($"{benchmark} does not lie in {root}: a build server sees the repository alone. Call init there.");
        if (File.Exists(Path.Combine(root, FileOf(server))) && !replace)
            throw new UserErrorException($"{FileOf(server)} exists already; --force replaces it, and docs/ci.md says what to put into it.");
    }

    /// <summary>Writes them.</summary>
    /// <returns>What was written, below the root.</returns>
    public static IReadOnlyList<string> Write(BuildServer server, string root, string benchmark)
    {
        string file = FileOf(server);
        AtomicFile.Write(Path.Combine(root, file), Read(server, Within(root, benchmark)));
        string manifest = Path.Combine(root, Manifest);
        if (File.Exists(manifest) || File.Exists(Path.Combine(root, ManifestAtRoot)))
            return [file];
        AtomicFile.Write(manifest, DescribeTool());
        return [file, Manifest];
    }

    private static string FileOf(BuildServer server) =>
        server == BuildServer.GitHub ? ".github/workflows/robustness.yml" : ".gitlab-ci.yml";

    private static string Within(string root, string benchmark) =>
        Path.GetRelativePath(root, Path.GetFullPath(benchmark)).Replace('\\', '/');

    private static string Read(BuildServer server, string benchmark)
    {
        string name = server == BuildServer.GitHub ? "github-actions.yml" : "gitlab-ci.yml";
        using Stream stream = typeof(BuildServerFiles).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        string folder = Path.GetDirectoryName(benchmark) is { Length: > 0 } place ? $"{place}/" : "";
        return reader
            .ReadToEnd()
            .Replace(AllBenchmarks, benchmark, StringComparison.Ordinal)
            .Replace(StoreOfBenchmarks, $"{folder}.merbench", StringComparison.Ordinal)
            .Replace(AcceptedOfBenchmarks, Path.ChangeExtension(benchmark, ".verified.json"), StringComparison.Ordinal);
    }

    private static string DescribeTool() =>
        JsonSerializer.Serialize(
            new
            {
                version = 1,
                isRoot = true,
                tools = new Dictionary<string, object>(StringComparer.Ordinal)
                {
                    ["dotnet-merbench"] = new { version = ProductVersion.Text, commands = new[] { "dotnet-merbench" } },
                },
            },
            new JsonSerializerOptions { WriteIndented = true }
        ) + "\n";
}
