using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>MerBench guards itself as it guards others.</summary>
public sealed class OwnSnapshotTests
{
    [Test]
    public async Task The_repositorys_snapshots_hold()
    {
        using var tool = new MerBenchTool();
        string[] guarded =
        [
            .. Directory
                .GetFiles(Path.Combine(MerBenchTool.Repository, "benchmarks"), "*.verified.json")
                .Select(f => f.Replace(".verified.json", ".yaml", StringComparison.Ordinal)),
        ];
        Assert.That(guarded, Is.Not.Empty);
        BufferedCommandResult result = await tool.Run(["verify", .. guarded, "-q", "--cache", tool.PathOf("cache")]);
        Assert.That(result.ExitCode, Is.Zero, result.StandardOutput + result.StandardError);
    }
}
