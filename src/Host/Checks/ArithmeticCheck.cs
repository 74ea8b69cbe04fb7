using MerBench.Host.Arithmetic;
using MerBench.Host.Results;
using MerBench.Host.Torch;
using static TorchSharp.torch;

namespace MerBench.Host.Checks;

/// <summary>
/// Whether a model's predictions and gradients are what they should be: against the same model in float64, whose gradient is held against
/// differences of its predictions; where there is none, against differences in float32. An
/// attack that follows a wrong gradient finds less harm, and the model looks robust.
/// </summary>
internal static class ArithmeticCheck
{
    /// <summary>What fp32 may lose of a prediction, as a share of the rating scale or of the largest prediction.</summary>
    public const double PredictionTolerance = 1e-4;

    // Formats of 8 to 11 bits lose more, and what that costs is measured by the check 'precision'; this is where no rounding ends.
    private const double LeastCosineOfRounded = 0.8;
    private const double LengthToleranceOfRounded = 0.25;

    // What reads memory that nobody wrote is wrong now and then.
    private const int Passes = 2;

    private const string Suspects =
        "this machine computes wrongly ('merbench doctor' tests it), or a layer needs more than single precision";

    private const string Backward = "its backward is not that of its forward, or this machine computes wrongly";

    /// <param name="clips">A few clips <c>[B, ...]</c>.</param>
    /// <param name="scale">The width of the rating scale.</param>
    /// <param name="isDifferentiable">False where another check has found that the gradient hides something.</param>
    public static IReadOnlyList<Doubt> Examine(
        ModelForms forms,
        Tensor clips,
        double scale,
        RandomStream random,
        bool isDifferentiable = true
    )
    {
        using var scope = NewDisposeScope();
        long emotions;
        using (no_grad())
            emotions = forms.Judged(clips[..1]).Emotion.shape[1];
        GradientProbe probe = GradientProbe.Near(clips, emotions, random);
        (Tensor Emotion, Tensor? Gradient)? exact = AskExact(forms.Exact, probe);
        Doubt?[] doubts =
        [
            exact is { } right ? OfPredictions(forms, probe, right.Emotion, scale) : null,
            isDifferentiable ? OfGradients(forms, probe, exact?.Gradient, random) : null,
        ];
        return [.. doubts.OfType<Doubt>()];
    }

    /// <summary>What the model answers in float64; null where it does not answer in it.</summary>
    public static (Tensor Emotion, Tensor? Gradient)? AskExact(Func<Tensor, ModelOutput>? map, GradientProbe probe)
    {
        if (map is null)
            return null;
        try
        {
            (Tensor emotion, Tensor? gradient) = probe.Ask(map, ScalarType.Float64);
            return emotion.dtype == ScalarType.Float64 && emotion.isfinite().all().item<bool>() ? (emotion, gradient) : null;
        }
        catch (Exception e) when (e is not OutOfMemoryException and not OperationCanceledException)
        {
            return null;
        }
    }

    private static Doubt? OfPredictions(ModelForms forms, GradientProbe probe, Tensor exact, double scale)
    {
        using var guard = no_grad();
        double allowed = PredictionTolerance * Math.Max(scale, exact.abs().max().item<double>()),
            apart = 0;
        for (int pass = 0; pass < Passes; pass++)
        {
            foreach (Func<Tensor, ModelOutput> map in new[] { forms.Judged, forms.Attacked })
            {
                double found = (map(probe.Input).Emotion - exact).abs().max().item<double>();
                if (!(found <= apart))
                    apart = found;
            }
        }

        return apart <= allowed
            ? null
            : Doubtful(
                "prediction-wrong",
                $"its predictions in fp32 are {apart:g2} from those of the same model in float64, where {allowed:g2} is allowed: {Suspects}"
            );
    }

    private static Doubt? OfGradients(ModelForms forms, GradientProbe probe, Tensor? exact, RandomStream random)
    {
        if (probe.Ask(forms.Attacked, ScalarType.Float32).Gradient is not { } attacked)
            return null;
        if (exact is null)
            return AgainstDifferences(forms.Attacked, probe, attacked, random) ?? OfRounded(forms, probe, attacked);
        // NaN in both is the model's own; the trace of an attack shows it.
        if (!exact.isfinite().all().item<bool>())
            return null;
        GradientDistance distance = Distance(forms.Attacked, probe, exact);
        if (!distance.IsWithin(GradientDistance.LeastCosine, GradientDistance.LengthTolerance))
        {
            GradientDistance ofModel = Distance(forms.Judged, probe, exact);
            string whose = ofModel.IsWithin(GradientDistance.LeastCosine, GradientDistance.LengthTolerance)
                ? "the gradient of its form for attacks"
                : "its gradient";
            return Doubtful(
                "gradient-wrong",
                $"{whose} in fp32 is not that of the same model in float64: {On(probe, distance)}; {Suspects}"
            );
        }

        // What is a fault of the plugin's own shows on each clip, and passes in float64 cost most.
        long half = Math.Max(1, exact.shape[0] / 2);
        return AgainstDifferences(forms.Exact!, probe.Take(half), exact[..(int)half], random) ?? OfRounded(forms, probe, exact);
    }

    private static GradientDistance Distance(Func<Tensor, ModelOutput> map, GradientProbe probe, Tensor exact)
    {
        var worst = new GradientDistance(1, 1);
        for (int pass = 0; pass < Passes; pass++)
        {
            if (probe.Ask(map, ScalarType.Float32).Gradient is not { } gradient)
                return new GradientDistance(0, 0);
            worst = worst.OrWorse(GradientDistance.Between(gradient, exact));
        }

        return worst;
    }

    private static Doubt? AgainstDifferences(Func<Tensor, ModelOutput> map, GradientProbe probe, Tensor gradient, RandomStream random)
    {
        if (!gradient.isfinite().all().item<bool>())
            return null;
        if (new CentralDifferences(map, probe, gradient, random).FindFault() is not { } fault)
            return null;
        string format = gradient.dtype == ScalarType.Float64 ? "float64" : "float32";
        string slopes = FormattableString.Invariant(
            $"a slope of {fault.Claimed:g4}, and its predictions have one of {fault.Measured:g4} in {format}"
        );
        return fault.IsAlongGradient
            ? Doubtful(
                "gradient-wrong",
                $"along its gradient or a part of it, it claims {slopes}: {fault.Error:0.0 %} off, {fault.Allowed:0 %} allowed; {Backward}"
            )
            : Doubtful(
                "gradient-wrong",
                $"random directions show {fault.Error:0.0 %} of its gradient wrong in {format}, {fault.Allowed:0 %} allowed; {Backward}"
            );
    }

    private static Doubt? OfRounded(ModelForms forms, GradientProbe probe, Tensor exact)
    {
        if (forms.Rounded is not { } rounded)
            return null;
        using IDisposable products = MatrixProducts.In(rounded.Precision);
        GradientDistance distance = Distance(rounded.Map, probe, exact);
        if (distance.IsWithin(LeastCosineOfRounded, LengthToleranceOfRounded))
            return null;
        string format = rounded.Precision.ToString().ToLowerInvariant();
        return Doubtful(
            "gradient-wrong",
            $"its gradient in {format} is further from the right one than rounding explains: {On(probe, distance)}; attack in fp32"
        );
    }

    private static string On(GradientProbe probe, GradientDistance distance) =>
        FormattableString.Invariant($"{distance} on the worst of {probe.Input.shape[0]} clips");

    private static Doubt Doubtful(string check, FormattableString reason) => new(check, FormattableString.Invariant(reason));
}
