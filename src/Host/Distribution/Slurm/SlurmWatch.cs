using MerBench.Host.Results;
using MerBench.Host.Runs.Progress;

namespace MerBench.Host.Distribution.Slurm;

/// <summary>A shard as the store and the queue show it.</summary>
/// <param name="Task">Its place in the queue; null where it is in none, or where the queue could not be asked.</param>
public sealed record ShardSighting(int Shard, int Cells, int Finished, int Failed, int Missing, Attempt? Last, QueuedTask? Task);

/// <summary>What a look at a study on a cluster showed.</summary>
/// <param name="Queue">Why the queue is not seen; null where it is.</param>
/// <param name="Merge">The job that merges, as the queue shows it.</param>
/// <param name="ExitCode">What the merge ended with; null before.</param>
/// <param name="IsLost">Whether the job that merges is gone, and has not said how it ended.</param>
public sealed record StudySighting(
    string Benchmark,
    IReadOnlyList<ShardSighting> Shards,
    string? Queue,
    QueuedTask? Merge,
    int? ExitCode,
    bool IsLost
)
{
    public int Cells => Shards.Sum(s => s.Cells);

    public int Finished => Shards.Sum(s => s.Finished);

    public int Failed => Shards.Sum(s => s.Failed);

    public int Missing => Shards.Sum(s => s.Missing);
}

/// <summary>Follows a study on a cluster: by its store, and beside that by the queue, which is asked seldom.</summary>
public sealed class SlurmWatch
{
    /// <summary>The least time between two questions to the queue: clusters are shared.</summary>
    public static readonly TimeSpan BetweenQuestions = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _clock;
    private Submission _submission;
    private StudyPlan? _plan;
    private string? _planned;
    private QueueSighting _queue = new([], null);
    private long? _asked;
    private int _looksWithoutMerge;

    private SlurmWatch(string folder, Submission submission, TimeProvider clock) =>
        (Folder, _submission, _clock) = (folder, submission, clock);

    /// <summary>The results folder.</summary>
    public string Folder { get; }

    /// <summary>Finds a study that was handed to a cluster, and was not run here since.</summary>
    /// <param name="run">Its results folder; or its benchmark file, whose newest study in <paramref name="results"/> is meant; or null for
    /// what is newest there.</param>
    /// <param name="results">Where runs are looked for.</param>
    /// <returns>Null where there is none.</returns>
    public static SlurmWatch? Find(string? run, string results, TimeProvider clock)
    {
        if (run is not null && Directory.Exists(run))
            return Submission.Read(run) is { } own && own.Submitted > ReadTimeOfRun(run) ? new SlurmWatch(run, own, clock) : null;
        string[] folders = Directory.Exists(results) ? Directory.GetDirectories(results) : [];
        DateTimeOffset newestRun = folders.Select(ReadTimeOfRun).Append(DateTimeOffset.MinValue).Max();
        return folders
            .Select(folder => Find(folder, results, clock))
            .OfType<SlurmWatch>()
            .Where(w => run is null ? w._submission.Submitted > newestRun : w._submission.File == Path.GetFullPath(run))
            .MaxBy(w => w._submission.Submitted);
    }

    /// <summary>Follows the study that was just submitted.</summary>
    /// <param name="folder">The results folder.</param>
    /// <exception cref="UserErrorException">There is none.</exception>
    public static SlurmWatch Open(string folder, TimeProvider clock) =>
        Submission.Read(folder) is { } submission
            ? new SlurmWatch(folder, submission, clock)
            : throw new UserErrorException($"Nothing was submitted to a cluster in {folder}.");

    /// <summary>Looks how it is doing.</summary>
    /// <exception cref="UserErrorException">Its plan is gone.</exception>
    public StudySighting Look(CancellationToken cancel)
    {
        _submission = Submission.Read(Folder) ?? _submission;
        if (_plan is null || _planned != _submission.Plan)
            (_plan, _planned) = (StudyPlan.Read(Path.Combine(Folder, Submission.Folder)), _submission.Plan);
        var state = StudyState.Read(_plan, _submission.Shards, new ResultStore(_submission.Store));
        int? exitCode = _submission.ReadExitCode(Folder);
        bool hasAsked = exitCode is null && AskInTime(cancel);
        QueuedTask? merge = _queue.Tasks.LastOrDefault(t => t.Job == _submission.Merge?.Number);
        if (hasAsked && _queue.Problem is null)
            _looksWithoutMerge = merge is null or { State: JobState.Ended } ? _looksWithoutMerge + 1 : 0;
        return new StudySighting(
            _plan.Benchmark,
            [.. state.Shards.Where(s => s.Cells > 0).Select(Describe)],
            _queue.Problem,
            merge,
            exitCode,
            // Its last word may be on its way over a shared file system.
            exitCode is null
                && _looksWithoutMerge > 1
        );
    }

    private bool AskInTime(CancellationToken cancel)
    {
        if (_asked is { } last && _clock.GetElapsedTime(last) < BetweenQuestions)
            return false;
        _queue = SlurmQueue.Look([.. _submission.ListJobs()], cancel);
        _asked = _clock.GetTimestamp();
        return true;
    }

    private ShardSighting Describe(ShardState state) =>
        new(
            state.Shard.Number,
            state.Cells,
            state.Finished,
            state.Failed.Count,
            state.Missing.Count,
            state.Last,
            (
                from array in _submission.Arrays
                from task in _queue.Tasks
                where task.Job == array.Job.Number && array.Offset + task.Index == state.Shard.Number
                select task
            ).LastOrDefault()
        );

    private static DateTimeOffset ReadTimeOfRun(string folder)
    {
        try
        {
            return ProgressFile.Read(File.ReadAllBytes(Path.Combine(folder, ProgressJournal.FileName)))?.Updated ?? DateTimeOffset.MinValue;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return DateTimeOffset.MinValue;
        }
    }
}
