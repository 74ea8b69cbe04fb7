using System.CommandLine;
using System.Globalization;
using MerBench.Host.Distribution;
using MerBench.Host.Distribution.Slurm;
using MerBench.Host.Runs;
using MerBench.Host.Text;
using MerBench.Reports;
using MerBench.Tool.Display;

namespace MerBench.Tool.Commands;

/// <summary>Hands a study to a cluster; what is complete already is merged at once.</summary>
internal static class ClusterRun
{
    /// <param name="Waits">Whether the jobs are followed to their end.</param>
    public sealed record Manner(ParseResult Parsed, bool Json, bool Waits);

    public static int Execute(RunRequest request, SlurmRequest asked, RunArtifacts artifacts, Manner manner) =>
        Interruption.Guard(
            stop =>
            {
                bool isQuiet = manner.Parsed.GetValue(CommonOptions.Quiet);
                SlurmOutcome outcome = RunDisplay.Follow(isQuiet, tell => SlurmStudy.Submit(request, asked, tell, stop));
                foreach (string remark in outcome.Remarks)
                    Terminal.Remark(manner.Parsed, remark);
                if (outcome.Submission is not { } submission)
                    return Merge(request, artifacts, manner, stop);
                string folder = request.OutputFolder(submission.Benchmark);
                if (manner.Json && !manner.Waits)
                    Terminal.WriteJson(outcome);
                else if (!manner.Json)
                    Show(outcome, submission, Path.GetRelativePath(Environment.CurrentDirectory, folder));
                return manner.Waits
                    ? StudyDisplay.Follow(SlurmWatch.Open(folder, TimeProvider.System), isQuiet, manner.Json, stop)
                    : ExitCode.Fine;
            },
            "Stopped here. Jobs that are submitted are not concerned; the same command goes on."
        );

    private static int Merge(RunRequest request, RunArtifacts artifacts, Manner manner, CancellationToken stop)
    {
        Terminal.Remark(manner.Parsed, "Nothing is missing: merged here, and no job is submitted.");
        MergeOutcome merged = RunDisplay.Follow(
            manner.Parsed.GetValue(CommonOptions.Quiet),
            tell => ShardMerge.Execute(request, new MergeRequest([], null), artifacts, tell, stop)
        );
        return MergeCommand.Show(merged, request, artifacts, manner.Parsed, manner.Json);
    }

    private static void Show(SlurmOutcome outcome, Submission submission, string folder)
    {
        StudyState state = outcome.State;
        Terminal.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{submission.Benchmark}: {Quantity.Write(state.Cells, "cell")} in {Quantity.Write(submission.Shards, "shard")}; "
                    + $"{state.Finished} finished, {state.Failed} failed, {state.Missing} missing"
            )
        );
        if (outcome.Queued.Count > 0)
            Terminal.WriteLine($"in the queue already: shards {string.Join(", ", outcome.Queued)}");
        foreach (SubmittedArray array in outcome.Arrays)
            Terminal.WriteLine($"submitted: job {array.Job}, shards {string.Join(", ", array.Shards)}");
        Terminal.WriteLine($"merges behind them: job {submission.Merge}");
        string jobs = string.Join(',', submission.ListJobs().Select(j => j.Number.ToString(CultureInfo.InvariantCulture)));
        Terminal.WriteLine($"follow: merbench watch {folder}");
        Terminal.WriteLine($"queue: squeue --array --jobs={jobs}; logs: {folder}/{Submission.Folder}/logs; give up: scancel {jobs}");
    }
}
