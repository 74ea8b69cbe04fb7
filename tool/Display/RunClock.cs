using System.Diagnostics;
using System.Globalization;
using MerBench.Host.Execution;

namespace MerBench.Tool.Display;

/// <summary>Follows a run's events and knows how much is done and how much time is left.</summary>
internal sealed class RunClock
{
    private RunPlan? _plan;
    private WorkEstimate? _estimate;
    private long _modelStarted;
    private double _shareOfModel;

    public int Total { get; private set; }

    public int Done { get; private set; }

    public int Failed { get; private set; }

    public string Left
    {
        get
        {
            double seconds = _shareOfModel > 0 ? Stopwatch.GetElapsedTime(_modelStarted).TotalSeconds : 0;
            return _estimate?.Left(seconds, _shareOfModel) is { } left && Done < Total ? $"about {Text(left)} left" : "";
        }
    }

    public void Follow(RunEvent happened)
    {
        switch (happened)
        {
            case RunEvent.Planned planned:
                _plan = planned.Plan;
                Total = planned.Plan.Cells.Count;
                break;
            case RunEvent.Resumed resumed:
                // Finished cells of the store are subtracted as they come by.
                _estimate = new WorkEstimate(
                    _plan!.Cells.GroupBy(c => c.Perturbation.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal), resumed.ModelsToTrain);
                break;
            case RunEvent.Training training:
                if (_shareOfModel == 0) _modelStarted = Stopwatch.GetTimestamp();
                _shareOfModel = Math.Max(1e-6, training.Progress.Epoch / (double)training.MostEpochs);
                break;
            case RunEvent.Trained trained:
                _estimate?.ModelFinished(trained.Outcome.Outcome?.WallTime.TotalSeconds ?? 0);
                _shareOfModel = 0;
                break;
            case RunEvent.CellFinished { Outcome: var outcome }:
                Done++;
                if (outcome.Failure is not null) Failed++;
                _estimate?.CellFinished(outcome.Cell.Perturbation.Name, outcome.FromStore ? null : outcome.Result?.Seconds);
                break;
        }
    }

    public static string Text(TimeSpan time) =>
        time.TotalHours >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min")
        : time.TotalMinutes >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds} s")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, (int)time.TotalSeconds)} s");
}
