using System.Globalization;
using System.Text.Json;
using MerBench.Host.Distribution.Slurm;
using MerBench.Host.IO;
using MerBench.Host.Results;
using MerBench.Reports.Console;

namespace MerBench.Tool.Display;

/// <summary>Shows a study on a cluster: what the store holds first, then where its shards are in the queue; a line for what
/// changed.</summary>
internal static class StudyDisplay
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);
    private static readonly JsonSerializerOptions OneLine = new(ResultJson.Options) { WriteIndented = false };

    /// <summary>Follows it to its merge; returns the exit code of that.</summary>
    public static int Follow(SlurmWatch watch, bool quiet, bool json, CancellationToken stop)
    {
        var shown = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            StudySighting seen = watch.Look(stop);
            foreach (string line in json ? [JsonSerializer.Serialize(seen, OneLine)] : Describe(seen))
                if ((json || !quiet) && shown.Add(line))
                    Console.Out.WriteLine(line);
            Console.Out.Flush();
            if (seen.ExitCode is not null || seen.IsLost)
            {
                if (!json)
                    Summarise(watch, seen);
                return seen.ExitCode ?? ExitCode.EnvironmentWrong;
            }

            if (stop.WaitHandle.WaitOne(Pause))
                throw new OperationCanceledException(stop);
        }
    }

    private static IEnumerable<string> Describe(StudySighting seen)
    {
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{seen.Benchmark}: {seen.Finished}/{seen.Cells} cells, {seen.Failed} failed, {seen.Missing} missing"
        );
        foreach (ShardSighting shard in seen.Shards)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"  shard {shard.Shard}: {shard.Finished}/{shard.Cells} cells{(shard.Failed > 0 ? $", {shard.Failed} failed" : "")}"
                    + $"{(shard.Missing > 0 ? $"; {DescribePlace(shard)}" : "")}"
            );
        if (seen.Merge is { } merge)
            yield return $"  merge: {Describe(merge)}";
        if (seen.Queue is { } problem)
            yield return $"  the queue is not seen: {problem}";
    }

    private static string DescribePlace(ShardSighting shard) =>
        (shard.Task, shard.Last) switch
        {
            ({ } task, _) => Describe(task),
            (null, { HasEnded: false } last) => $"last attempt: {last}",
            (null, { } last) => $"ended: {last}",
            _ => "not begun",
        };

    private static string Describe(QueuedTask task)
    {
        string job = task.Index is { } index
            ? string.Create(CultureInfo.InvariantCulture, $"job {task.Job}_{index}")
            : string.Create(CultureInfo.InvariantCulture, $"job {task.Job}");
        return (task.State, task.Reason) switch
        {
            (JobState.Running, _) => $"{job} {task.Name} on {task.Node ?? "a node"} since {task.Start ?? "now"}",
            (JobState.Pending, "BeginTime") => $"{job} was queued again, and Slurm lets it rest until {task.Start ?? "later"}",
            (JobState.Pending, "Dependency") => $"{job} waits for the jobs before it",
            (_, { } reason) => $"{job} {task.Name}: {reason}",
            _ => $"{job} {task.Name}",
        };
    }

    private static void Summarise(SlurmWatch watch, StudySighting end)
    {
        string folder = Path.GetRelativePath(Environment.CurrentDirectory, watch.Folder);
        if (end.ExitCode is ExitCode.Fine or ExitCode.CellFailed && File.Exists(Path.Combine(watch.Folder, RunFolder.ResultsFile)))
        {
            ConsoleReport.Write(Terminal.Output, RunFolder.Open(watch.Folder).ReadResults());
            return;
        }

        Terminal.WriteLine(
            end.ExitCode is { } code
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"The merge ended with {code}; its log is in {folder}/{Submission.Folder}/logs. The same 'run' submits what is missing."
                )
                : $"The job that merges is gone, and has not said how it ended; logs are in {folder}/{Submission.Folder}/logs. The same "
                    + "'run' submits what is missing."
        );
    }
}
