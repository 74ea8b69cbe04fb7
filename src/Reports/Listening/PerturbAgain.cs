using System.Globalization;
using MerBench.Host;
using MerBench.Host.Cells;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Results;
using MerBench.Host.Results.Tables;
using MerBench.Host.Runs;

namespace MerBench.Reports.Listening;

/// <summary>Perturbs a clip again whose input was not kept, with the trained model from the store; trains none.</summary>
internal sealed class PerturbAgain(RunSession session, ModelProvider models)
{
    // Of the rating scale; another thread count or batch moves a prediction by less.
    private const double Tolerance = 0.005;

    /// <exception cref="UserErrorException">A model that the cell needs is not in the session.Store.</exception>
    public void RequireModels(Cell cell)
    {
        foreach (ModelDefinition model in session.Plan.Definition.Asked(cell.Model, cell.Perturbation))
        {
            if (!models.IsTrained(model, session.Keys.Model(model, cell.Seed)))
                throw new UserErrorException(
                    $"Model '{model.Name}' with seed {cell.Seed.ToString(CultureInfo.InvariantCulture)} is not in {session.Store.Root}, "
                        + $"and this verb trains none: run the benchmark first."
                );
        }
    }

    /// <summary>Call on the torch session.Thread.</summary>
    /// <exception cref="CellFailedException">The plugin handed back something unusable.</exception>
    public PerturbedClip Perturb(Cell cell, string clip, CancellationToken cancel)
    {
        RequireModels(cell);
        int place = session.FindData(cell).Clips(Split.Test).Select((c, i) => (c.Id, i)).First(c => c.Id == clip).i;
        LoadedModel Get(ModelDefinition model) =>
            models.Get(model, cell.Seed, session.Keys.Model(model, cell.Seed), cell.Perturbation.On, cancel);
        (ClipRow again, KeptInput input) = new CellRunner(session.Plan.Definition, session.Device.Device).RunOne(
            cell,
            Get(cell.Model),
            name => Get(session.Plan.Definition.Models.First(m => m.Name == name)),
            place,
            cancel
        );
        string key = session.Keys.Cell(cell);
        ClipRow? recorded = ClipTable.ReadCell(session.Store, key, cell.Model.Name, cell.Seed)?.Rows.FirstOrDefault(r => r.Clip == clip);
        return new PerturbedClip(cell, key, again, input, recorded is null ? null : Compare(recorded, again));
    }

    private string? Compare(ClipRow recorded, ClipRow again)
    {
        double apart = recorded.Perturbed.Zip(again.Perturbed, ClipError.Difference).Max();
        return apart <= Tolerance * (session.Data.Emotions.Maximum - session.Data.Emotions.Minimum)
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Perturbed again, the prediction is up to {apart:g2} away from what the run recorded."
            );
    }
}
