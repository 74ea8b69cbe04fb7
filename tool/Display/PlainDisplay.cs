using System.Globalization;
using MerBench.Host.Execution;

namespace MerBench.Tool.Display;

/// <summary>One plain, unwrapped line for each step, for logs and CI.</summary>
internal sealed class PlainDisplay(TextWriter output)
{
    private readonly RunClock _clock = new();
    private readonly Lock _lock = new();
    private int _lastPreparedTenth = -1;
    private readonly Dictionary<(string Model, int Seed), int> _lastEpochTenths = [];

    public void Show(RunEvent happened)
    {
        lock (_lock)
        {
            _clock.Follow(happened);
            if (Describe(happened) is { } line) output.WriteLine(line);
        }
    }

    private string? Describe(RunEvent happened) => happened switch
    {
        RunEvent.Planned { Plan: var plan } => $"{plan.Definition.Name}: {plan.Definition.Models.Count} models, {plan.Definition.Perturbations.Count} perturbations, {plan.Definition.Seeds.Count} seeds, {plan.Cells.Count} cells",
        RunEvent.Preparing { Progress: var p } => Tenth(ref _lastPreparedTenth, p.Done, p.Total) ? $"prepared {p.Done} of {p.Total} clips" : null,
        RunEvent.Resumed r => $"{r.FinishedCells} cells finished before, {r.CellsToRun} to run, {r.ModelsToTrain} models to train",
        RunEvent.Training t => Training(t),
        RunEvent.Trained t => Trained(t),
        RunEvent.BatchHalved b => string.Create(CultureInfo.InvariantCulture, $"out of memory at {b.Cell.Name}: from here on {b.Batch} clips a batch"),
        RunEvent.WorkerReady w => string.Create(CultureInfo.InvariantCulture, $"{w.Worker} is ready (process {w.Process})"),
        RunEvent.WorkerSaid w => $"{w.Worker}: {w.Line}",
        RunEvent.WorkerLost w => Lost(w),
        RunEvent.CellFinished { Outcome: var outcome } => Cell(outcome),
        RunEvent.FindingAudio a => string.Create(CultureInfo.InvariantCulture, $"audio {a.Number} of {a.Total}: {a.Cell.Name}, clip {a.Clip}"),
        RunEvent.AudioLeftOut { Reason: var reason } => $"no audio: {reason}",
        RunEvent.FiguresLeftOut { Reason: var reason } => $"no figures: {reason}",
        _ => null,
    };

    private string? Training(RunEvent.Training t)
    {
        int last = _lastEpochTenths.GetValueOrDefault((t.Model, t.Seed), -1);
        if (!Tenth(ref last, t.Progress.Epoch, t.MostEpochs)) return null;
        _lastEpochTenths[(t.Model, t.Seed)] = last;
        return string.Create(CultureInfo.InvariantCulture, $"training {t.Model} seed {t.Seed}: epoch {t.Progress.Epoch} of at most {t.MostEpochs}, loss {t.Progress.Row.TrainLoss:0.0000}, validation score {t.Progress.Row.ValidationScore:0.000}");
    }

    private string Trained(RunEvent.Trained t)
    {
        return t.Outcome.Outcome is { } outcome
            ? string.Create(CultureInfo.InvariantCulture, $"{t.Outcome.Source} {t.Model} seed {t.Seed} in {outcome.WallTime.TotalSeconds:0.0} s")
            : $"{t.Outcome.Source} {t.Model} seed {t.Seed}";
    }

    public static string Lost(RunEvent.WorkerLost lost) => $"{lost.Worker} {lost.Reason}{(lost.Cell is { } cell ? $"; {cell.Name} is tried once more" : "")}";

    private string Cell(CellOutcome outcome)
    {
        string left = _clock.Left is { Length: > 0 } time ? $" ({time})" : "";
        string what = outcome.Failure is { } failure ? $"FAILED: {failure}"
            : outcome.FromStore ? "finished before"
            : string.Create(CultureInfo.InvariantCulture, $"{outcome.Result!.Seconds:0.0} s{left}");
        return $"[{_clock.Done}/{_clock.Total}] {outcome.Cell.Name}: {what}";
    }

    private static bool Tenth(ref int last, int done, int total)
    {
        int tenth = total == 0 ? 10 : done * 10 / total;
        if (tenth == last) return false;
        last = tenth;
        return true;
    }
}
