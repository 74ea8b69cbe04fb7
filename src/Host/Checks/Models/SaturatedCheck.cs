using MerBench.Host.Results;

namespace MerBench.Host.Checks.Models;

/// <summary>Behind a clipped or squashed output there is no gradient to follow.</summary>
internal sealed class SaturatedCheck : IModelCheck
{
    private const double MostVanished = 0.05;

    private const string Advice = "attack it before that layer, or with an attack that only asks for predictions";

    public string Id => "saturated";

    public CheckScope Scope => CheckScope.Gradients;

    public IEnumerable<Doubt> Examine(ModelEvidence model)
    {
        if (model.Gradient is { RespondsWithoutGradient: false, VanishedShare: > MostVanished and var share })
            yield return this.Doubt(
                $"{share:0 %} of the predictions have no gradient, as at the ends of a clipped or squashed output; {Advice}"
            );
    }
}
