using System.Diagnostics;
using MerBench.Host;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Distribution;
using MerBench.Host.Distribution.Slurm;
using MerBench.Host.Events;
using MerBench.Host.Runs;
using MerBench.Tests.Data;
using MerBench.Tests.Storage;

namespace MerBench.Tests.Distribution.Slurm;

/// <summary>What a cluster is told of a study, and what is seen of it; the cluster is a fake.</summary>
public sealed class SlurmStudyTests
{
    private const string Benchmark = """
        name: study
        dataset: { use: cues, with: { clips: 10, seconds: 1 } }
        models: { ridge: ridge }
        perturbations: { noise: { use: noise, severities: [1, 2, 3] } }
        seeds: [1, 2, 3, 4]
        metrics: [mae]
        executor: { use: slurm, with: { shards: 4, partition: long, time: 2:00:00, merge: { partition: short } } }
        """;

    private readonly TemporaryFolder _folder = new();
    private FakeSlurm _slurm = null!;

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [SetUp]
    public void Begin()
    {
        _slurm = new FakeSlurm();
        File.WriteAllText(_folder.File("study.yaml"), Benchmark);
        if (Directory.Exists(_folder.File("results")))
            Directory.Delete(_folder.File("results"), recursive: true);
    }

    [TearDown]
    public void End() => _slurm.Dispose();

    [Test]
    public void An_array_of_shards_and_a_job_that_merges_are_submitted_with_the_users_options_as_they_are()
    {
        Environment.SetEnvironmentVariable("SLURM_JOB_ID", "77");
        Environment.SetEnvironmentVariable("SBATCH_PARTITION", "elsewhere");
        SlurmOutcome outcome;
        try
        {
            outcome = Submit(new SlurmOption("at-once", "2", null), new SlurmOption("mem", "4G", null));
        }
        finally
        {
            Environment.SetEnvironmentVariable("SLURM_JOB_ID", null);
            Environment.SetEnvironmentVariable("SBATCH_PARTITION", null);
        }

        string logs = _folder.File("results/slurm/logs"),
            common = "sbatch --parsable --requeue --open-mode=append --job-name=merbench-study";
        Assert.That(
            _slurm.TakeAsked(),
            Is.EqualTo(
                new[]
                {
                    "scontrol show config",
                    $"{common} --partition=long --time=2:00:00 --mem=4G --array=1-4%2 --signal=TERM@90 --output={logs}/shard-%A_%a.log "
                        + $"{_folder.File("results/slurm/shard.sh")} 0",
                    $"{common} --time=2:00:00 --mem=4G --partition=short --dependency=afterany:101 --output={logs}/merge-%j.log "
                        + _folder.File("results/slurm/merge.sh"),
                }
            )
        );
        Assert.That(_slurm.ReadVariables(), Has.None.StartsWith("SLURM_").And.None.StartsWith("SBATCH_"));
        Assert.That(outcome.Remarks, Has.One.StartsWith("Not passed on: SBATCH_PARTITION."));
        Assert.That(outcome.Arrays.Single().Shards, Is.EqualTo(new[] { 1, 2, 3, 4 }));
        Assert.That(outcome.Submission!.Merge, Is.EqualTo(new SlurmJobId(102, null)));
        Assert.That(
            StudyPlan.Read(_folder.File("results/slurm")).ComputeHash(),
            Is.EqualTo(outcome.Submission.Plan),
            "the shards are given the plan"
        );
    }

    [Test]
    public void More_shards_than_an_array_may_have_are_submitted_in_several_with_an_offset()
    {
        _slurm.Set("scontrol", "echo warning; echo '  MaxArraySize            = 4'");
        SlurmOutcome outcome = Submit(new SlurmOption("shards", "8", null));
        Assert.That(
            outcome.Arrays.Select(a => (a.Offset, string.Join(' ', a.Shards))),
            Is.EqualTo(new[] { (0, "1 2 3"), (3, "4 5 6"), (6, "7 8") })
        );
        string[] asked = _slurm.TakeAsked();
        Assert.That(asked.Count(a => a.Contains("--array=1-3 ", StringComparison.Ordinal)), Is.EqualTo(2));
        Assert.That(asked[^2], Does.Contain("--array=1-2 ").And.EndsWith("shard.sh 6"));
        Assert.That(asked[^1], Does.Contain("--dependency=afterany:101:102:103 "));

        _slurm.Set("scontrol", "echo 'MaxArraySize = 0'");
        Directory.Delete(_folder.File("results"), recursive: true);
        Assert.That(
            () => Submit(),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("no job arrays").And.Property("Kind").EqualTo(ErrorKind.Environment)
        );
    }

    [Test]
    public void Where_shards_share_a_model_that_takes_long_to_train_one_of_them_begins_before_the_others()
    {
        string model = "models: { deep: { use: vgg, with: { width: 0.05 }, train: { epochs: 9 } }, ridge: ridge }";
        File.WriteAllText(
            _folder.File("study.yaml"),
            Benchmark
                .Replace("models: { ridge: ridge }", model, StringComparison.Ordinal)
                .Replace("[1, 2, 3, 4]", "[1, 2]", StringComparison.Ordinal)
        );
        SlurmOutcome outcome = Submit(new SlurmOption("shards", "6", null));
        StudyPlan plan = StudyPlan.Read(_folder.File("results/slurm"));
        int[] trainers =
        [
            .. ShardPlan.Divide(plan, 6).Where(p => p.Model.Name == "deep").GroupBy(p => p.Model.Key).Select(g => g.First().Shard).Order(),
        ];
        Assert.That(trainers, Has.Length.EqualTo(2));
        Assert.That(outcome.Arrays.Select(a => a.Shards), Is.EqualTo(new[] { trainers, [.. Enumerable.Range(1, 6).Except(trainers)] }));
        string[] asked = _slurm.TakeAsked();
        Assert.That(asked[1], Does.Not.Contain("--dependency"));
        Assert.That(asked[2], Does.Contain("--dependency=afterany:101 "));
        Assert.That(asked[3], Does.Contain("--dependency=afterany:101:102 "));
    }

    [Test]
    public void The_same_command_again_submits_what_is_missing_and_not_in_the_queue()
    {
        Submit();
        _slurm.TakeAsked();
        _slurm.Set(
            "squeue",
            "echo '101_1|RUNNING|x|n1|None'; echo '101_[3-4%2]|PENDING|x||BeginTime'; echo '101_2|NODE_FAIL|||'; "
                + "echo '102|PENDING|||Dependency'"
        );
        SlurmOutcome again = Submit();
        Assert.That(again.Queued, Is.EqualTo(new[] { 1, 3, 4 }));
        Assert.That(again.Arrays.Single(), Is.EqualTo(again.Submission!.Arrays[^1]));
        Assert.That(again.Arrays.Single().Shards, Is.EqualTo(new[] { 2 }));
        string[] asked = _slurm.TakeAsked();
        Assert.That(asked[0], Is.EqualTo("squeue --noheader --array --states=all --format=%i|%T|%S|%N|%r --jobs=101,102"));
        Assert.That(asked, Has.One.EqualTo("scancel 102"), "it would merge before shard 2 is through");
        Assert.That(asked[^1], Does.Contain("--dependency=afterany:101:103 "));

        _slurm.Set("squeue", "echo '101_[1,3-4]|PENDING|||Priority'; echo '103_2|RUNNING|||'; echo '104|PENDING|||Dependency'");
        Assert.That(Submit().Arrays, Is.Empty);
        Assert.That(_slurm.TakeAsked(), Has.One.Items, "squeue alone");
    }

    [Test]
    public void A_queue_that_says_nothing_keeps_nobody_from_submitting()
    {
        Submit();
        (string? Squeue, string? Remark)[] queues =
        [
            ("echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1", null),
            ("echo 'squeue: error: slurm_receive_msg: Zero Bytes' >&2; exit 1", "squeue cannot be asked: slurm_receive_msg: Zero Bytes"),
            ("echo what is this", null),
            (null, "squeue cannot be asked: squeue is not on the PATH"),
        ];
        foreach ((string? squeue, string? remark) in queues)
        {
            if (squeue is null)
                _slurm.Remove("squeue");
            else
                _slurm.Set("squeue", squeue);
            SlurmOutcome again = Submit();
            Assert.That(again.Arrays.Single().Shards, Is.EqualTo(new[] { 1, 2, 3, 4 }), squeue);
            Assert.That(again.Remarks, remark is null ? Is.Empty : Has.One.StartsWith(remark));
        }
    }

    [Test]
    public void What_slurm_refuses_is_blamed_on_the_option_that_it_means()
    {
        string file = _folder.File("study.yaml");
        _slurm.Set("sbatch", "echo 'sbatch: error: invalid partition specified: long' >&2; exit 1");
        Assert.That(
            () => Submit(),
            Throws
                .TypeOf<UserErrorException>()
                .With.Message.EqualTo($"{file}:7:44: error: sbatch refuses '--partition=long': invalid partition specified: long")
        );
        _slurm.Set("sbatch", "echo \"sbatch: unrecognized option '--frob=1'\" >&2; exit 1");
        Assert.That(
            () => Submit(new SlurmOption("frob", "1", null)),
            Throws.TypeOf<UserErrorException>().With.Message.StartsWith("sbatch refuses '--frob=1': unrecognized")
        );
        _slurm.Set("sbatch", "echo 'sbatch: error: Batch job submission failed: Unable to contact slurm controller' >&2; exit 1");
        Assert.That(Refused(), Does.StartWith("sbatch cannot submit: Batch job submission failed: Unable to contact"));
        _slurm.Set("sbatch", "echo hello");
        Assert.That(Refused(), Does.StartWith("sbatch named no job: hello."));
        _slurm.Remove("sbatch");
        Assert.That(Refused(), Is.EqualTo("sbatch cannot submit: sbatch is not on the PATH"));

        string Refused()
        {
            UserErrorException refusal = Assert.Throws<UserErrorException>(() => Submit())!;
            Assert.That(refusal.Kind, Is.EqualTo(ErrorKind.Environment));
            return refusal.Message;
        }
    }

    [Test]
    public void A_study_for_gpus_is_planned_where_there_is_none()
    {
        if (TorchSharp.torch.cuda.is_available())
            Assert.Ignore("This machine has a GPU.");
        var gpus = new SlurmOption("gres", "gpu:a100:1", null);
        Assert.That(() => Submit(gpus), Throws.TypeOf<UserErrorException>().With.Message.Contains("Give 'device: cuda' or --device cuda"));
        string file = _folder.File("study.yaml");
        string[] onCpu = ReadKeys([]);
        File.AppendAllText(file, "\ndevice: cuda\n");
        Assert.That(ReadKeys([gpus]).Intersect(onCpu), Is.Empty, "they are the cells of another type of device");

        string[] ReadKeys(SlurmOption[] options)
        {
            Submit(options);
            return [.. StudyPlan.Read(_folder.File("results/slurm")).ListCells().Select(c => c.Key)];
        }
    }

    [Test]
    public void What_was_submitted_before_slurm_refuses_more_is_not_submitted_again()
    {
        _slurm.Set("scontrol", "echo 'MaxArraySize = 3'");
        _slurm.Set(
            "sbatch",
            "[ -e \"$0.once\" ] && { echo 'sbatch: error: QOSMaxSubmitJobPerUserLimit' >&2; exit 1; }; echo > \"$0.once\"; echo 7"
        );
        Assert.That(() => Submit(), Throws.TypeOf<UserErrorException>().With.Message.Contains("QOSMaxSubmitJobPerUserLimit"));
        _slurm.Set("squeue", "echo '7_[1-2]|PENDING|||Priority'");
        _slurm.Set("sbatch", "echo 8");
        SlurmOutcome again = Submit();
        Assert.That((again.Queued, again.Arrays.Single().Shards), Is.EqualTo((new[] { 1, 2 }, new[] { 3, 4 })));
        Assert.That(_slurm.TakeAsked()[^1], Does.Contain("--dependency=afterany:7:8 "));
    }

    // The script is what the cluster runs; srun is the fake.
    [Test]
    public void A_shard_that_was_told_to_end_is_queued_again_a_number_of_times()
    {
        Submit();
        _slurm.Set("hostname", "echo n1");
        _slurm.Set("date", "echo now");
        RunShard(ended: 0, restarts: 0, asked: null);
        RunShard(ended: 1, restarts: 0, asked: null);
        RunShard(ended: 143, restarts: 19, asked: "scontrol requeue 88_3");
        RunShard(ended: 143, restarts: 20, asked: null);
    }

    [Test]
    public void A_study_is_followed_by_its_store_and_the_queue_is_asked_seldom()
    {
        Submit("followed");
        _slurm.TakeAsked();
        _slurm.Set(
            "squeue",
            "echo '101_1|RUNNING|17:00|n1|None'; echo '101_[2-4]|PENDING|18:00||BeginTime'; echo '102|PENDING|||Dependency'"
        );
        var clock = new ManualClock();
        var watch = SlurmWatch.Find(_folder.File("results"), _folder.Path, clock)!;
        StudySighting seen = watch.Look(CancellationToken.None);
        Assert.That((seen.Cells, seen.Finished, seen.Failed, seen.Missing), Is.EqualTo((12, 0, 0, 12)));
        Assert.That(seen.Shards.Select(s => s.Task?.Reason), Is.EqualTo(new[] { null, "BeginTime", "BeginTime", "BeginTime" }));
        Assert.That((seen.Merge?.Name, seen.ExitCode, seen.IsLost), Is.EqualTo(("PENDING", (int?)null, false)));

        // The store is looked at each time, the queue is not.
        new ShardRunOf(_folder, SmallBenchmark.Plugins, "followed").Run(2, 4);
        clock.Advance(TimeSpan.FromSeconds(29));
        seen = watch.Look(CancellationToken.None);
        Assert.That(seen.Finished, Is.EqualTo(seen.Shards[1].Finished).And.Positive);
        Assert.That(seen.Shards[1].Last!.HasEnded, Is.True);
        Assert.That(_slurm.TakeAsked(), Has.Length.EqualTo(1));

        _slurm.Set("squeue", "echo 'squeue: error: down' >&2; exit 1");
        clock.Advance(TimeSpan.FromSeconds(2));
        seen = watch.Look(CancellationToken.None);
        Assert.That((seen.Queue, seen.IsLost), Is.EqualTo(("squeue cannot be asked: down", false)));

        // Twice not seen where it should be: gone.
        _slurm.Set("squeue", "");
        foreach (bool isLost in new[] { false, true })
        {
            clock.Advance(TimeSpan.FromSeconds(30));
            Assert.That(watch.Look(CancellationToken.None).IsLost, Is.EqualTo(isLost));
        }

        _slurm.Set("srun", "exit 5");
        _slurm.Set("hostname", "");
        _slurm.Set("date", "");
        _slurm.Set("mv", "exec /bin/mv \"$@\"");
        Assert.That(RunScript("merge.sh", "", ("SLURM_JOB_ID", "102")).Code, Is.EqualTo(5));
        Assert.That(watch.Look(CancellationToken.None).ExitCode, Is.EqualTo(5));
    }

    [Test]
    public void Nothing_is_submitted_where_nothing_is_missing_and_failures_are_tried_again_when_asked()
    {
        string store = "complete";
        var shards = new ShardRunOf(_folder, SmallBenchmark.Plugins, store);
        foreach (int k in new[] { 1, 2, 3, 4 })
            shards.Run(k, 4);
        SlurmOutcome outcome = Submit(store, retryFailed: true);
        Assert.That((outcome.Submission, outcome.State.Finished), Is.EqualTo(((Submission?)null, 12)));
        Assert.That(_slurm.TakeAsked(), Is.Empty);

        // What the finished ones took tells what longer ones will take.
        File.WriteAllText(
            _folder.File("study.yaml"),
            Benchmark.Replace(
                "[1, 2, 3] } }",
                "[1, 2, 3] }, pgd: { use: pgd, with: { steps: 100000, restarts: 20 } } }",
                StringComparison.Ordinal
            )
        );
        Assert.That(
            Submit(store).Remarks,
            Has.One.StartsWith(
                "Longer than the time limit of 2 h 0 min, judging by finished cells of the same model: ridge / pgd / no budget"
            )
        );
        File.WriteAllText(_folder.File("study.yaml"), Benchmark);

        // A cell that is lost is missing again.
        Directory.Delete(
            Directory
                .GetDirectories(_folder.File($"{store}/cells"), "*", SearchOption.AllDirectories)
                .First(d => Path.GetFileName(d).Length > 2),
            recursive: true
        );
        Assert.That(Submit(store).Arrays.Single().Shards, Has.Count.EqualTo(1));
    }

    private SlurmOutcome Submit(params SlurmOption[] options) => Submit("store", retryFailed: false, options);

    private SlurmOutcome Submit(string store, bool retryFailed = false, params SlurmOption[] options) =>
        SlurmStudy.Submit(
            new ShardRunOf(_folder, SmallBenchmark.Plugins, store).Request,
            new SlurmRequest(["merbench", "it's"], options, retryFailed, []),
            _ => { },
            CancellationToken.None
        );

    private void RunShard(int ended, int restarts, string? asked)
    {
        _slurm.TakeAsked();
        _slurm.Set("srun", $"exit {ended}");
        (int code, string output) = RunScript(
            "shard.sh",
            "1000",
            ("SLURM_ARRAY_TASK_ID", "3"),
            ("SLURM_ARRAY_JOB_ID", "88"),
            ("SLURM_JOB_ID", "90"),
            ("SLURM_CPUS_PER_TASK", "6"),
            ("SLURM_RESTART_COUNT", $"{restarts}")
        );
        Assert.That(code, Is.EqualTo(ended));
        Assert.That(output, Does.StartWith($"== shard 1003/4, job 88_3, start {restarts + 1}, on n1, now"));
        string[] all = _slurm.TakeAsked();
        Assert.That(
            all.Single(a => a.StartsWith("srun", StringComparison.Ordinal)),
            Is.EqualTo(
                $"srun --ntasks=1 --cpus-per-task=6 merbench it's run {_folder.File("study.yaml")} --shard 1003/4 --cache "
                    + $"{_folder.File("store")} --plugin {SmallBenchmark.Plugins} --threads 6 --plan {_folder.File("results/slurm")}"
            )
        );
        Assert.That(all.FirstOrDefault(a => a.StartsWith("scontrol", StringComparison.Ordinal)), Is.EqualTo(asked));
    }

    private (int Code, string Output) RunScript(string name, string argument, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("/bin/bash", [_folder.File($"results/slurm/{name}"), argument])
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
    private sealed class ShardRunOf(TemporaryFolder folder, string plugins, string store = "store")
    {
        public RunRequest Request { get; } =
            new(folder.File("study.yaml"), [plugins]) { Cache = folder.File(store), Output = folder.File("results") };

        public void Run(int number, int count) =>
            ShardRun.Execute(Request, new ShardRequest(new Shard(number, count), null, RetryFailed: false), Ignore, CancellationToken.None);

        private static void Ignore(RunEvent happened) { }
    }

    private sealed class ManualClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan time) => _now += time.Ticks;

        public override long GetTimestamp() => _now;
    }
}
