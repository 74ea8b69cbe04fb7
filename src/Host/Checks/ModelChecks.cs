using System.Globalization;
using MathNet.Numerics.Statistics;
using MerBench.Host.Results;
using static TorchSharp.torch;

namespace MerBench.Host.Checks;

/// <summary>Judges a model by a few clips: whether it predicts the same twice, alone and in a batch, and whether its gradient says where its prediction goes.</summary>
internal static class ModelChecks
{
    private const int Passes = 5;
    private const double Rounding = 1e-5,
        RoundingOfBatches = 1e-3,
        SaturatedShare = 0.05,
        Vanished = 1e-6;

    // Shares of the input's L2 norm: some short enough for a line to fit, and not so short that rounding hides the change; one long enough to cross the steps of a quantiser.
    private static readonly double[] ShortSteps = [2e-4, 2e-5, 2e-6];
    private const double LongStep = 1e-2;

    /// <param name="model">From the inputs to the model's output.</param>
    /// <param name="state">The model's parameters and buffers.</param>
    /// <param name="input">A few clips <c>[B, ...]</c>.</param>
    /// <param name="scale">The width of the rating scale.</param>
    /// <param name="random">For directions.</param>
    public static IReadOnlyList<Doubt> Of(
        Func<Tensor, ModelOutput> model,
        IReadOnlyDictionary<string, Tensor> state,
        Tensor input,
        double scale,
        RandomStream random
    )
    {
        var doubts = new List<Doubt>();
        using var scope = NewDisposeScope();
        using (no_grad())
            doubts.AddRange(OfPredictions(model, state, input, scale));
        doubts.AddRange(OfGradients(model, input, random));
        return doubts;
    }

    private static IEnumerable<Doubt> OfPredictions(
        Func<Tensor, ModelOutput> model,
        IReadOnlyDictionary<string, Tensor> state,
        Tensor input,
        double scale
    )
    {
        Dictionary<string, Tensor> before = state.ToDictionary(s => s.Key, s => s.Value.detach().clone(), StringComparer.Ordinal);
        Tensor first = model(input).Emotion;
        double spread = 0;
        for (int pass = 1; pass < Passes; pass++)
            spread = Math.Max(spread, Distance(model(input).Emotion, first));
        if (spread > Rounding * scale)
            yield return new Doubt(
                "random-model",
                Text(
                    $"the same clips were predicted {spread:g2} apart in {Passes} passes; attacks see noise, and their result is luck. Is dropout active?"
                )
            );
        string? moved = state.FirstOrDefault(s => Distance(s.Value.detach(), before[s.Key]) > 0).Key;
        if (moved is not null)
            yield return new Doubt("train-mode", Text($"predicting changed its state ('{moved}'), so a layer is in training mode"));

        double apart = 0;
        for (long clip = 0; clip < input.shape[0]; clip++)
            apart = Math.Max(apart, Distance(model(input[clip].unsqueeze(0)).Emotion[0], first[clip]));
        if (apart > RoundingOfBatches * scale && spread <= Rounding * scale)
            yield return new Doubt("batch-dependent", Text($"a clip alone is predicted {apart:g2} away from the same clip in a batch"));
    }

    private static IEnumerable<Doubt> OfGradients(Func<Tensor, ModelOutput> model, Tensor input, RandomStream random)
    {
        Tensor x = input.detach().clone().requires_grad_();
        Tensor emotion = model(x).Emotion;
        if (!emotion.requires_grad)
        {
            yield return new Doubt(
                "not-differentiable",
                "its prediction depends on its input by no differentiable path; only attacks that ask for predictions say something"
            );
            yield break;
        }

        int emotions = (int)emotion.shape[1];
        var lengths = new List<double>();
        for (int e = 0; e < emotions; e++)
            lengths.AddRange(Doubles(autograd.grad([emotion[.., e].sum()], [x], retain_graph: true)[0].flatten(1).norm(1)));
        double median = lengths.Median();
        double saturated = lengths.Count(l => l <= Vanished * median) / (double)lengths.Count;
        Tensor gradient = autograd.grad([emotion.sum()], [x])[0].detach();

        using var guard = no_grad();
        (double claimed, double measured) = ShortSteps
            .Select(step => Slopes(model, input, gradient, step))
            .MinBy(s => Math.Abs(s.Measured - s.Claimed));
        bool responds = RespondsWithoutGradient(model, input, gradient, random);
        if (responds || (claimed > 0 && (measured < claimed / 2 || measured > claimed * 2)))
        {
            yield return new Doubt(
                "not-differentiable",
                responds
                    ? "its gradient is zero, and yet its prediction changes with its input: a step, a rounding or a detached part hides the gradient"
                    : Text(
                        $"its gradient claims a slope of {claimed:g2}, and its predictions have one of {measured:g2} along it: a part of it is not differentiable as it says"
                    )
            );
        }

        if (saturated > SaturatedShare && !responds)
            yield return new Doubt(
                "saturated",
                Text(
                    $"{saturated:0 %} of the predictions have no gradient, as at the ends of a clipped or squashed output; attack it before that layer, or with an attack that only asks for predictions"
                )
            );
    }

    // Along the gradient, at a step so short that a line fits: what the gradient claims, and what predictions do.
    private static (double Claimed, double Measured) Slopes(Func<Tensor, ModelOutput> model, Tensor input, Tensor gradient, double share)
    {
        Tensor length = gradient.flatten(1).norm(1),
            step = input.flatten(1).norm(1).clamp_min(1e-6) * share;
        Tensor direction = gradient / Column(length.clamp_min(1e-30), input) * Column(step, input);
        Tensor change = (model(input + direction).Emotion - model(input - direction).Emotion).sum(1) / (2 * step);
        return (Doubles(length).Median(), Doubles(change).Median());
    }

    private static bool RespondsWithoutGradient(Func<Tensor, ModelOutput> model, Tensor input, Tensor gradient, RandomStream random)
    {
        double[] lengths = Doubles(gradient.flatten(1).norm(1));
        if (lengths.Count(l => l == 0) * 2 < lengths.Length)
            return false;
        var noise = new float[input.numel()];
        random.FillNormal(noise);
        Tensor direction = tensor(noise).reshape(input.shape).to(input.device);
        direction = direction / Column(direction.flatten(1).norm(1), input) * Column(input.flatten(1).norm(1) * LongStep, input);
        return Distance(model(input + direction).Emotion, model(input).Emotion) > Rounding;
    }

    private static Tensor Column(Tensor values, Tensor like) =>
        values.reshape([like.shape[0], .. Enumerable.Repeat(1L, (int)like.dim() - 1)]);

    private static double Distance(Tensor a, Tensor b) =>
        a.numel() == 0 ? 0 : (a.to(ScalarType.Float64) - b.to(ScalarType.Float64)).abs().max().item<double>();

    private static double[] Doubles(Tensor values) => values.detach().to(ScalarType.Float64).cpu().data<double>().ToArray();

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
