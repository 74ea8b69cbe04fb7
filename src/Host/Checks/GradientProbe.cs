using static TorchSharp.torch;

namespace MerBench.Host.Checks;

/// <summary>A few clips, each with a combination of emotions of its own, at which gradients are compared.</summary>
/// <param name="Input">Clips <c>[B, ...]</c>, float32.</param>
/// <param name="Weights">Of each clip's emotions <c>[B, E]</c>, float32.</param>
internal sealed record GradientProbe(Tensor Input, Tensor Weights)
{
    // Of the clips' root mean square. At a tie, as silence makes them in a max pooling, any gradient is right; beside it one is.
    private const double Beside = 1e-3;

    /// <summary>Beside given clips, with weights drawn from the standard normal distribution.</summary>
    public static GradientProbe Near(Tensor clips, long emotions, RandomStream random)
    {
        double level = clips.square().mean().sqrt().item<float>();
        Tensor noise = Normal(clips.shape, random).to(clips.device) * (Beside * (level > 0 ? level : 1));
        return new GradientProbe((clips + noise).detach(), Normal([clips.shape[0], emotions], random).to(clips.device));
    }

    /// <summary>The first clips.</summary>
    public GradientProbe Take(long clips) => new(Input[TensorIndex.Slice(0, clips)], Weights[TensorIndex.Slice(0, clips)]);

    /// <summary>Predictions at the clips and the gradient of each one's combination; null where the prediction has none.</summary>
    /// <param name="type">In which the map takes its input.</param>
    public (Tensor Emotion, Tensor? Gradient) Ask(Func<Tensor, ModelOutput> map, ScalarType type)
    {
        using var guard = enable_grad();
        Tensor input = Input.to(type).detach().clone().requires_grad_();
        Tensor emotion = map(input).Emotion;
        return (emotion.detach(), emotion.requires_grad ? autograd.grad([(emotion * Weights).sum()], [input])[0].detach() : null);
    }

    /// <summary>The combinations at other inputs <c>[B]</c>, summed in float64.</summary>
    public Tensor Evaluate(Func<Tensor, ModelOutput> map, Tensor input) => (map(input).Emotion.to(ScalarType.Float64) * Weights).sum(1);

    /// <summary>Standard normal numbers, float32.</summary>
    public static Tensor Normal(long[] shape, RandomStream random)
    {
        var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        random.FillNormal(values);
        return tensor(values).reshape(shape);
    }
}
