using System.Globalization;
using System.Text.RegularExpressions;

namespace MerBench.Host.Distribution.Slurm;

/// <summary>What becomes of a job. What Slurm calls otherwise than is known here is pending: nobody takes it for ended.</summary>
public enum JobState
{
    Pending,
    Running,
    Ended,
}

/// <summary>A job or a task of an array in the queue.</summary>
/// <param name="Index">Of an array's task; null for a job that is no array.</param>
/// <param name="Name">What Slurm calls its state.</param>
/// <param name="Reason">Why it waits, or ended; null where Slurm does not say.</param>
/// <param name="Start">When it started or will start, by the cluster's clock; null where that is not known.</param>
/// <param name="Node">Where it runs; null where it does not.</param>
public sealed record QueuedTask(long Job, int? Index, JobState State, string Name, string? Reason, string? Start, string? Node);

/// <summary>What a look at the queue showed.</summary>
/// <param name="Problem">Why there was nothing to see; null where there was.</param>
public sealed record QueueSighting(IReadOnlyList<QueuedTask> Tasks, string? Problem);

/// <summary>Reads what <c>squeue</c> writes. A decoration: what a study holds is in its store.</summary>
internal static partial class SlurmQueue
{
    private static readonly HashSet<string> Running = new(StringComparer.OrdinalIgnoreCase)
    {
        "RUNNING",
        "COMPLETING",
        "RESIZING",
        "SIGNALING",
        "STAGE_OUT",
        "STOPPED",
        "SUSPENDED",
    };

    private static readonly HashSet<string> Ended = new(StringComparer.OrdinalIgnoreCase)
    {
        "BOOT_FAIL",
        "CANCELLED",
        "COMPLETED",
        "DEADLINE",
        "FAILED",
        "LAUNCH_FAILED",
        "NODE_FAIL",
        "OUT_OF_MEMORY",
        "PREEMPTED",
        "RECONFIG_FAIL",
        "REVOKED",
        "TIMEOUT",
    };

    /// <summary>Looks for jobs, all of them of one cluster.</summary>
    public static QueueSighting Look(IReadOnlyList<SlurmJobId> jobs, CancellationToken cancel)
    {
        var tasks = new List<QueuedTask>();
        foreach (var cluster in jobs.GroupBy(j => j.Cluster, StringComparer.Ordinal))
        {
            SlurmAnswer answer = SlurmProgram.Ask("squeue", Arguments(cluster.Key, cluster), cancel);
            if (answer.ExitCode == 0)
                tasks.AddRange(Read(answer.Output));
            else if (!IsForgotten(answer.Errors))
                return new QueueSighting([], $"squeue cannot be asked: {answer.DescribeFailure()}");
        }

        return new QueueSighting(tasks, null);
    }

    /// <summary>The tasks of lines <c>JOB|STATE|START|NODES|REASON</c>; other lines, as headers of clusters and warnings, are left
    /// out.</summary>
    internal static IReadOnlyList<QueuedTask> Read(string output) => [.. output.Split('\n').SelectMany(ReadLine)];

    internal static JobState Judge(string state)
    {
        // sacct and some versions say by whom.
        string name = state.Trim().Split(' ')[0].TrimEnd('+');
        if (Running.Contains(name))
            return JobState.Running;
        return Ended.Contains(name) ? JobState.Ended : JobState.Pending;
    }

    private static IEnumerable<string> Arguments(string? cluster, IEnumerable<SlurmJobId> jobs) =>
        [
            "--noheader",
            "--array",
            "--states=all",
            "--format=%i|%T|%S|%N|%r",
            $"--jobs={string.Join(',', jobs.Select(j => j.Number.ToString(CultureInfo.InvariantCulture)))}",
            .. cluster is null ? Array.Empty<string>() : [$"--clusters={cluster}"],
        ];

    // Jobs that ended long ago.
    private static bool IsForgotten(string errors) => errors.Contains("Invalid job id specified", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<QueuedTask> ReadLine(string line)
    {
        string[] fields = line.TrimEnd('\r').Split('|', 5);
        if (fields.Length < 2 || Name().Match(fields[0].Trim()) is not { Success: true } name)
            return [];
        long job = long.Parse(name.Groups["job"].ValueSpan, CultureInfo.InvariantCulture);
        string state = fields[1].Trim();
        var task = new QueuedTask(job, null, Judge(state), state, Field(4), Field(2), Field(3));
        if (name.Groups["indices"] is not { Success: true } indices)
            return [task];
        return (ArrayIndices.Read(indices.Value) ?? []).Select(index => task with { Index = index });

        string? Field(int number) =>
            fields.Length > number && fields[number].Trim() is { Length: > 0 } text && text is not ("N/A" or "None" or "(null)" or "n/a")
                ? text
                : null;
    }

    [GeneratedRegex(
        @"^(?<job>[0-9]{1,18})(\+[0-9]+)?(_(\[(?<indices>[0-9,:%-]+)[^\]]*\]|(?<indices>[0-9]+)))?$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Name();
}
