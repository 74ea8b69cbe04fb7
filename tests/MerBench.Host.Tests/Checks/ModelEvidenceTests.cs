using MerBench.Host.Checks.Models;
using static TorchSharp.torch;

namespace MerBench.Tests.Checks;

/// <summary>What is gathered of small models: sums of inputs, with a fault each.</summary>
public sealed class ModelEvidenceTests
{
    private const int Clips = 4;

    private readonly Dictionary<string, Tensor> _noState = new(StringComparer.Ordinal);

    [Test]
    public void An_honest_model_predicts_alike_and_has_the_slope_that_it_claims()
    {
        using var scope = NewDisposeScope();
        Assert.That(PredictionEvidence.Gather(Sum, _noState, Sounds()), Is.EqualTo(new PredictionEvidence(0, null, 0)));
        GradientEvidence gradient = Gradient(Sum)!;
        Assert.That(gradient.MeasuredSlope / gradient.ClaimedSlope, Is.EqualTo(1).Within(0.02));
        Assert.That((gradient.RespondsWithoutGradient, gradient.VanishedShare), Is.EqualTo((false, 0.0)));
    }

    [Test]
    public void A_model_with_a_mood_spreads()
    {
        using var scope = NewDisposeScope();
        int calls = 0;
        PredictionEvidence found = PredictionEvidence.Gather(
            input => new ModelOutput(Sum(input).Emotion + (calls++ * 0.5)),
            _noState,
            Sounds()
        );
        Assert.That(found.Spread, Is.EqualTo(2).Within(1e-3), "five passes");
    }

    [Test]
    public void State_that_moves_is_named()
    {
        using var scope = NewDisposeScope();
        var state = new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["weight"] = ones(2), ["mean"] = zeros(2) };
        PredictionEvidence found = PredictionEvidence.Gather(
            input =>
            {
                state["mean"].add_(1);
                return Sum(input);
            },
            state,
            Sounds()
        );
        Assert.That(found.MovedState, Is.EqualTo("mean"));
    }

    [Test]
    public void A_model_that_looks_at_the_other_clips_predicts_a_clip_alone_otherwise()
    {
        using var scope = NewDisposeScope();
        PredictionEvidence found = PredictionEvidence.Gather(
            input => new ModelOutput(Sum(input).Emotion - input.mean()),
            _noState,
            Sounds()
        );
        Assert.That(found.Spread, Is.Zero);
        Assert.That(found.ApartAlone, Is.GreaterThan(1e-3));
    }

    [Test]
    public void A_model_that_rounds_responds_without_a_gradient()
    {
        using var scope = NewDisposeScope();
        Assert.That(Gradient(input => Sum((input * 1000).round()))!.RespondsWithoutGradient);
    }

    [Test]
    public void A_detached_model_has_no_gradient()
    {
        using var scope = NewDisposeScope();
        Assert.That(Gradient(input => Sum(input.detach())), Is.Null);
    }

    [Test]
    public void A_gradient_that_passes_straight_through_claims_a_slope_that_is_not_there()
    {
        using var scope = NewDisposeScope();
        // Forward a hundredth of it, backward all of it.
        GradientEvidence gradient = Gradient(input => Sum(input + (((input * 0.01) - input).detach())))!;
        Assert.That(gradient.MeasuredSlope / gradient.ClaimedSlope, Is.EqualTo(0.01).Within(2e-3));
    }

    [Test]
    public void Emotions_at_the_end_of_a_clipped_output_have_no_gradient()
    {
        using var scope = NewDisposeScope();
        GradientEvidence gradient = Gradient(input => new ModelOutput(
            cat([Sum(input).Emotion, Sum(input).Emotion, Sum(input).Emotion.clamp(-1e-6, 1e-6)], 1)
        ))!;
        Assert.That(gradient.VanishedShare, Is.EqualTo(1 / 3.0).Within(1e-9));
    }

    [Test]
    public void Evidence_is_gathered_once_and_only_when_it_is_asked_for()
    {
        int gathered = 0;
        var model = new ModelEvidence
        {
            Scale = 1,
            GatherPredictions = () =>
            {
                gathered++;
                return Evidence.SteadyPredictions;
            },
        };
        Assert.That(gathered, Is.Zero);
        Assert.That(model.Predictions, Is.SameAs(model.Predictions));
        Assert.That(gathered, Is.EqualTo(1));
        Assert.That(() => model.Gradient, Throws.InvalidOperationException.With.Message.Contains(nameof(GradientEvidence)));
    }

    private static GradientEvidence? Gradient(Func<Tensor, ModelOutput> model) =>
        GradientEvidence.Gather(model, Sounds(), RandomStream.For("test"));

    private static ModelOutput Sum(Tensor input) => new(input.sum(1, keepdim: true));

    private static Tensor Sounds() => linspace(0.1, 1, Clips * 5).reshape(Clips, 5);
}
