using System.Diagnostics;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Events;

namespace MerBench.Host.Runs.Progress;

/// <summary>Follows a run's events and knows where it stands. Displays and the journal all use it, so that they say the same.</summary>
public sealed class RunProgress
{
    private const int MostLines = 20;
    private static readonly RunProcess Here = new(
        Environment.MachineName,
        Environment.ProcessId,
        new DateTimeOffset(Process.GetCurrentProcess().StartTime)
    );

    private readonly Lock _lock = new();
    private readonly DateTimeOffset _started = DateTimeOffset.UtcNow;
    private readonly ProgressLines _lines = new();
    private readonly Activities _now = new();
    private readonly Queue<StatusLine> _last = new();
    private RunPlan? _plan;
    private WorkEstimate? _estimate;
    private CellCounts _cells = new(0, 0, 0, 0);
    private ModelCounts _models = new(0, 0);
    private int _lineCount;

    /// <summary>Takes an event in; hands back the line that logs have for it, or null.</summary>
    public StatusLine? Follow(RunEvent happened)
    {
        lock (_lock)
        {
            Count(happened);
            _now.Follow(happened);
            if (_lines.Of(happened, _cells, TimeLeft) is not { } text)
                return null;
            var line = new StatusLine(++_lineCount, text, IsRemarkable(happened));
            _last.Enqueue(line);
            if (_last.Count > MostLines)
                _last.Dequeue();
            return line;
        }
    }

    /// <summary>Where the run stands at this moment.</summary>
    public RunStatus Status()
    {
        lock (_lock)
        {
            return new RunStatus
            {
                Benchmark = _plan?.Definition.Name ?? "",
                File = _plan is null ? "" : Path.GetFullPath(_plan.Definition.File),
                State = RunState.Running,
                Process = Here,
                Started = _started,
                Updated = DateTimeOffset.UtcNow,
                Cells = _cells,
                ModelsToTrain = _models,
                Now = _now.All(),
                SecondsLeft = TimeLeft()?.TotalSeconds,
                LineCount = _lineCount,
                Lines = [.. _last],
            };
        }
    }

    private TimeSpan? TimeLeft() => _cells.Done < _cells.Total ? _estimate?.Left(_now.Trainings(), _now.Cells()) : null;

    private void Count(RunEvent happened)
    {
        switch (happened)
        {
            case RunEvent.Planned planned:
                _plan = planned.Plan;
                _cells = _cells with { Total = planned.Plan.Cells.Count };
                break;
            case RunEvent.Resumed resumed:
                // Finished cells of the store are subtracted as they come by.
                _estimate = new WorkEstimate(
                    _plan!.Cells.GroupBy(WorkKind.Find).ToDictionary(g => g.Key, g => g.Count()),
                    resumed.ModelsToTrain,
                    resumed.Workers
                );
                _models = new ModelCounts(resumed.ModelsToTrain, 0);
                break;
            case RunEvent.Trained trained:
                _estimate?.ModelFinished(trained.Outcome.Outcome?.WallTime.TotalSeconds ?? 0);
                _models = _models with { Done = Math.Min(_models.Total, _models.Done + 1) };
                break;
            case RunEvent.CellFinished { Outcome: var outcome }:
                _cells = _cells with
                {
                    Done = _cells.Done + 1,
                    Failed = _cells.Failed + (outcome.Failure is null ? 0 : 1),
                    Kept = _cells.Kept + (outcome.FromStore ? 1 : 0),
                };
                _estimate?.CellFinished(WorkKind.Find(outcome.Cell), outcome.FromStore ? null : outcome.Result?.Seconds);
                break;
        }
    }

    private static bool IsRemarkable(RunEvent happened) =>
        happened
            is RunEvent.Planned
                or RunEvent.ArithmeticChosen
                or RunEvent.DataRemarked
                or RunEvent.ModelRemarked
                or RunEvent.NotIsolated
                or RunEvent.EntryPutAside
                or RunEvent.Resumed
                or RunEvent.BatchChosen
                or RunEvent.BatchHalved
                or RunEvent.WorkerSaid
                or RunEvent.WorkerLost
                or RunEvent.LeftOut
                or RunEvent.CellFinished { Outcome.Failure: not null };
}
