namespace MerBench.Reports.Trackers;

/// <summary>A number that was measured.</summary>
internal sealed record TrackedMetric(string Name, double Value);

/// <summary>What a tracker calls a run: settings, numbers, and what belongs to them.</summary>
/// <param name="Name">For people.</param>
internal sealed record TrackedRun(string Name, DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>The same for the same run, so that it is known again where it was tracked before.</summary>
    public required string Id { get; init; }

    /// <summary>Whether all of it was computed.</summary>
    public bool HasFailed { get; init; }

    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public IReadOnlyList<TrackedMetric> Metrics { get; init; } = [];

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Files, by their names below the run's artifacts.</summary>
    public IReadOnlyDictionary<string, string> Artifacts { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
