using MerBench.Host.Results;

namespace MerBench.Host.Checks.Models;

/// <summary>A model that predicting changes is another one after each attack.</summary>
internal sealed class TrainModeCheck : IModelCheck
{
    public string Id => "train-mode";

    public CheckScope Scope => CheckScope.Predictions;

    public IEnumerable<Doubt> Examine(ModelEvidence model)
    {
        if (model.Predictions.MovedState is { } moved)
            yield return this.Doubt($"predicting changed its state ('{moved}'), so a layer is in training mode");
    }
}
