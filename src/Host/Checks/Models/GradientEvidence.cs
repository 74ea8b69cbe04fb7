using MathNet.Numerics.Statistics;
using static TorchSharp.torch;

namespace MerBench.Host.Checks.Models;

/// <summary>What a model's gradient claims about a few clips, and what its predictions do.</summary>
/// <param name="ClaimedSlope">Along the gradient, the median clip.</param>
/// <param name="MeasuredSlope">The same from predictions, at the step at which a line fits best.</param>
/// <param name="RespondsWithoutGradient">Whether the gradient is zero, and predictions change with the input.</param>
/// <param name="VanishedShare">Of all emotions of all clips, those whose gradient is next to nothing.</param>
internal sealed record GradientEvidence(double ClaimedSlope, double MeasuredSlope, bool RespondsWithoutGradient, double VanishedShare)
{
    private const double LeastChange = 1e-5;
    private const double Vanished = 1e-6;

    // Shares of the input's L2 norm: some short enough for a line to fit, and not so short that rounding hides the change; one long
    // enough to cross the steps of a quantiser.
    private static readonly double[] ShortSteps = [2e-4, 2e-5, 2e-6, 2e-7];
    private const double LongStep = 1e-2;

    /// <summary>Null where predictions depend on inputs by no differentiable path.</summary>
    /// <param name="model">From the inputs to the model's output.</param>
    /// <param name="input">A few clips <c>[B, ...]</c>.</param>
    /// <param name="random">For directions.</param>
    public static GradientEvidence? Gather(Func<Tensor, ModelOutput> model, Tensor input, RandomStream random)
    {
        using var scope = NewDisposeScope();
        Tensor x = input.detach().clone().requires_grad_();
        Tensor emotion = model(x).Emotion;
        if (!emotion.requires_grad)
            return null;
        int emotions = (int)emotion.shape[1];
        var lengths = new List<double>();
        for (int e = 0; e < emotions; e++)
            lengths.AddRange(Doubles(autograd.grad([emotion[.., e].sum()], [x], retain_graph: true)[0].flatten(1).norm(1)));
        double median = lengths.Median();
        double vanished = lengths.Count(l => l <= Vanished * median) / (double)lengths.Count;
        Tensor gradient = autograd.grad([emotion.sum()], [x])[0].detach();

        using var guard = no_grad();
        (double claimed, double measured) = ShortSteps
            .Select(step => Slopes(model, input, gradient, step))
            .MinBy(s => Math.Abs(s.Measured - s.Claimed));
        return new GradientEvidence(claimed, measured, Responds(model, input, gradient, random), vanished);
    }

    // Along the gradient, at a step so short that a line fits: what the gradient claims, and what predictions do.
    private static (double Claimed, double Measured) Slopes(Func<Tensor, ModelOutput> model, Tensor input, Tensor gradient, double share)
    {
        Tensor length = gradient.flatten(1).norm(1);
        Tensor step = input.flatten(1).norm(1).clamp_min(1e-6) * share;
        Tensor direction = gradient / Column(length.clamp_min(1e-30), input) * Column(step, input);
        Tensor change = (model(input + direction).Emotion - model(input - direction).Emotion).sum(1) / (2 * step);
        return (Doubles(length).Median(), Doubles(change).Median());
    }

    private static bool Responds(Func<Tensor, ModelOutput> model, Tensor input, Tensor gradient, RandomStream random)
    {
        double[] lengths = Doubles(gradient.flatten(1).norm(1));
        if (lengths.Count(l => l == 0) * 2 < lengths.Length)
            return false;
        var noise = new float[input.numel()];
        random.FillNormal(noise);
        Tensor direction = tensor(noise).reshape(input.shape).to(input.device);
        direction = direction / Column(direction.flatten(1).norm(1), input) * Column(input.flatten(1).norm(1) * LongStep, input);
        return Distances.Largest(model(input + direction).Emotion, model(input).Emotion) > LeastChange;
    }

    private static Tensor Column(Tensor values, Tensor like) =>
        values.reshape([like.shape[0], .. Enumerable.Repeat(1L, (int)like.dim() - 1)]);

    private static double[] Doubles(Tensor values) => values.detach().to(ScalarType.Float64).cpu().data<double>().ToArray();
}
