using System.Diagnostics;
using System.Text.Json;
using MerBench.Host;
using MerBench.Host.Distribution;
using MerBench.Host.Events;
using MerBench.Host.IO;
using MerBench.Host.Results;
using MerBench.Host.Runs;
using MerBench.Tests.Data;
using MerBench.Tests.Storage;

namespace MerBench.Tests.Distribution;

/// <summary>However a study is divided, interrupted and repeated, what is merged is what one run finds.</summary>
public sealed class ShardRunTests
{
    private const string Benchmark = """
        name: study
        dataset: { use: cues, with: { clips: 10, seconds: 1 } }
        models:
          tiny: { use: vgg, with: { width: 0.05 }, train: { epochs: 1 } }
          ridge: ridge
        perturbations:
          noise: { use: noise, severities: [1, 3] }
          fgsm: { use: fgsm, budgets: { linf: [0.1] } }
        metrics: [mae]
        """;

    private readonly TemporaryFolder _folder = new();
    private string _numbers = null!;

    [OneTimeSetUp]
    public void RunWhole()
    {
        File.WriteAllText(_folder.File("study.yaml"), Benchmark);
        _numbers = Describe(BenchmarkRun.Execute(Request("whole"), null, Ignore, CancellationToken.None));
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [TestCase(1, true)]
    [TestCase(3, true, Category = "Slow", Explicit = true, Reason = "Other numbers of shards are merged beside.")]
    [TestCase(3, false, Category = "Slow", Explicit = true, Reason = "Other numbers of shards are merged beside.")]
    [TestCase(7, false)]
    public void Shards_of_one_store_or_of_several_are_merged_to_what_one_run_finds(int shards, bool sharesStore)
    {
        string name = $"of-{shards}-{sharesStore}";
        string[] stores = [.. Enumerable.Range(1, shards).Select(k => sharesStore ? name : $"{name}-{k}")];
        // The last one begins first; the second is repeated.
        foreach (int k in Enumerable.Range(1, shards).Reverse().Append(Math.Min(2, shards)))
            Run(k, shards, stores[k - 1]);
        MergeOutcome merged = Merge($"{name}-merged", stores);
        Assert.That(merged.Missing, Is.Empty);
        Assert.That(Describe(merged.Finished!), Is.EqualTo(_numbers));
    }

    [Test]
    public void What_an_interrupted_shard_did_is_kept_and_what_it_did_not_is_missing_by_its_number()
    {
        using var stop = new CancellationTokenSource();
        Assert.That(
            () =>
                Run(
                    1,
                    2,
                    "interrupted",
                    happened =>
                    {
                        if (happened is RunEvent.CellFinished)
                            stop.Cancel();
                    },
                    stop.Token
                ),
            Throws.InstanceOf<OperationCanceledException>()
        );
        Run(2, 2, "beside");
        MergeOutcome incomplete = Merge("interrupted-merged", "interrupted", "beside");
        Assert.That(incomplete.Finished, Is.Null);
        Assert.That(incomplete.Missing, Has.Count.EqualTo(2).And.All.Property(nameof(MissingCell.Shard)).EqualTo(1));
        Assert.That(incomplete.Attempts.Single(a => a.Shard.Number == 1).HasEnded, Is.False);
        Assert.That(Directory.GetFiles(_folder.File("interrupted/leases")), Is.Empty, "they were given back");

        Assert.That(Run(1, 2, "interrupted").Finished, Is.EqualTo(3));
        Assert.That(Describe(Merge("interrupted-merged", "interrupted", "beside").Finished!), Is.EqualTo(_numbers));
    }

    [Test]
    public void A_shard_helps_those_that_began_in_the_same_store_and_no_others()
    {
        Assert.That(Run(1, 2, "alone").Helped, Is.Zero);
        using var stop = new CancellationTokenSource();
        Assert.That(
            () => Run(2, 2, "helped", happened => stop.Cancel(), stop.Token),
            Throws.InstanceOf<OperationCanceledException>(),
            "before it began"
        );
        Run(
            2,
            2,
            "helped",
            happened =>
            {
                // Another process would do so at the same time.
                if (happened is RunEvent.CellFinished)
                    throw new InvalidOperationException("killed");
            },
            mayFail: true
        );
        ShardOutcome helper = Run(1, 2, "helped");
        Assert.That((helper.Finished, helper.Helped), Is.EqualTo((3, 2)));
        Assert.That(Describe(Merge("helped").Finished!), Is.EqualTo(_numbers));
    }

    [Test]
    public void A_job_that_is_begun_again_and_again_and_gets_nowhere_is_refused()
    {
        Environment.SetEnvironmentVariable("SLURM_JOB_ID", "7");
        try
        {
            foreach (int restart in new[] { 0, 1, 2 })
                Assert.That(() => Begin(restart, nameof(RunEvent.TrainingBegun)), Throws.InstanceOf<OperationCanceledException>());
            Assert.That(
                () => Begin(3, nameof(RunEvent.TrainingBegun)),
                Throws
                    .TypeOf<UserErrorException>()
                    .With.Message.Contains("The last 3 starts of job 7 ended before")
                    .And.Message.Contains("'time'")
            );
            Environment.SetEnvironmentVariable("SLURM_JOB_ID", "8");
            // Another job may, and a training that goes on gets somewhere.
            Environment.SetEnvironmentVariable("SLURM_JOB_ID", "8");
            foreach (int restart in new[] { 0, 1, 2, 3 })
                Assert.That(
                    () => Begin(restart, restart == 1 ? nameof(RunEvent.TrainingStepped) : nameof(RunEvent.TrainingBegun)),
                    Throws.InstanceOf<OperationCanceledException>()
                );
        }
        finally
        {
            Environment.SetEnvironmentVariable("SLURM_JOB_ID", null);
            Environment.SetEnvironmentVariable("SLURM_RESTART_COUNT", null);
        }

        void Begin(int restart, string until)
        {
            Environment.SetEnvironmentVariable("SLURM_RESTART_COUNT", $"{restart}");
            using var stop = new CancellationTokenSource();
            Run(
                1,
                1,
                "nowhere",
                happened =>
                {
                    if (happened.GetType().Name == until)
                        stop.Cancel();
                },
                stop.Token
            );
        }
    }

    [Test]
    public void Work_that_another_one_holds_is_left_to_him_and_a_lease_that_nobody_touches_is_stale()
    {
        string store = _folder.File("leases-only");
        using (Lease? first = Lease.TryTake(store, "model", "one"))
        {
            Assert.That(first, Is.Not.Null);
            Assert.That(Lease.TryTake(store, "model", "two"), Is.Null);
        }

        Lease.TryTake(store, "model", "three");
        Assert.That(Lease.TryTake(store, "model", "four"), Is.Null);
        File.SetLastWriteTimeUtc(Path.Combine(store, Lease.Folder, "model"), DateTime.UtcNow - Lease.Stale - TimeSpan.FromSeconds(1));
        Assert.That(Lease.TryTake(store, "model", "four"), Is.Not.Null);
    }

    [Test]
    public void The_lease_of_a_process_that_has_ended_on_this_machine_holds_up_nobody()
    {
        string store = _folder.File("leases-of-the-dead"),
            lease = Path.Combine(store, Lease.Folder, "model");
        Directory.CreateDirectory(Path.GetDirectoryName(lease)!);
        using Process ended = Process.Start("dotnet", ["--version"]);
        ended.WaitForExit();
        File.WriteAllText(lease, $"{ended.Id}@another-machine\none\n");
        Assert.That(Lease.TryTake(store, "model", "two"), Is.Null, "it cannot be seen from here");
        File.WriteAllText(lease, $"{ended.Id}@{Environment.MachineName}\none\n");
        Assert.That(Lease.TryTake(store, "model", "two"), Is.Not.Null);
    }

    [Test]
    public void Another_benchmark_than_was_planned_is_refused_and_so_are_stores_that_contradict_each_other()
    {
        StudyPlanner.Create(Request("planned"), Ignore, CancellationToken.None).Write(_folder.File("plan"));
        Assert.That(() => Run(1, 1, "planned", plan: "plan"), Throws.Nothing);
        string text = File.ReadAllText(_folder.File("study.yaml"));
        File.WriteAllText(_folder.File("study.yaml"), text.Replace("severities: [1, 3]", "severities: [1, 4]", StringComparison.Ordinal));
        Assert.That(
            () => Run(1, 1, "planned", plan: "plan"),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("planned: study.yaml was changed")
        );
        File.WriteAllText(_folder.File("study.yaml"), text);

        Run(1, 1, "other");
        var store = new ResultStore(_folder.File("other"));
        string cell = Directory
            .GetDirectories(_folder.File("other/cells"), "*", SearchOption.AllDirectories)
            .First(d => Path.GetFileName(d).Length > 2);
        CellResult changed = store.ReadCell(Path.GetFileName(cell))! with { SuccessRate = 0.123 };
        byte[] clips = File.ReadAllBytes(Path.Combine(cell, "clips.parquet"));
        Directory.Delete(cell, recursive: true);
        store.WriteCell(changed, stream => stream.Write(clips));
        Assert.That(
            () => Merge("planned", "other"),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("with other numbers").And.Message.Contains(_folder.File("other"))
        );
    }

    private RunRequest Request(string store) =>
        new(_folder.File("study.yaml"), [SmallBenchmark.Plugins])
        {
            Cache = _folder.File(store),
            Output = _folder.File($"{store}-results"),
            Threads = 1,
        };

    private ShardOutcome Run(
        int number,
        int count,
        string store,
        Action<RunEvent>? tell = null,
        CancellationToken cancel = default,
        string? plan = null,
        bool mayFail = false
    )
    {
        var asked = new ShardRequest(new Shard(number, count), plan is null ? null : _folder.File(plan), RetryFailed: false);
        try
        {
            return ShardRun.Execute(Request(store), asked, tell ?? Ignore, cancel);
        }
        catch (InvalidOperationException) when (mayFail)
        {
            return new ShardOutcome(asked.Shard, 0, 0, []);
        }
    }

    private MergeOutcome Merge(string into, params string[] stores) =>
        ShardMerge.Execute(
            Request(into),
            new MergeRequest([.. stores.Distinct().Select(s => _folder.File(s))], null),
            null,
            Ignore,
            CancellationToken.None
        );

    private static string Describe(FinishedRun run) =>
        JsonSerializer.Serialize(
            new
            {
                Cells = run.Results.Cells.Select(c => (c.Name, c.Failure, Result: c.Result is { } r ? r with { Seconds = 0 } : null)),
                Clips = run.Conditions.SelectMany(c => c.Logs).SelectMany(l => l.Rows),
                run.Results.Summary,
                run.Results.Statistics,
                Models = run.Results.Models.Select(m => (m.Seed, m.Training?.Source, m.Training?.Key)),
            },
            new JsonSerializerOptions(ResultJson.Options) { IncludeFields = true }
        );

    private static void Ignore(RunEvent happened) { }
}
