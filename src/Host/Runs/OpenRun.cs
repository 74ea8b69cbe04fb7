using MerBench.Host.Results;

namespace MerBench.Host.Runs;

/// <summary>A run whose results are written, with everything it was computed with still at hand.</summary>
public sealed class OpenRun
{
    internal OpenRun(RunSession session, IReadOnlyList<CellOutcome> outcomes, FinishedRun finished)
    {
        Session = session;
        Outcomes = outcomes;
        Finished = finished;
    }

    public FinishedRun Finished { get; }

    /// <summary>Where results are.</summary>
    public string Folder => Session.Request.OutputFolder(Session.Plan.Definition.Name);

    internal RunSession Session { get; }

    internal IReadOnlyList<CellOutcome> Outcomes { get; }
}
