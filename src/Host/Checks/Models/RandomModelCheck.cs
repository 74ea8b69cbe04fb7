using MerBench.Host.Results;

namespace MerBench.Host.Checks.Models;

/// <summary>A model that predicts the same clips differently each time shows attacks noise.</summary>
internal sealed class RandomModelCheck : IModelCheck
{
    // Of the rating scale.
    private const double Rounding = 1e-5;

    private const string Consequence = "attacks see noise, and their result is luck. Is dropout active?";

    public string Id => "random-model";

    public CheckScope Scope => CheckScope.Predictions;

    public IEnumerable<Doubt> Examine(ModelEvidence model)
    {
        double spread = model.Predictions.Spread;
        if (spread > Rounding * model.Scale)
            yield return this.Doubt(
                $"the same clips were predicted {spread:g2} apart in {PredictionEvidence.Passes} passes; {Consequence}"
            );
    }
}
