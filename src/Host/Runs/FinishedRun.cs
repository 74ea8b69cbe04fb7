using MerBench.Host.Results;

namespace MerBench.Host.Runs;

/// <summary>A run whose results are written, with everything it was computed with still at hand.</summary>
public sealed class FinishedRun
{
    internal FinishedRun(
        RunSession session,
        RunResults results,
        IReadOnlyList<CellOutcome> outcomes,
        IReadOnlyList<ConditionLogs> conditions
    )
    {
        Session = session;
        Results = results;
        Outcomes = outcomes;
        Conditions = conditions;
    }

    public RunResults Results { get; }

    /// <summary>Where results are.</summary>
    public string Folder => Session.Request.OutputFolder(Session.Plan.Definition.Name);

    internal RunSession Session { get; }

    internal IReadOnlyList<CellOutcome> Outcomes { get; }

    internal IReadOnlyList<ConditionLogs> Conditions { get; }
}
