using System.Diagnostics;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Distribution;
using MerBench.Host.Distribution.Slurm;
using MerBench.Host.Events;
using MerBench.Host.Runs;
using MerBench.Tests.Data;
using MerBench.Tests.Storage;

namespace MerBench.Tests.Distribution.Slurm;

/// <summary>A study of four shards and a cluster that is a fake.</summary>
public abstract class SlurmScenario
{
    protected const string Benchmark = """
        name: study
        dataset: { use: cues, with: { clips: 10, seconds: 1 } }
        models: { ridge: ridge }
        perturbations: { noise: { use: noise, severities: [1, 2, 3] } }
        seeds: [1, 2, 3, 4]
        metrics: [mae]
        executor: { use: slurm, with: { shards: 4, partition: long, time: 2:00:00, merge: { partition: short } } }
        """;

    internal TemporaryFolder Folder { get; } = new();

    internal FakeSlurm Slurm { get; private set; } = null!;

    [OneTimeTearDown]
    public void Delete() => Folder.Dispose();

    [SetUp]
    public void Begin()
    {
        Slurm = new FakeSlurm();
        File.WriteAllText(Folder.File("study.yaml"), Benchmark);
        if (Directory.Exists(Folder.File("results")))
            Directory.Delete(Folder.File("results"), recursive: true);
    }

    [TearDown]
    public void End() => Slurm.Dispose();

    internal SlurmOutcome Submit(params SlurmOption[] options) => Submit("store", retryFailed: false, options);

    internal SlurmOutcome Submit(string store, bool retryFailed = false, params SlurmOption[] options) =>
        SlurmStudy.Submit(
            new ShardsHere(Folder, SmallBenchmark.Plugins, store).Request,
            new SlurmRequest(["merbench", "it's"], options, retryFailed, []),
            _ => { },
            CancellationToken.None
        );

    protected (int Code, string Output) RunScript(string name, string argument, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("/bin/bash", [Folder.File($"results/slurm/{name}"), argument])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        foreach ((string variable, string value) in variables)
            start.Environment[variable] = value;
        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    /// <summary>Shards of the study, computed here.</summary>
    internal sealed class ShardsHere(TemporaryFolder folder, string plugins, string store = "store")
    {
        public RunRequest Request { get; } =
            new(folder.File("study.yaml"), [plugins])
            {
                Cache = folder.File(store),
                Output = folder.File("results"),
                Isolation = Isolation.None,
            };

        public void Run(int number, int count) =>
            ShardRun.Execute(Request, new ShardRequest(new Shard(number, count), null, RetryFailed: false), Ignore, CancellationToken.None);

        private static void Ignore(RunEvent happened) { }
    }
}
