using System.Globalization;
using MerBench.Host.Execution;
using Spectre.Console;

namespace MerBench.Tool.Display;

/// <summary>A live display for terminals: a bar for the cells with the time left, and a bar for what is going on now.</summary>
internal sealed class LiveDisplay
{
    private readonly RunClock _clock = new();
    private readonly Lock _lock = new();
    private readonly IAnsiConsole _console;
    private readonly ProgressTask _cells;
    private readonly ProgressTask _now;

    private LiveDisplay(IAnsiConsole console, ProgressContext context)
    {
        _console = console;
        _cells = context.AddTask("Reading the benchmark").IsIndeterminate();
        _now = context.AddTask("Starting", autoStart: false);
    }

    public static T Follow<T>(IAnsiConsole console, Func<Action<RunEvent>, T> run) =>
        console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 20 }, new PercentageColumn())
            .Start(context => run(new LiveDisplay(console, context).Show));

    private void Show(RunEvent happened)
    {
        lock (_lock)
        {
            _clock.Follow(happened);
            switch (happened)
            {
                case RunEvent.Planned { Plan: var plan }:
                    _console.WriteLine($"{plan.Definition.Name}: {plan.Definition.Models.Count} models, {plan.Definition.Perturbations.Count} perturbations, {plan.Definition.Seeds.Count} seeds, {plan.Cells.Count} cells");
                    _cells.IsIndeterminate(false);
                    _cells.MaxValue = Math.Max(1, plan.Cells.Count);
                    break;
                case RunEvent.Preparing { Progress: var p }:
                    Now("Preparing clips", p.Done / Math.Max(1.0, p.Total));
                    break;
                case RunEvent.Training t:
                    Now(string.Create(CultureInfo.InvariantCulture, $"Training {t.Model} seed {t.Seed}, epoch {t.Progress.Epoch}, validation score {t.Progress.Row.ValidationScore:0.00}"), t.Progress.Epoch / (double)t.MostEpochs);
                    break;
                case RunEvent.CellProgressed { Cell: var cell, Share: var share }:
                    Now(cell.Name, share);
                    break;
                case RunEvent.FindingAudio a:
                    Now($"Audio of {a.Cell.Name}, clip {a.Clip}", (a.Number - 1) / (double)a.Total);
                    break;
                case RunEvent.AudioLeftOut { Reason: var reason }:
                    _console.WriteLine($"No audio: {reason}");
                    break;
                case RunEvent.BatchHalved b:
                    _console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Out of memory at {b.Cell.Name}: from here on {b.Batch} clips a batch"));
                    break;
                case RunEvent.WorkerSaid w:
                    _console.WriteLine($"{w.Worker}: {w.Line}");
                    break;
                case RunEvent.WorkerLost lost:
                    _console.WriteLine(PlainDisplay.Lost(lost));
                    break;
                case RunEvent.CellFinished { Outcome: var outcome }:
                    _cells.Value = _clock.Done;
                    if (outcome.Failure is { } failure) _console.WriteLine($"FAILED {outcome.Cell.Name}: {failure}");
                    break;
            }

            string failed = _clock.Failed > 0 ? $", {_clock.Failed} failed" : "";
            _cells.Description = $"Cells {_clock.Done}/{_clock.Total}{failed} {_clock.Left}".TrimEnd().EscapeMarkup();
        }
    }

    private void Now(string what, double share)
    {
        if (!_now.IsStarted) _now.StartTask();
        _now.Description = what.EscapeMarkup();
        _now.Value = _now.MaxValue * Math.Clamp(share, 0, 1);
    }
}
