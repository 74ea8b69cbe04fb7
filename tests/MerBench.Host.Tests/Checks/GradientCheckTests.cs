using MerBench.Host.Checks.Models;
using MerBench.Host.Results;

namespace MerBench.Tests.Checks;

public sealed class GradientCheckTests
{
    [TestCase(1, 1, false)]
    [TestCase(1, 0.51, false)]
    [TestCase(1, 0.49, true)]
    [TestCase(1, 1.99, false)]
    [TestCase(1, 2.01, true)]
    [TestCase(0, 1, false, Description = "a gradient of zero claims nothing; whether predictions respond is asked apart")]
    public void A_gradient_must_be_what_predictions_do(double claimed, double measured, bool isDoubted)
    {
        GradientEvidence gradient = Evidence.RightGradient with { ClaimedSlope = claimed, MeasuredSlope = measured };
        Assert.That(
            new NotDifferentiableCheck().Examine(Evidence.OfGradient(gradient)).Select(d => d.Reason),
            isDoubted ? Has.One.StartsWith("its gradient claims a slope of 1, and its predictions have one of") : Is.Empty
        );
    }

    [Test]
    public void Predictions_that_respond_where_the_gradient_is_zero_are_not_differentiable()
    {
        GradientEvidence gradient = Evidence.RightGradient with { ClaimedSlope = 0, RespondsWithoutGradient = true, VanishedShare = 1 };
        Assert.That(
            new NotDifferentiableCheck().Examine(Evidence.OfGradient(gradient)).Single().Reason,
            Does.StartWith("its gradient is zero, and yet its prediction changes")
        );
        Assert.That(new SaturatedCheck().Examine(Evidence.OfGradient(gradient)), Is.Empty, "that says it already");
    }

    [Test]
    public void A_prediction_without_a_differentiable_path_is_not_differentiable()
    {
        Doubt doubt = new NotDifferentiableCheck().Examine(Evidence.OfGradient(null)).Single();
        Assert.That(doubt.Check, Is.EqualTo("not-differentiable"));
        Assert.That(doubt.Reason, Does.StartWith("its prediction depends on its input by no differentiable path"));
        Assert.That(new SaturatedCheck().Examine(Evidence.OfGradient(null)), Is.Empty);
    }

    [TestCase(0.05, false)]
    [TestCase(0.06, true)]
    public void Gradients_that_vanish_for_more_than_a_twentieth_are_saturated(double share, bool isDoubted) =>
        Assert.That(
            new SaturatedCheck().Examine(Evidence.OfGradient(Evidence.RightGradient with { VanishedShare = share })).Select(d => d.Reason),
            isDoubted ? Has.One.StartsWith("6 % of the predictions have no gradient") : Is.Empty
        );
}
