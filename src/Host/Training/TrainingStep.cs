using MerBench.Host.Arithmetic;
using MerBench.Host.Data;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MerBench.Host.Training;

/// <summary>
/// What one step of training computes from a batch, to compare it with the same step computed again or in another format.
/// </summary>
/// <param name="Loss">The batch's loss.</param>
/// <param name="OfInput">The loss's gradient to each clip <c>[B, ...]</c>.</param>
/// <param name="OfWeights">Its gradient to all parameters <c>[1, P]</c>.</param>
internal sealed record TrainingStep(double Loss, Tensor OfInput, Tensor OfWeights)
{
    // Of the loss; what the check of gradients allows stands there.
    private const double LossTolerance = 1e-3;

    public bool IsFinite => double.IsFinite(Loss) && OfInput.isfinite().all().item<bool>() && OfWeights.isfinite().all().item<bool>();

    /// <param name="type">In which the model computes.</param>
    public static TrainingStep Compute(ITrainableModel model, LabelledClips batch, double conceptWeight, ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var guard = enable_grad();
        Parameter[] parameters = [.. model.Parameters];
        foreach (Parameter parameter in parameters)
        {
            parameter.requires_grad_(true);
            using (no_grad())
                parameter.grad?.zero_();
        }

        Tensor input = batch.Input.to(type).detach().clone().requires_grad_();
        // Over time the mean alone: what is looked for is an operation, not a curve.
        ModelOutput output = CurveAlignment.None.Align(model.Forward(input));
        Tensor ofEmotions = nn.functional.mse_loss(output.Emotion, batch.Emotion.to(type));
        Tensor loss = TrainingLoss.Compute(ofEmotions, output, batch.Concepts?.to(type), conceptWeight);
        loss.backward();
        Tensor ofInput = input.grad!.detach().clone(),
            ofWeights = cat([.. parameters.Select(p => (p.grad ?? zeros_like(p)).flatten())]);
        return new TrainingStep(
            loss.to(ScalarType.Float64).item<double>(),
            ofInput.MoveToOuterDisposeScope(),
            ofWeights.unsqueeze(0).detach().clone().MoveToOuterDisposeScope()
        );
    }

    /// <summary>How it differs from another step by more than rounding; null where it does not.</summary>
    public string? DifferenceFrom(TrainingStep other)
    {
        if (!(Math.Abs(Loss - other.Loss) <= LossTolerance * Math.Abs(other.Loss)))
            return FormattableString.Invariant($"its loss is {Loss:g6} instead of {other.Loss:g6}");
        return Difference("to the clips", OfInput, other.OfInput) ?? Difference("to the weights", OfWeights, other.OfWeights);
    }

    private static string? Difference(string what, Tensor gradient, Tensor right)
    {
        GradientDistance distance = GradientDistance.Between(gradient, right);
        bool isSame = distance.IsWithin(GradientDistance.LeastCosine, GradientDistance.LengthTolerance);
        return isSame ? null : $"its gradient {what} is wrong ({distance})";
    }
}
