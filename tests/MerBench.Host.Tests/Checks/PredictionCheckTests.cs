using MerBench.Host.Checks.Models;

namespace MerBench.Tests.Checks;

public sealed class PredictionCheckTests
{
    [TestCase(1e-6, 1, false)]
    [TestCase(1e-4, 1, true)]
    [TestCase(1e-4, 100, false, Description = "of the scale")]
    public void A_model_that_predicts_the_same_clips_apart_is_random(double spread, double scale, bool isDoubted) =>
        Assert.That(
            new RandomModelCheck()
                .Examine(Evidence.OfPredictions(Evidence.SteadyPredictions with { Spread = spread }, scale))
                .Select(d => (d.Check, d.Reason)),
            isDoubted
                ? Is.EqualTo(
                    new[]
                    {
                        (
                            "random-model",
                            "the same clips were predicted 0.0001 apart in 5 passes; attacks see noise, and their result is luck. "
                                + "Is dropout active?"
                        ),
                    }
                )
                : Is.Empty
        );

    [Test]
    public void A_model_whose_state_moves_is_in_training_mode()
    {
        var check = new TrainModeCheck();
        Assert.That(check.Examine(Evidence.OfPredictions(Evidence.SteadyPredictions)), Is.Empty);
        Assert.That(
            check.Examine(Evidence.OfPredictions(Evidence.SteadyPredictions with { MovedState = "running_mean" })).Single().Reason,
            Is.EqualTo("predicting changed its state ('running_mean'), so a layer is in training mode")
        );
    }

    [TestCase(5e-4, 1, false)]
    [TestCase(2e-3, 1, true)]
    [TestCase(2e-3, 10, false, Description = "of the scale")]
    public void A_clip_that_is_predicted_otherwise_in_a_batch_is_doubted(double apart, double scale, bool isDoubted) =>
        Assert.That(
            new BatchDependentCheck()
                .Examine(Evidence.OfPredictions(Evidence.SteadyPredictions with { ApartAlone = apart }, scale))
                .Select(d => d.Reason),
            isDoubted ? Is.EqualTo(new[] { "a clip alone is predicted 0.002 away from the same clip in a batch" }) : Is.Empty
        );
}
