using MerBench.Host.Training;

namespace MerBench.Host.Results.Tables;

/// <summary>Learning curves of a run's models as Parquet, a row an epoch.</summary>
internal static class TrainingTable
{
    public static byte[] Create(RunResults results, IReadOnlyDictionary<string, string> provenance)
    {
        var table = new ColumnTable<(ModelSummary Model, EpochRow Epoch)>([
            .. results.Models.SelectMany(m => (m.Training?.Outcome?.Curve ?? []).Select(e => (m, e))),
        ]);
        table.AddText("model", "name of the model", r => r.Model.Name);
        table.Add("seed", "seed of the training", r => r.Model.Seed);
        table.AddText("model_key", "content key of the trained model", r => r.Model.Training!.Key);
        table.Add("epoch", "from 1", r => r.Epoch.Epoch);
        table.Add("train_loss", "mean loss over the epoch's batches, training mode", r => r.Epoch.TrainLoss);
        table.Add("validation_loss", "loss on the validation clips, evaluation mode", r => r.Epoch.ValidationLoss);
        table.Add(
            "validation_score",
            "what early stopping watches: mean Pearson r over emotions, plus that over concepts where they are trained",
            r => r.Epoch.ValidationScore
        );
        table.Add("is_best", "the epoch whose weights were kept", r => r.Epoch.Epoch == r.Model.Training!.Outcome!.BestEpoch);
        table.Add("seconds", "wall time of the epoch", r => r.Epoch.Seconds);
        return table.ToParquet(provenance);
    }
}
