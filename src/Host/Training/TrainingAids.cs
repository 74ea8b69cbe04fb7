using MerBench.Host.Data;

namespace MerBench.Host.Training;

/// <summary>What a training by gradient descent may use beside its model, recipe and clips.</summary>
/// <param name="Checkpoint">Where it is kept between epochs, and goes on from; null for nowhere. Delete it when the result is
/// stored.</param>
/// <param name="Adversary">Attacks batches where the recipe is adversarial; null otherwise.</param>
/// <param name="Stepped">Told after each batch: the epoch, and the share of it that is done. A sign of life.</param>
/// <param name="Rebuild">Builds another instance of the model, by which a training that ends in NaN is explained; null to do
/// without.</param>
internal sealed record TrainingAids(
    TrainingCheckpoint? Checkpoint = null,
    TrainingAdversary? Adversary = null,
    Func<IModel>? Rebuild = null,
    Action<int, double>? Stepped = null
)
{
    /// <summary>From what the model predicts to the moments that the dataset rates.</summary>
    public CurveAlignment Alignment { get; init; } = CurveAlignment.None;
}
