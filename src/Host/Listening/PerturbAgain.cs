using System.Globalization;
using MerBench.Host.Benchmarks;
using MerBench.Host.Data;
using MerBench.Host.Execution;
using MerBench.Host.Matrix;
using MerBench.Host.Results;
using static TorchSharp.torch;

namespace MerBench.Host.Listening;

/// <summary>Perturbs a clip again whose input was not kept, with the trained model from the store; trains none.</summary>
internal sealed class PerturbAgain(RunPlan plan, PreparedDataset data, ResultStore store, RunKeys keys, Device device, ModelProvider models)
{
    // Of the rating scale; another thread count or batch moves a prediction by less.
    private const double Tolerance = 0.005;

    /// <exception cref="UserErrorException">A model that the cell needs is not in the store.</exception>
    public void RequireModels(Cell cell)
    {
        foreach (
            ModelDefinition model in plan.Definition.Models.Where(m =>
                m.Name == cell.Model.Name || cell.Perturbation.Surrogates.Contains(m.Name)
            )
        )
        {
            if (!models.IsTrained(model, keys.Model(model, cell.Seed)))
                throw new UserErrorException(
                    $"Model '{model.Name}' with seed {cell.Seed.ToString(CultureInfo.InvariantCulture)} is not in {store.Root}, and this verb trains none: run the benchmark first."
                );
        }
    }

    /// <summary>Call on the torch thread.</summary>
    /// <exception cref="CellFailedException">The plugin handed back something unusable.</exception>
    public PerturbedClip Perturb(Cell cell, string clip, CancellationToken cancel)
    {
        RequireModels(cell);
        int place = data.Clips(Split.Test).Select((c, i) => (c.Id, i)).First(c => c.Id == clip).i;
        LoadedModel Get(ModelDefinition model) => models.Get(model, cell.Seed, keys.Model(model, cell.Seed), cancel);
        (ClipResult result, KeptInput input) = new CellRunner(plan.Definition, data, device).RunOne(
            cell,
            Get(cell.Model),
            name => Get(plan.Definition.Models.First(m => m.Name == name)),
            place,
            cancel
        );
        var numbers = ClipNumbers.Of(result);
        string key = keys.Cell(cell);
        ClipNumbers? recorded = store.FindClips(key) is { } file ? ClipNumbers.Read(file).GetValueOrDefault(clip) : null;
        return new PerturbedClip(cell, key, numbers, input, recorded is null ? null : Compare(recorded, numbers));
    }

    private string? Compare(ClipNumbers recorded, ClipNumbers again)
    {
        double apart = recorded.Perturbed.Zip(again.Perturbed, (r, a) => Math.Abs(r - a)).Max();
        return apart <= Tolerance * (data.Emotions.Maximum - data.Emotions.Minimum)
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Perturbed again, the prediction is up to {apart:g2} away from what the run recorded."
            );
    }
}
