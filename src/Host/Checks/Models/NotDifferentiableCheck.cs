using MerBench.Host.Results;

namespace MerBench.Host.Checks.Models;

/// <summary>A gradient must say where predictions go.</summary>
internal sealed class NotDifferentiableCheck : IModelCheck
{
    // Of the claimed slope.
    private const double MostOff = 2;

    private const string OfZero = "a step, a rounding or a detached part hides the gradient";
    private const string OfSlope = "a part of it is not differentiable as it says";

    public string Id => "not-differentiable";

    public CheckScope Scope => CheckScope.Gradients;

    public IEnumerable<Doubt> Examine(ModelEvidence model)
    {
        if (model.Gradient is not { } gradient)
            yield return this.Doubt(
                $"its prediction depends on its input by no differentiable path; only attacks that ask for predictions say something"
            );
        else if (gradient.RespondsWithoutGradient)
            yield return this.Doubt($"its gradient is zero, and yet its prediction changes with its input: {OfZero}");
        else if (!model.HasStandInGradient && IsOff(gradient.ClaimedSlope, gradient.MeasuredSlope))
            yield return this.Doubt($"its gradient claims {Describe(gradient)} along it: {OfSlope}");
    }

    private static string Describe(GradientEvidence gradient) =>
        FormattableString.Invariant($"a slope of {gradient.ClaimedSlope:g2}, and its predictions have one of {gradient.MeasuredSlope:g2}");

    private static bool IsOff(double claimed, double measured) =>
        claimed > 0 && (measured < claimed / MostOff || measured > claimed * MostOff);
}
