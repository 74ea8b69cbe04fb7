using System.Diagnostics;

namespace MerBench.Tests.Campaign;

/// <summary>Several runs of one file at once, in one store and one results folder.</summary>
[Platform("Linux")]
public sealed class RunsAtOnceTests
{
    private Study _study = null!;

    [OneTimeSetUp]
    public async Task Run() => _study = await Study.Run();

    [OneTimeTearDown]
    public void Delete() => _study?.Dispose();

    [TestCase(10)]
    [Category("Campaign")]
    [Explicit("Takes minutes; run it with: dotnet test --filter TestCategory=Campaign")]
    public async Task Three_find_what_one_finds(int rounds)
    {
        var random = new Random(rounds);
        for (int round = 0; round < rounds; round++)
        {
            string store = $"store-{round}";
            await Task.WhenAll(Enumerable.Range(0, 3).Select(i => RunLater(i * random.NextDouble(), store)));
            _study.RequireWhole(store);
            Assert.That(Directory.Exists(_study.Tool.PathOf($"{store}/damaged")), Is.False);
            Assert.That(
                Directory.EnumerateFileSystemEntries(_study.Tool.PathOf(store), ".*", SearchOption.AllDirectories),
                Is.Empty,
                "nothing half written is left"
            );
            await _study.Succeed("compare", $"results-{store}", "merbench-results/study", "-q");
        }
    }

    private async Task RunLater(double share, string store)
    {
        await Task.Delay(_study.Duration * share);
        using Process process = _study.Start("run", Study.File, "--cache", store, "-o", $"results-{store}", "-q");
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string errors = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, errors);
    }
}
