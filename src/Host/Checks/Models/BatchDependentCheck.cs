using MerBench.Host.Results;

namespace MerBench.Host.Checks.Models;

/// <summary>A prediction must not depend on the clips beside it.</summary>
internal sealed class BatchDependentCheck : IModelCheck
{
    // Of the rating scale; other kernels for other batches round differently.
    private const double RoundingOfBatches = 1e-3;

    public string Id => "batch-dependent";

    public CheckScope Scope => CheckScope.Predictions;

    public IReadOnlyList<IModelCheck> Presumes => [new RandomModelCheck()];

    public IEnumerable<Doubt> Examine(ModelEvidence model)
    {
        double apart = model.Predictions.ApartAlone;
        if (apart > RoundingOfBatches * model.Scale)
            yield return this.Doubt($"a clip alone is predicted {apart:g2} away from the same clip in a batch");
    }
}
