using System.Globalization;
using System.Text.Json;
using MerBench.Host.IO;
using MerBench.Host.Storage;

namespace MerBench.Host.Distribution;

/// <param name="Key">Of the cell.</param>
public sealed record FailedCell(string Key, string Name, string Reason);

/// <summary>What a process did for a plan: which shard, where, and what failed. What it finished lies in the store.</summary>
/// <param name="Plan">Hash of the plan.</param>
/// <param name="Job">The engine's name of the job; null outside of one.</param>
/// <param name="HasEnded">False while it runs, and for ever where it was killed.</param>
public sealed record Attempt(string Plan, Shard Shard, string Host, int Process, string? Job, DateTimeOffset Started, bool HasEnded)
{
    public int Finished { get; init; }

    /// <summary>Whether it came to work at something; until then it waits for what others hold.</summary>
    public bool HasBegun { get; init; }

    /// <summary>Whether a training went on, which the next attempt goes on with.</summary>
    public bool HasTrained { get; init; }

    public IReadOnlyList<FailedCell> Failures { get; init; } = [];

    /// <summary>Where somebody would look for its log.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"shard {Shard} on {Host}{(Job is null ? "" : $", job {Job}")}, {Started.UtcDateTime:s}Z"
        );
}

/// <summary>The attempts that a store knows of.</summary>
internal sealed class AttemptLog(StoreFolder store, string plan)
{
    private static readonly string[] JobVariables =
    [
        "MERBENCH_JOB",
        "SLURM_ARRAY_JOB_ID",
        "SLURM_JOB_ID",
        "GITHUB_RUN_ID",
        "JOB_COMPLETION_INDEX",
    ];

    private readonly FileEntries _entries = new(store, EntryKind.Attempts);
    private readonly string _prefix = plan[..16];

    public static string? FindJob(Func<string, string?> variable)
    {
        string? job = JobVariables.Select(variable).FirstOrDefault(value => !string.IsNullOrEmpty(value));
        return job is not null && variable("SLURM_ARRAY_TASK_ID") is { Length: > 0 } task ? $"{job}_{task}" : job;
    }

    public Attempt Begin(Shard shard) =>
        new(
            plan,
            shard,
            Environment.MachineName,
            Environment.ProcessId,
            FindJob(Environment.GetEnvironmentVariable),
            DateTimeOffset.UtcNow,
            HasEnded: false
        );

    public void Write(Attempt attempt) => _entries.Write(NameOf(attempt), JsonSerializer.SerializeToUtf8Bytes(attempt, ResultJson.Options));

    /// <summary>All of this plan, the oldest first.</summary>
    public IReadOnlyList<Attempt> Read() =>
        [
            .. _entries
                .Find(_prefix)
                .Select(key => _entries.Read(key))
                .Where(content => content is not null)
                .Select(content => JsonSerializer.Deserialize<Attempt>(content!.Value.Span, ResultJson.Options)!)
                .Where(attempt => attempt.Plan == plan)
                .OrderBy(attempt => attempt.Started),
        ];

    /// <summary>What attempts failed at, by the cells' keys; of several failures at a cell the newest.</summary>
    /// <param name="attempts">The oldest first.</param>
    public static Dictionary<string, FailedCell> FindFailures(IEnumerable<Attempt> attempts) =>
        attempts
            .SelectMany(a => a.Failures)
            .GroupBy(f => f.Key, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Last(), StringComparer.Ordinal);

    private string NameOf(Attempt attempt) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{_prefix}-{attempt.Shard.Number}-{attempt.Shard.Count}-{attempt.Started.UtcTicks}-{attempt.Process}"
        );
}
