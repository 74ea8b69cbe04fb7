namespace MerBench.Host.Runs.Progress;

public enum RunState
{
    Running,

    /// <summary>To the end; cells may have failed.</summary>
    Finished,

    /// <summary>By the user.</summary>
    Interrupted,

    /// <summary>Before its end, by a mistake in the input or something wrong with the environment.</summary>
    Failed,
}

/// <summary>Where a run stands: what displays show, and the content of <c>progress.json</c> beside the results.</summary>
public sealed record RunStatus
{
    public required string Benchmark { get; init; }

    /// <summary>The benchmark file, absolute.</summary>
    public required string File { get; init; }

    public required RunState State { get; init; }

    /// <summary>What the process that runs it ends with, as far as the run decides; null while it is running.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Why it failed; null where it did not.</summary>
    public string? Failure { get; init; }

    public required RunProcess Process { get; init; }

    public required DateTimeOffset Started { get; init; }

    /// <summary>When this was written; a running run writes every few seconds, whether something happens or not.</summary>
    public required DateTimeOffset Updated { get; init; }

    public required CellCounts Cells { get; init; }

    public required ModelCounts ModelsToTrain { get; init; }

    /// <summary>What is going on; several things where several devices share the run.</summary>
    public required IReadOnlyList<RunActivity> Now { get; init; }

    /// <summary>An estimate; null before anything is known.</summary>
    public double? SecondsLeft { get; init; }

    /// <summary>Lines told so far.</summary>
    public required int LineCount { get; init; }

    /// <summary>The last ones.</summary>
    public required IReadOnlyList<StatusLine> Lines { get; init; }
}

/// <summary>The process that runs it.</summary>
/// <param name="Started">Tells it from a later process of the same number.</param>
public sealed record RunProcess(string Host, int Id, DateTimeOffset Started);

/// <param name="Done">Those that failed and those that were finished before included.</param>
/// <param name="Kept">Those that were finished before.</param>
public sealed record CellCounts(int Total, int Done, int Failed, int Kept);

public sealed record ModelCounts(int Total, int Done);

/// <param name="Share">How much of it is done, 0 to 1; null where it is not known.</param>
/// <param name="Seconds">How long it has been going on.</param>
public sealed record RunActivity(string What, double? Share, double Seconds);

/// <summary>A line for a log.</summary>
/// <param name="Number">From 1.</param>
/// <param name="IsRemarkable">True where it is worth reading even to who watches the counts.</param>
public sealed record StatusLine(int Number, string Text, bool IsRemarkable);
