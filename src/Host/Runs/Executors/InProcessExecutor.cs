using System.Globalization;
using MerBench.Host.Cells;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Events;
using MerBench.Host.IO;
using MerBench.Host.Plugins;
using MerBench.Host.Plugins.Guests;
using MerBench.Host.Results;
using MerBench.Host.Results.Tables;
using MerBench.Host.Torch;

namespace MerBench.Host.Runs.Executors;

/// <summary>Computes cells in this process, one after the other: gets the model ready, runs the cell, stores the result. A failure costs
/// its own cell.</summary>
internal sealed class InProcessExecutor(RunSession session) : ICellExecutor
{
    private readonly ModelProvider _models = new(
        session.Data,
        session.Store,
        session.Device,
        session.Plan.Definition.Precision,
        session.Tell
    )
    {
        PartsOf = session.PartsOf,
        Elsewhere = session.Elsewhere,
    };
    private readonly CellRunner _runner = new(session.Plan.Definition, session.Device.Device);
    private readonly BatchProbe _batches = new(session.Store, session.Device, session.Tell);
    private readonly WorkLimits _limits = new(session.Plan.Definition);
    private readonly ProcessState _atStart = OnTorchThread(session, ProcessState.Capture);
    private int _mostClips = int.MaxValue;
    private readonly Dictionary<string, string> _modelFailures = new(StringComparer.Ordinal);

    /// <summary>How long nothing was heard of a model that is made ready.</summary>
    public TimeSpan SilenceOfModel => _models.Signs.Silence;

    public void Run(IReadOnlyList<Cell> cells, Action<CellOutcome> done, CancellationToken cancel)
    {
        foreach (Cell cell in cells)
        {
            cancel.ThrowIfCancellationRequested();
            CellOutcome outcome = Compute(cell, cancel);
            // Where everything is told to end, programs that a plugin uses are too: it does not fail by itself then.
            if (outcome.Failure is not null)
                cancel.ThrowIfCancellationRequested();
            done(outcome);
        }
    }

    /// <summary>Computes one cell and stores its result.</summary>
    public CellOutcome Compute(Cell cell, CancellationToken cancel) => Compute(cell, cancel, isTriedAgain: false);

    private CellOutcome Compute(Cell cell, CancellationToken cancel, bool isTriedAgain)
    {
        GuestWatch.Note($"{cell.Name} was computed");
        string modelKey = session.Keys.Model(cell.Model, cell.Seed);
        if (_modelFailures.TryGetValue(modelKey, out string? reason))
            return Failed(cell, reason);
        LoadedModel model;
        try
        {
            model = session.Thread.Run(
                token => _models.Get(cell.Model, cell.Seed, modelKey, cell.Perturbation.On, token),
                session.Plan.Definition.ModelTimeout,
                cancel,
                _models.Signs
            );
        }
        catch (TimeLimitException)
        {
            ForgetLeftBehind();
            reason = _limits.DescribeSilentModel(cell);
            _modelFailures[modelKey] = reason;
            return Failed(cell, reason);
        }
        catch (Exception e) when (!EndsRun(e, cancel))
        {
            string hint =
                OutOfMemory.Is(e) && cell.Model.Train is { } recipe
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $" (in training by batches of {recipe.Batch}: a smaller 'train: batch' fits, and trains another model)"
                    )
                    : "";
            reason = $"model not ready: {PluginFailure.Describe(cell.Model.Use.Plugin.Id, e)}{hint}";
            _modelFailures[modelKey] = reason;
            return Failed(cell, reason);
        }

        session.Tell(new RunEvent.CellBegun(cell));
        return Perturb(cell, model, cancel, isTriedAgain);
    }

    /// <summary>Frees the models; those that work left behind may use are forgotten.</summary>
    public void Dispose()
    {
        if (session.Thread.HasAbandonedWork)
            _models.Abandon();
        session.Thread.Run(
            _ =>
            {
                _models.Dispose();
                return true;
            },
            TimeSpan.FromMinutes(1),
            CancellationToken.None
        );
    }

    private CellOutcome Perturb(Cell cell, LoadedModel model, CancellationToken cancel, bool isTriedAgain = false)
    {
        string key = session.Keys.Cell(cell);
        try
        {
            var progress = new SynchronousProgress<double>(share => session.Tell(new RunEvent.CellProgressed(cell, share)));
            var computed = session.Thread.Run(Work, session.Plan.Definition.CellTimeout, cancel);
            if (computed.Spoiled is { } change)
                // Work that was left behind by an earlier plugin may have done it: the cell is innocent if it does not happen again.
                return isTriedAgain ? Failed(cell, change) : Compute(cell, cancel, isTriedAgain: true);
            (CellResult result, IReadOnlyList<ClipRow> clips, IReadOnlyList<KeptInput> examples) = computed.Measured;
            session.Store.WriteCell(
                result,
                stream => ClipTable.Write(stream, model.Data.Emotions, model.Data.Concepts, clips, Provenance(cell)),
                examples.Count == 0 ? null : path => KeptInputFile.Write(path, examples, Provenance(cell))
            );
            return new CellOutcome(cell, result, null, FromStore: false);

            ((CellResult, IReadOnlyList<ClipRow>, IReadOnlyList<KeptInput>) Measured, string? Spoiled) Work(CancellationToken token)
            {
                if (session.Plan.Definition.ProbesBatch && !cell.Perturbation.IsCorruption)
                    _runner.Batch = Math.Min(
                        _mostClips,
                        _batches.Choose(model, cell.Perturbation.Domain, session.Plan.Definition.EvaluationBatch, token)
                    );
                var measured = _runner.Run(cell, key, model, name => Surrogate(name, cell, token), progress, token);
                return (measured, _models.FindSpoiled(cell.Perturbation.Use.Plugin.Id));
            }
        }
        catch (Exception e) when (OutOfMemory.Is(e) && _runner.Batch > 1)
        {
            // For all cells to come: what did not fit once does not fit again.
            _mostClips = _runner.Batch /= 2;
            session.Tell(new RunEvent.BatchHalved(cell, _runner.Batch));
            return Perturb(cell, model, cancel, isTriedAgain);
        }
        catch (TimeLimitException)
        {
            ForgetLeftBehind();
            return Failed(cell, _limits.DescribeSlowCell(cell));
        }
        catch (Exception e) when (!EndsRun(e, cancel))
        {
            return Failed(cell, PluginFailure.Describe(cell.Perturbation.Use.Plugin.Id, e));
        }
    }

    private LoadedModel Surrogate(string name, Cell cell, CancellationToken cancel)
    {
        ModelDefinition model = session.Plan.Definition.Models.First(m => m.Name == name);
        return _models.Get(model, cell.Seed, session.Keys.Model(model, cell.Seed), cell.Perturbation.On, cancel);
    }

    private void ForgetLeftBehind()
    {
        if (!session.Thread.HasAbandonedWork)
            return;
        _models.Abandon();
        // Nobody else puts back what it changed before it hung.
        OnTorchThread(session, () => _atStart.PutBack(Drawing.PutBack));
    }

    private static T OnTorchThread<T>(RunSession session, Func<T> work) =>
        session.Thread.Run(_ => work(), TimeSpan.FromMinutes(1), CancellationToken.None);

    // A disk that is full would fail every cell to come, and is nobody's fault here.
    private static bool EndsRun(Exception e, CancellationToken cancel) =>
        DiskException.IsMeantBy(e) || (e is OperationCanceledException && cancel.IsCancellationRequested);

    private static CellOutcome Failed(Cell cell, string reason) => new(cell, null, reason, FromStore: false);

    private Dictionary<string, string> Provenance(Cell cell) =>
        new(StringComparer.Ordinal)
        {
            ["merbench.benchmark"] = session.Plan.Definition.Name,
            ["merbench.cell"] = cell.Name,
            ["merbench.domain"] = cell.Perturbation.Domain.ToString().ToLowerInvariant(),
            ["merbench.scale"] = session.Data.Emotions.Source,
        };
}
