using MerBench.Host.Results;

namespace MerBench.Host.Runs;

/// <summary>What a run leaves behind.</summary>
/// <param name="Conditions">The clips of all finished cells, which results leave to the tables.</param>
public sealed record FinishedRun(RunResults Results, IReadOnlyList<ConditionLogs> Conditions);
