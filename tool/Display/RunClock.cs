using System.Diagnostics;
using System.Globalization;
using MerBench.Host.Execution;

namespace MerBench.Tool.Display;

/// <summary>Follows a run's events and knows how much is done and how much time is left.</summary>
internal sealed class RunClock
{
    private RunPlan? _plan;
    private WorkEstimate? _estimate;
    private readonly Dictionary<(string Model, int Seed), (long Start, double Share)> _training = [];

    public int Total { get; private set; }

    public int Done { get; private set; }

    public int Failed { get; private set; }

    public string Left
    {
        get
        {
            (double, double)[] training = [.. _training.Values.Select(t => (Stopwatch.GetElapsedTime(t.Start).TotalSeconds, t.Share))];
            return _estimate?.Left(training) is { } left && Done < Total ? $"about {Text(left)} left" : "";
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
                    _plan!.Cells.GroupBy(c => c.Perturbation.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal), resumed.ModelsToTrain, resumed.Workers);
                break;
            case RunEvent.Training training:
                (string, int) model = (training.Model, training.Seed);
                long start = _training.TryGetValue(model, out var known) ? known.Start : Stopwatch.GetTimestamp();
                _training[model] = (start, Math.Max(1e-6, training.Progress.Epoch / (double)training.MostEpochs));
                break;
            case RunEvent.Trained trained:
                _estimate?.ModelFinished(trained.Outcome.Outcome?.WallTime.TotalSeconds ?? 0);
                _training.Remove((trained.Model, trained.Seed));
                break;
            case RunEvent.CellFinished { Outcome: var outcome }:
                Done++;
                if (outcome.Failure is not null) Failed++;
                _estimate?.CellFinished(outcome.Cell.Perturbation.Name, outcome.FromStore ? null : outcome.Result?.Seconds);
                break;
            case RunEvent.WorkerLost:
                // What it trained is trained again, and heard of again.
                _training.Clear();
                break;
        }
    }

    public static string Text(TimeSpan time) =>
        time.TotalHours >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min")
        : time.TotalMinutes >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds} s")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, (int)time.TotalSeconds)} s");
}
