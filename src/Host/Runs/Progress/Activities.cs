using System.Diagnostics;
using System.Globalization;
using MerBench.Host.Events;

namespace MerBench.Host.Runs.Progress;

/// <summary>What is going on in a run at the moment.</summary>
internal sealed class Activities
{
    private readonly Dictionary<object, Activity> _all = [];

    public void Follow(RunEvent happened)
    {
        switch (happened)
        {
            case RunEvent.Planned:
                Only(nameof(RunEvent.Planned), "loading libtorch and the dataset", null);
                break;
            case RunEvent.Preparing { Progress: var p }:
                Only(nameof(RunEvent.Preparing), "preparing clips", p.Total == 0 ? null : p.Done / (double)p.Total);
                break;
            case RunEvent.Resumed:
                _all.Clear();
                break;
            case RunEvent.ModelBegun m:
                Set((m.Model, m.Seed), $"loading {Name(m.Model, m.Seed)}", null);
                break;
            case RunEvent.TrainingBegun t:
                Set((t.Model, t.Seed), $"training {Name(t.Model, t.Seed)}", null);
                break;
            case RunEvent.TrainingStepped t:
                SetEpoch(t.Model, t.Seed, t.Epoch, t.MostEpochs, t.Epoch - 1 + t.Share);
                break;
            case RunEvent.Training t:
                SetEpoch(t.Model, t.Seed, t.Progress.Epoch, t.MostEpochs, t.Progress.Epoch)
                    .AddEpoch(t.Progress.Row.Seconds, t.Progress.Epoch);
                break;
            case RunEvent.Trained t:
                _all.Remove((t.Model, t.Seed));
                break;
            case RunEvent.CellBegun { Cell: var cell }:
                _all.Remove((cell.Model.Name, cell.Seed));
                Set(cell.Index, cell.Name, 0).Kind = WorkKind.Find(cell);
                break;
            case RunEvent.CellProgressed { Cell: var cell, Share: var share }:
                Set(cell.Index, share < 1 ? cell.Name : $"checking {cell.Name}", share).Kind = WorkKind.Find(cell);
                break;
            case RunEvent.CellFinished { Outcome: var outcome }:
                _all.Remove(outcome.Cell.Index);
                _all.Remove((outcome.Cell.Model.Name, outcome.Cell.Seed));
                break;
            case RunEvent.WorkerLost:
                // What it was at is begun again, and heard of again.
                _all.Clear();
                break;
            case RunEvent.FindingAudio a:
                Only(
                    nameof(RunEvent.FindingAudio),
                    string.Create(CultureInfo.InvariantCulture, $"audio of {a.Cell.Name}, clip {a.Clip}, {a.Number} of {a.Total}"),
                    (a.Number - 1) / (double)a.Total
                );
                break;
            case RunEvent.Summarising { What: var what }:
                Only(what, what, null);
                break;
        }
    }

    public IReadOnlyList<RunActivity> All() => [.. _all.Values.Select(a => new RunActivity(a.What, a.Share, a.Seconds))];

    /// <summary>Models in training of which an epoch is over: seconds of training so far, and the share that this is.</summary>
    public (double Seconds, double Share)[] Trainings() =>
        [.. _all.Values.Where(a => a.TrainingSeconds > 0 && a.Share > 0).Select(a => (a.TrainingSeconds, a.Share!.Value))];

    /// <summary>Cells that are computed: seconds so far, and the share that this is.</summary>
    public (WorkKind Kind, double Seconds, double Share)[] Cells() =>
        [.. _all.Values.Where(a => a.Kind is not null).Select(a => (a.Kind!.Value, a.Seconds, a.Share ?? 0))];

    private Activity SetEpoch(string model, int seed, int epoch, int most, double done) =>
        Set(
            (model, seed),
            string.Create(CultureInfo.InvariantCulture, $"training {Name(model, seed)}, epoch {epoch} of at most {most}"),
            done / most
        );

    private void Only(object key, string what, double? share)
    {
        foreach (object other in _all.Keys.Where(k => !k.Equals(key)).ToList())
            _all.Remove(other);
        Set(key, what, share);
    }

    private Activity Set(object key, string what, double? share)
    {
        if (!_all.TryGetValue(key, out Activity? activity))
            _all[key] = activity = new Activity();
        (activity.What, activity.Share) = (what, share is { } s ? Math.Clamp(s, 0, 1) : null);
        return activity;
    }

    private static string Name(string model, int seed) => string.Create(CultureInfo.InvariantCulture, $"{model} seed {seed}");

    private sealed class Activity
    {
        private readonly long _start = Stopwatch.GetTimestamp();
        private double _secondsOfEpochs;
        private int _epochs;

        public string What { get; set; } = "";

        public double? Share { get; set; }

        /// <summary>Null for what is no cell.</summary>
        public WorkKind? Kind { get; set; }

        public double Seconds => Stopwatch.GetElapsedTime(_start).TotalSeconds;

        /// <summary>All epochs at the mean of those seen: a training that goes on from a checkpoint has seen but some.</summary>
        public double TrainingSeconds { get; private set; }

        public void AddEpoch(double seconds, int epoch)
        {
            _secondsOfEpochs += seconds;
            _epochs++;
            TrainingSeconds = _secondsOfEpochs / _epochs * epoch;
        }
    }
}
