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

/// <summary>What a cluster is told of a study.</summary>
public sealed class SlurmSubmissionTests : SlurmScenario
{
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

        string logs = Folder.File("results/slurm/logs"),
            common = "sbatch --parsable --requeue --open-mode=append --job-name=merbench-study";
        Assert.That(
            Slurm.TakeAsked(),
            Is.EqualTo(
                new[]
                {
                    "scontrol show config",
                    $"{common} --partition=long --time=2:00:00 --mem=4G --array=1-4%2 --signal=TERM@90 --output={logs}/shard-%A_%a.log "
                        + $"{Folder.File("results/slurm/shard.sh")} 0",
                    $"{common} --time=2:00:00 --mem=4G --partition=short --dependency=afterany:101 --output={logs}/merge-%j.log "
                        + Folder.File("results/slurm/merge.sh"),
                }
            )
        );
        Assert.That(Slurm.ReadVariables(), Has.None.StartsWith("SLURM_").And.None.StartsWith("SBATCH_"));
        Assert.That(outcome.Remarks, Has.One.StartsWith("Not passed on: SBATCH_PARTITION."));
        Assert.That(outcome.Arrays.Single().Shards, Is.EqualTo(new[] { 1, 2, 3, 4 }));
        Assert.That(outcome.Submission!.Merge, Is.EqualTo(new SlurmJobId(102, null)));
        Assert.That(
            StudyPlan.Read(Folder.File("results/slurm")).ComputeHash(),
            Is.EqualTo(outcome.Submission.Plan),
            "the shards are given the plan"
        );
    }

    [Test]
    public void More_shards_than_an_array_may_have_are_submitted_in_several_with_an_offset()
    {
        Slurm.Set("scontrol", "echo warning; echo '  MaxArraySize            = 4'");
        SlurmOutcome outcome = Submit(new SlurmOption("shards", "8", null));
        Assert.That(
            outcome.Arrays.Select(a => (a.Offset, string.Join(' ', a.Shards))),
            Is.EqualTo(new[] { (0, "1 2 3"), (3, "4 5 6"), (6, "7 8") })
        );
        string[] asked = Slurm.TakeAsked();
        Assert.That(asked.Count(a => a.Contains("--array=1-3 ", StringComparison.Ordinal)), Is.EqualTo(2));
        Assert.That(asked[^2], Does.Contain("--array=1-2 ").And.EndsWith("shard.sh 6"));
        Assert.That(asked[^1], Does.Contain("--dependency=afterany:101:102:103 "));

        Slurm.Set("scontrol", "echo 'MaxArraySize = 0'");
        Directory.Delete(Folder.File("results"), recursive: true);
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
            Folder.File("study.yaml"),
            Benchmark
                .Replace("models: { ridge: ridge }", model, StringComparison.Ordinal)
                .Replace("[1, 2, 3, 4]", "[1, 2]", StringComparison.Ordinal)
        );
        SlurmOutcome outcome = Submit(new SlurmOption("shards", "6", null));
        StudyPlan plan = StudyPlan.Read(Folder.File("results/slurm"));
        int[] trainers =
        [
            .. ShardPlan.Divide(plan, 6).Where(p => p.Model.Name == "deep").GroupBy(p => p.Model.Key).Select(g => g.First().Shard).Order(),
        ];
        Assert.That(trainers, Has.Length.EqualTo(2));
        Assert.That(outcome.Arrays.Select(a => a.Shards), Is.EqualTo(new[] { trainers, [.. Enumerable.Range(1, 6).Except(trainers)] }));
        string[] asked = Slurm.TakeAsked();
        Assert.That(asked[1], Does.Not.Contain("--dependency"));
        Assert.That(asked[2], Does.Contain("--dependency=afterany:101 "));
        Assert.That(asked[3], Does.Contain("--dependency=afterany:101:102 "));
    }

    [Test]
    public void The_same_command_again_submits_what_is_missing_and_not_in_the_queue()
    {
        Submit();
        Slurm.TakeAsked();
        Slurm.Set(
            "squeue",
            "echo '101_1|RUNNING|x|n1|None'; echo '101_[3-4%2]|PENDING|x||BeginTime'; echo '101_2|NODE_FAIL|||'; "
                + "echo '102|PENDING|||Dependency'"
        );
        SlurmOutcome again = Submit();
        Assert.That(again.Queued, Is.EqualTo(new[] { 1, 3, 4 }));
        Assert.That(again.Arrays.Single(), Is.EqualTo(again.Submission!.Arrays[^1]));
        Assert.That(again.Arrays.Single().Shards, Is.EqualTo(new[] { 2 }));
        string[] asked = Slurm.TakeAsked();
        Assert.That(asked[0], Is.EqualTo("squeue --noheader --array --states=all --format=%i|%T|%S|%N|%r --jobs=101,102"));
        Assert.That(asked, Has.One.EqualTo("scancel 102"), "it would merge before shard 2 is through");
        Assert.That(asked[^1], Does.Contain("--dependency=afterany:101:103 "));

        Slurm.Set("squeue", "echo '101_[1,3-4]|PENDING|||Priority'; echo '103_2|RUNNING|||'; echo '104|PENDING|||Dependency'");
        Assert.That(Submit().Arrays, Is.Empty);
        Assert.That(Slurm.TakeAsked(), Has.One.Items, "squeue alone");
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
                Slurm.Remove("squeue");
            else
                Slurm.Set("squeue", squeue);
            SlurmOutcome again = Submit();
            Assert.That(again.Arrays.Single().Shards, Is.EqualTo(new[] { 1, 2, 3, 4 }), squeue);
            Assert.That(again.Remarks, remark is null ? Is.Empty : Has.One.StartsWith(remark));
        }
    }

    [Test]
    public void WhatSlurm_refuses_is_blamed_on_the_option_that_it_means()
    {
        string file = Folder.File("study.yaml");
        Slurm.Set("sbatch", "echo 'sbatch: error: invalid partition specified: long' >&2; exit 1");
        Assert.That(
            () => Submit(),
            Throws
                .TypeOf<UserErrorException>()
                .With.Message.EqualTo($"{file}:7:44: error: sbatch refuses '--partition=long': invalid partition specified: long")
        );
        Slurm.Set("sbatch", "echo \"sbatch: unrecognized option '--frob=1'\" >&2; exit 1");
        Assert.That(
            () => Submit(new SlurmOption("frob", "1", null)),
            Throws.TypeOf<UserErrorException>().With.Message.StartsWith("sbatch refuses '--frob=1': unrecognized")
        );
        Slurm.Set("sbatch", "echo 'sbatch: error: Batch job submission failed: Unable to contact slurm controller' >&2; exit 1");
        Assert.That(Refused(), Does.StartWith("sbatch cannot submit: Batch job submission failed: Unable to contact"));
        Slurm.Set("sbatch", "echo hello");
        Assert.That(Refused(), Does.StartWith("sbatch named no job: hello."));
        Slurm.Remove("sbatch");
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
        string file = Folder.File("study.yaml");
        string[] onCpu = ReadKeys([]);
        File.AppendAllText(file, "\ndevice: cuda\n");
        Assert.That(ReadKeys([gpus]).Intersect(onCpu), Is.Empty, "they are the cells of another type of device");

        string[] ReadKeys(SlurmOption[] options)
        {
            Submit(options);
            return [.. StudyPlan.Read(Folder.File("results/slurm")).ListCells().Select(c => c.Key)];
        }
    }

    [Test]
    public void What_was_submitted_beforeSlurm_refuses_more_is_not_submitted_again()
    {
        Slurm.Set("scontrol", "echo 'MaxArraySize = 3'");
        Slurm.Set(
            "sbatch",
            "[ -e \"$0.once\" ] && { echo 'sbatch: error: QOSMaxSubmitJobPerUserLimit' >&2; exit 1; }; echo > \"$0.once\"; echo 7"
        );
        Assert.That(() => Submit(), Throws.TypeOf<UserErrorException>().With.Message.Contains("QOSMaxSubmitJobPerUserLimit"));
        Slurm.Set("squeue", "echo '7_[1-2]|PENDING|||Priority'");
        Slurm.Set("sbatch", "echo 8");
        SlurmOutcome again = Submit();
        Assert.That((again.Queued, again.Arrays.Single().Shards), Is.EqualTo((new[] { 1, 2 }, new[] { 3, 4 })));
        Assert.That(Slurm.TakeAsked()[^1], Does.Contain("--dependency=afterany:7:8 "));
    }

    [Test]
    public void Nothing_is_submitted_where_nothing_is_missing_and_failures_are_tried_again_when_asked()
    {
        string store = "complete";
        var shards = new ShardsHere(Folder, SmallBenchmark.Plugins, store);
        foreach (int k in new[] { 1, 2, 3, 4 })
            shards.Run(k, 4);
        SlurmOutcome outcome = Submit(store, retryFailed: true);
        Assert.That((outcome.Submission, outcome.State.Finished), Is.EqualTo(((Submission?)null, 12)));
        Assert.That(Slurm.TakeAsked(), Is.Empty);

        // What the finished ones took tells what longer ones will take.
        File.WriteAllText(
            Folder.File("study.yaml"),
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
        File.WriteAllText(Folder.File("study.yaml"), Benchmark);

        // A cell that is lost is missing again.
        Directory.Delete(
            Directory
                .GetDirectories(Folder.File($"{store}/cells"), "*", SearchOption.AllDirectories)
                .First(d => Path.GetFileName(d).Length > 2),
            recursive: true
        );
        Assert.That(Submit(store).Arrays.Single().Shards, Has.Count.EqualTo(1));
    }
}
