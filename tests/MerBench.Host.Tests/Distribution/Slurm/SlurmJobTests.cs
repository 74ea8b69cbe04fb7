using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Distribution.Slurm;
using MerBench.Tests.Storage;

namespace MerBench.Tests.Distribution.Slurm;

/// <summary>What the jobs of a study do, and what is seen of them.</summary>
public sealed class SlurmJobTests : SlurmScenario
{
    // The script is what the cluster runs; srun is the fake.
    [Test]
    public void A_shard_that_was_told_to_end_is_queued_again_a_number_of_times()
    {
        Submit();
        Slurm.Set("hostname", "echo n1");
        Slurm.Set("date", "echo now");
        RunShard(ended: 0, restarts: 0, asked: null);
        RunShard(ended: 1, restarts: 0, asked: null);
        RunShard(ended: 143, restarts: 19, asked: "scontrol requeue 88_3");
        RunShard(ended: 143, restarts: 20, asked: null);
    }

    [Test]
    public void A_study_is_followed_by_its_store_and_the_queue_is_asked_seldom()
    {
        Submit("followed");
        Slurm.TakeAsked();
        Slurm.Set(
            "squeue",
            "echo '101_1|RUNNING|17:00|n1|None'; echo '101_[2-4]|PENDING|18:00||BeginTime'; echo '102|PENDING|||Dependency'"
        );
        var clock = new ManualClock();
        var watch = SlurmWatch.Find(Folder.File("results"), Folder.Path, clock)!;
        StudySighting seen = watch.Look(CancellationToken.None);
        Assert.That((seen.Cells, seen.Finished, seen.Failed, seen.Missing), Is.EqualTo((12, 0, 0, 12)));
        Assert.That(seen.Shards.Select(s => s.Task?.Reason), Is.EqualTo(new[] { null, "BeginTime", "BeginTime", "BeginTime" }));
        Assert.That((seen.Merge?.Name, seen.ExitCode, seen.IsLost), Is.EqualTo(("PENDING", (int?)null, false)));

        // The store is looked at each time, the queue is not.
        new ShardsHere(Folder, SmallBenchmark.Plugins, "followed").Run(2, 4);
        clock.Advance(TimeSpan.FromSeconds(29));
        seen = watch.Look(CancellationToken.None);
        Assert.That(seen.Finished, Is.EqualTo(seen.Shards[1].Finished).And.Positive);
        Assert.That(seen.Shards[1].Last!.HasEnded, Is.True);
        Assert.That(Slurm.TakeAsked(), Has.Length.EqualTo(1));

        Slurm.Set("squeue", "echo 'squeue: error: down' >&2; exit 1");
        clock.Advance(TimeSpan.FromSeconds(2));
        seen = watch.Look(CancellationToken.None);
        Assert.That((seen.Queue, seen.IsLost), Is.EqualTo(("squeue cannot be asked: down", false)));

        // Twice not seen where it should be: gone.
        Slurm.Set("squeue", "");
        foreach (bool isLost in new[] { false, true })
        {
            clock.Advance(TimeSpan.FromSeconds(30));
            Assert.That(watch.Look(CancellationToken.None).IsLost, Is.EqualTo(isLost));
        }

        Slurm.Set("srun", "exit 5");
        Slurm.Set("hostname", "");
        Slurm.Set("date", "");
        Slurm.Set("mv", "exec /bin/mv \"$@\"");
        Assert.That(RunScript("merge.sh", "", ("SLURM_JOB_ID", "102")).Code, Is.EqualTo(5));
        Assert.That(watch.Look(CancellationToken.None).ExitCode, Is.EqualTo(5));
    }

    private void RunShard(int ended, int restarts, string? asked)
    {
        Slurm.TakeAsked();
        Slurm.Set("srun", $"exit {ended}");
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
        string[] all = Slurm.TakeAsked();
        Assert.That(
            all.Single(a => a.StartsWith("srun", StringComparison.Ordinal)),
            Is.EqualTo(
                $"srun --ntasks=1 --cpus-per-task=6 merbench it's run {Folder.File("study.yaml")} --shard 1003/4 --cache "
                    + $"{Folder.File("store")} --plugin {SmallBenchmark.Plugins} --isolation none --threads 6 "
                    + $"--plan {Folder.File("results/slurm")}"
            )
        );
        Assert.That(all.FirstOrDefault(a => a.StartsWith("scontrol", StringComparison.Ordinal)), Is.EqualTo(asked));
    }

    private sealed class ManualClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan time) => _now += time.Ticks;

        public override long GetTimestamp() => _now;
    }
}
