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
/// <param name="File">The benchmark file, absolute.</param>
/// <param name="ExitCode">What the process that runs it ends with, as far as the run decides; null while it is running.</param>
/// <param name="Failure">Why it failed; null where it did not.</param>
/// <param name="Updated">When this was written; a running run writes every few seconds, whether something happens or not.</param>
/// <param name="Now">What is going on; several things where several devices share the run.</param>
/// <param name="SecondsLeft">An estimate; null before anything is known.</param>
/// <param name="LineCount">Lines told so far.</param>
/// <param name="Lines">The last ones.</param>
public sealed record RunStatus(
    string Benchmark,
    string File,
    RunState State,
    int? ExitCode,
    string? Failure,
    RunProcess Process,
    DateTimeOffset Started,
    DateTimeOffset Updated,
    CellCounts Cells,
    ModelCounts ModelsToTrain,
    IReadOnlyList<RunActivity> Now,
    double? SecondsLeft,
    int LineCount,
    IReadOnlyList<StatusLine> Lines
);

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
