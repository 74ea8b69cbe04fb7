using System.Globalization;
using MerBench.Host.Benchmarks;
using MerBench.Host.Data;
using MerBench.Host.Matrix;
using MerBench.Host.Native;
using MerBench.Host.Results;
using MerBench.Host.Results.Tables;
using MerBench.Host.Plugins;

namespace MerBench.Host.Execution;

/// <summary>Takes the cells of a plan in order: finished ones from the store, the others through the runner. A failure costs its own cell.</summary>
internal sealed class CellSchedule(
    RunPlan plan, PreparedDataset data, ResultStore store, RunKeys keys, TorchDevice device, TorchThread thread, Action<RunEvent> tell)
{
    private readonly Dictionary<string, string> _modelFailures = new(StringComparer.Ordinal);

    public IReadOnlyList<CellOutcome> Run(CancellationToken cancel)
    {
        // Whether a cell is finished is decided by its name; its results are read when its turn comes.
        bool[] isFinished = [.. plan.Cells.Select(cell => store.FindCell(keys.Cell(cell)) is not null)];
        int modelsToTrain = plan.Cells.Where((_, i) => !isFinished[i])
            .Select(cell => keys.Model(cell.Model, cell.Seed)).Distinct(StringComparer.Ordinal).Count(key => store.FindModel(key) is null);
        tell(new RunEvent.Resumed(isFinished.Count(f => f), isFinished.Count(f => !f), modelsToTrain));

        using var models = new ModelProvider(data, store, device.Device, plan.Definition.Precision, tell);
        var runner = new CellRunner(plan.Definition, data, device.Device);
        var outcomes = new List<CellOutcome>(plan.Cells.Count);
        for (int i = 0; i < plan.Cells.Count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            CellOutcome outcome = isFinished[i] && store.ReadCell(keys.Cell(plan.Cells[i])) is { } result
                ? new CellOutcome(plan.Cells[i], result, null, FromStore: true)
                : RunOne(plan.Cells[i], models, runner, cancel);
            outcomes.Add(outcome);
            tell(new RunEvent.CellFinished(outcome));
        }

        thread.Run(_ => { models.Dispose(); return true; }, TimeSpan.FromMinutes(1), CancellationToken.None);
        return outcomes;
    }

    private CellOutcome RunOne(Cell cell, ModelProvider models, CellRunner runner, CancellationToken cancel)
    {
        string modelKey = keys.Model(cell.Model, cell.Seed);
        if (_modelFailures.TryGetValue(modelKey, out string? reason)) return Failed(cell, reason);
        LoadedModel model;
        try
        {
            model = thread.Run(token => models.Get(cell.Model, cell.Seed, modelKey, token), Timeout.InfiniteTimeSpan, cancel);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            reason = $"model not ready: {PluginFailure.Describe(cell.Model.Use.Plugin.Id, e)}";
            _modelFailures[modelKey] = reason;
            return Failed(cell, reason);
        }

        return Perturb(cell, model, models, runner, cancel);
    }

    private CellOutcome Perturb(Cell cell, LoadedModel model, ModelProvider models, CellRunner runner, CancellationToken cancel)
    {
        string key = keys.Cell(cell);
        try
        {
            var progress = new Relay<double>(share => tell(new RunEvent.CellProgressed(cell, share)));
            (CellResult result, IReadOnlyList<ClipResult> clips) =
                thread.Run(token => runner.Run(cell, key, model, name => Surrogate(name, cell.Seed, models, token), progress, token), plan.Definition.CellTimeout, cancel);
            store.WriteCell(result, stream => ClipTable.Write(stream, data.Emotions, data.Concepts, clips, Provenance(cell)));
            return new CellOutcome(cell, result, null, FromStore: false);
        }
        catch (Exception e) when (OutOfMemory.Is(e) && runner.Batch > 1)
        {
            // For all cells to come: what did not fit once does not fit again.
            runner.Batch /= 2;
            tell(new RunEvent.BatchHalved(cell, runner.Batch));
            return Perturb(cell, model, models, runner, cancel);
        }
        catch (TimeoutException)
        {
            if (thread.HasAbandonedWork) models.Abandon();
            return Failed(cell, string.Create(CultureInfo.InvariantCulture,
                $"{cell.Perturbation.Use.Plugin.Id} took longer than {plan.Definition.CellTimeout}; raise evaluation: cell-timeout or lower its cost"));
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            return Failed(cell, PluginFailure.Describe(cell.Perturbation.Use.Plugin.Id, e));
        }
    }

    private LoadedModel Surrogate(string name, int seed, ModelProvider models, CancellationToken cancel)
    {
        ModelDefinition model = plan.Definition.Models.First(m => m.Name == name);
        return models.Get(model, seed, keys.Model(model, seed), cancel);
    }

    private static CellOutcome Failed(Cell cell, string reason) => new(cell, null, reason, FromStore: false);

    private Dictionary<string, string> Provenance(Cell cell) => new(StringComparer.Ordinal)
    {
        ["merbench.benchmark"] = plan.Definition.Name,
        ["merbench.cell"] = cell.Name,
        ["merbench.domain"] = cell.Perturbation.Domain.ToString().ToLowerInvariant(),
        ["merbench.scale"] = data.Emotions.Source,
    };
}
