using System.Globalization;
using MerBench.Host.Events;
using MerBench.Host.Results;
using MerBench.Host.Text;

namespace MerBench.Host.Runs.Progress;

/// <summary>What logs say of events: a line for each that is worth one.</summary>
public sealed class ProgressLines
{
    private readonly Dictionary<(string Model, int Seed), int> _epochTenths = [];
    private int _preparedTenth = -1;

    internal string? Of(RunEvent happened, CellCounts cells, Func<TimeSpan?> left) =>
        happened switch
        {
            RunEvent.Planned { Plan: var plan } => $"{plan.Definition.Name}: {plan.Describe()}",
            RunEvent.ArithmeticChosen { Remark: var remark } => remark,
            RunEvent.DataRemarked { Remark: var remark } => remark,
            RunEvent.ModelRemarked { Remark: var remark } => remark,
            RunEvent.NotIsolated { Remark: var remark } => remark,
            RunEvent.EntryPutAside { Entry: var e } => $"put aside {e.Entry}, to compute it again: {e.Reason}; it lies in {e.Place}",
            RunEvent.Preparing { Progress: var p } => IsNewTenth(ref _preparedTenth, p.Done, p.Total)
                ? $"prepared {p.Done} of {p.Total} clips"
                : null,
            RunEvent.Resumed r => $"{Quantity.Write(r.FinishedCells, "cell")} finished before, {r.CellsToRun} to run, "
                + $"{Quantity.Write(r.ModelsToTrain, "model")} to train",
            RunEvent.Training t => Epoch(t),
            RunEvent.Trained { Outcome: { Outcome: { } outcome } trained } t => string.Create(
                CultureInfo.InvariantCulture,
                $"{trained.Source} {t.Model} seed {t.Seed} in {outcome.WallTime.TotalSeconds:0.0} s"
            ),
            RunEvent.Trained t => string.Create(CultureInfo.InvariantCulture, $"{t.Outcome.Source} {t.Model} seed {t.Seed}"),
            RunEvent.BatchChosen b => string.Create(
                CultureInfo.InvariantCulture,
                $"{b.Model} is attacked fastest with {b.Batch} clips a batch{(b.IsRemembered ? ", as an earlier run found" : "")}"
            ),
            RunEvent.BatchHalved b => string.Create(
                CultureInfo.InvariantCulture,
                $"out of memory at {b.Cell.Name}: from here on {b.Batch} clips a batch"
            ),
            RunEvent.WorkerReady w => string.Create(CultureInfo.InvariantCulture, $"{w.Worker} is ready (process {w.Process})"),
            RunEvent.WorkerSaid w => $"{w.Worker}: {GuestText.Message(w.Line)}",
            RunEvent.WorkerLost w => $"{w.Worker} {w.Reason}{(w.Cell is { } cell ? $"; {cell.Name} is tried once more" : "")}",
            // Those of the store were counted together.
            RunEvent.CellFinished { Outcome: { FromStore: false } outcome } => Finished(outcome, cells, left),
            RunEvent.FindingAudio a => string.Create(
                CultureInfo.InvariantCulture,
                $"audio {a.Number} of {a.Total}: {a.Cell.Name}, clip {a.Clip}"
            ),
            RunEvent.Summarising { What: var what } => what,
            RunEvent.LeftOut l => Describe(l),
            _ => null,
        };

    /// <summary>Said whatever the user has asked for: something is missing.</summary>
    public static string Describe(RunEvent.LeftOut missing) => $"no {missing.What}: {missing.Reason}";

    private string? Epoch(RunEvent.Training t)
    {
        string training = string.Create(CultureInfo.InvariantCulture, $"training {t.Model} seed {t.Seed}");
        bool isFirst = !_epochTenths.TryGetValue((t.Model, t.Seed), out int tenth);
        if (isFirst)
            tenth = -1;
        bool isNew = IsNewTenth(ref tenth, t.Progress.Epoch, t.MostEpochs);
        _epochTenths[(t.Model, t.Seed)] = tenth;
        if (!isNew)
            return null;
        string kept =
            isFirst && t.Progress.Epoch > 1
                ? string.Create(CultureInfo.InvariantCulture, $", {t.Progress.Epoch - 1} epochs kept from before")
                : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{training}: epoch {t.Progress.Epoch} of at most {t.MostEpochs}, loss {t.Progress.Row.TrainLoss:0.0000}, validation score "
                + $"{t.Progress.Row.ValidationScore:0.000}{kept}"
        );
    }

    private static string Finished(CellOutcome outcome, CellCounts cells, Func<TimeSpan?> left)
    {
        string what = outcome.Failure is { } failure
            ? $"FAILED: {GuestText.Flatten(failure)}"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{outcome.Result!.Seconds:0.0} s{(left() is { } time ? $" ({StatusText.Left(time)})" : "")}"
            );
        return string.Create(CultureInfo.InvariantCulture, $"[{cells.Done}/{cells.Total}] {GuestText.Escape(outcome.Cell.Name)}: {what}");
    }

    private static bool IsNewTenth(ref int last, int done, int total)
    {
        int tenth = total == 0 ? 10 : done * 10 / total;
        if (tenth == last)
            return false;
        last = tenth;
        return true;
    }
}
