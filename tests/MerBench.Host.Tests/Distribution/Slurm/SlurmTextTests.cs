using CsCheck;
using MerBench.Host.Distribution.Slurm;

namespace MerBench.Tests.Distribution.Slurm;

/// <summary>What programs of Slurm write, as seen and as it may be.</summary>
public sealed class SlurmTextTests
{
    [TestCase("12\n", 12, null)]
    [TestCase("12;east\n", 12, "east")]
    [TestCase("Submitted batch job 12\n", 12, null)]
    [TestCase("Submitted batch job 12 on cluster x\r\n", 12, "x")]
    [TestCase("*** the site is down on Monday 7 ***\nyou have used\n80\n% of 100 h\n  4711;west  \n", 4711, "west")]
    [TestCase("sbatch: lua: routed to partition long\nSubmitted batch job 9\n\n", 9, null)]
    public void The_job_is_found_in_what_sbatch_writes(string output, long number, string? cluster) =>
        Assert.That(SlurmJobId.Find(output), Is.EqualTo(new SlurmJobId(number, cluster)));

    [TestCase("")]
    [TestCase("Submitted batch job\n")]
    [TestCase("job 12 is fine\n")]
    [TestCase("99999999999999999999999999\n")]
    public void Where_no_job_is_named_none_is_found(string output) => Assert.That(SlurmJobId.Find(output), Is.Null);

    [TestCase("1-4%2", new[] { 1, 2, 3, 4 })]
    [TestCase("7", new[] { 7 })]
    [TestCase("1-3,9,10-20:5", new[] { 1, 2, 3, 9, 10, 15, 20 })]
    [TestCase("4-2", new int[0])]
    public void Indices_are_read(string text, int[] indices) => Assert.That(ArrayIndices.Read(text), Is.EqualTo(indices));

    [TestCase("")]
    [TestCase("1-")]
    [TestCase("1-4,...")]
    [TestCase("1-2-3")]
    [TestCase("1:0")]
    [TestCase("1-2147483647")]
    [TestCase("-4")]
    public void What_are_no_indices_is_told(string text) => Assert.That(ArrayIndices.Read(text), Is.Null);

    [Test]
    public void Indices_that_are_written_are_read_back() =>
        Gen.Int[0, 60]
            .HashSet[1, 40]
            .Sample(indices => Assert.That(ArrayIndices.Read(ArrayIndices.Write(indices)), Is.EqualTo(indices.Order())));

    [Test]
    public void A_queue_is_read_whatever_stands_between_its_lines()
    {
        IReadOnlyList<QueuedTask> tasks = SlurmQueue.Read(
            """
            CLUSTER: east
            squeue: warning: something
            12_1|RUNNING|2026-11-26T17:33:58|n1|None
            12_[3-4,6%2]|PENDING|2026-11-26T18:00:00||BeginTime
            12_7|COMPLETED|2026-11-26T17:33:58|n2|None
            13|PENDING|N/A||Dependency
            14+1|TIMEOUT|2026-11-26T17:33:58|n[1-2]|TimeLimit
            15_[1-4,...]|PENDING|N/A||Resources
            16|HIBERNATING|N/A|(null)|Nodes required for job are DOWN, DRAINED | or reserved
            17|
            what|ever

            """
        );
        Assert.That(
            tasks,
            Is.EqualTo(
                new QueuedTask[]
                {
                    new(12, 1, JobState.Running, "RUNNING", null, "2026-11-26T17:33:58", "n1"),
                    new(12, 3, JobState.Pending, "PENDING", "BeginTime", "2026-11-26T18:00:00", null),
                    new(12, 4, JobState.Pending, "PENDING", "BeginTime", "2026-11-26T18:00:00", null),
                    new(12, 6, JobState.Pending, "PENDING", "BeginTime", "2026-11-26T18:00:00", null),
                    new(12, 7, JobState.Ended, "COMPLETED", null, "2026-11-26T17:33:58", "n2"),
                    new(13, null, JobState.Pending, "PENDING", "Dependency", null, null),
                    new(14, null, JobState.Ended, "TIMEOUT", "TimeLimit", "2026-11-26T17:33:58", "n[1-2]"),
                    new(16, null, JobState.Pending, "HIBERNATING", "Nodes required for job are DOWN, DRAINED | or reserved", null, null),
                    new(17, null, JobState.Pending, "", null, null, null),
                }
            )
        );
    }

    [TestCase("BOOT_FAIL", JobState.Ended)]
    [TestCase("CANCELLED", JobState.Ended)]
    [TestCase("CANCELLED by 1000", JobState.Ended)]
    [TestCase("CANCELLED+", JobState.Ended)]
    [TestCase("COMPLETED", JobState.Ended)]
    [TestCase("COMPLETING", JobState.Running)]
    [TestCase("CONFIGURING", JobState.Pending)]
    [TestCase("DEADLINE", JobState.Ended)]
    [TestCase("FAILED", JobState.Ended)]
    [TestCase("NODE_FAIL", JobState.Ended)]
    [TestCase("OUT_OF_MEMORY", JobState.Ended)]
    [TestCase("PENDING", JobState.Pending)]
    [TestCase("PREEMPTED", JobState.Ended)]
    [TestCase("REQUEUED", JobState.Pending)]
    [TestCase("REQUEUE_FED", JobState.Pending)]
    [TestCase("REQUEUE_HOLD", JobState.Pending)]
    [TestCase("RESIZING", JobState.Running)]
    [TestCase("RESV_DEL_HOLD", JobState.Pending)]
    [TestCase("REVOKED", JobState.Ended)]
    [TestCase("RUNNING", JobState.Running)]
    [TestCase("SIGNALING", JobState.Running)]
    [TestCase("SPECIAL_EXIT", JobState.Pending)]
    [TestCase("STAGE_OUT", JobState.Running)]
    [TestCase("STOPPED", JobState.Running)]
    [TestCase("SUSPENDED", JobState.Running)]
    [TestCase("TIMEOUT", JobState.Ended)]
    [TestCase("EXPEDITING", JobState.Pending)]
    [TestCase("", JobState.Pending)]
    public void Every_state_means_something_and_an_unknown_one_is_pending(string state, JobState meant) =>
        Assert.That(SlurmQueue.Judge(state), Is.EqualTo(meant));

    [TestCase("MaxArraySize            = 1001\nMaxJobCount = 10000\n", 1001)]
    [TestCase("scontrol: warning\n  maxarraysize=4\r\n", 4)]
    [TestCase("MaxArraySizes = 3\n", null)]
    [TestCase("MaxArraySize = unlimited\n", null)]
    [TestCase("", null)]
    public void The_largest_array_is_found_in_the_configuration(string config, int? size) =>
        Assert.That(LargestArray.Read(config), Is.EqualTo(size));

    [TestCase("30", "00:30:00")]
    [TestCase("1:30", "00:01:30")]
    [TestCase("2:00:00", "02:00:00")]
    [TestCase("1-12", "1.12:00:00")]
    [TestCase("1-12:30", "1.12:30:00")]
    [TestCase("1-12:30:05", "1.12:30:05")]
    [TestCase("0", null)]
    [TestCase("infinite", null)]
    [TestCase("2h", null)]
    [TestCase(null, null)]
    public void A_time_limit_is_read_as_slurm_reads_it(string? text, string? limit) =>
        Assert.That(
            TimeLimit.Read(text),
            Is.EqualTo(limit is null ? null : (TimeSpan?)TimeSpan.Parse(limit, System.Globalization.CultureInfo.InvariantCulture))
        );

    [Test]
    public void What_speaks_of_the_job_in_which_this_runs_is_not_passed_on() =>
        Assert.That(
            SlurmProgram.FindScrubbed([
                "SLURM_JOB_ID",
                "SLURM_CONF",
                "SLURM_JWT",
                "SBATCH_PARTITION",
                "PATH",
                "SRUN_CPUS_PER_TASK",
                "MY_SLURM_X",
                "SQUEUE_FORMAT",
            ]),
            Is.EqualTo(new[] { "SBATCH_PARTITION", "SLURM_JOB_ID", "SQUEUE_FORMAT", "SRUN_CPUS_PER_TASK" })
        );
}
