using MerBench.Host.Arithmetic;
using MerBench.Host.Results;
using MerBench.Host.Torch;
using static TorchSharp.torch;

namespace MerBench.Host.Checks.Models;

/// <summary>
/// A gradient must be that of the same model in float64, which is held against differences of its predictions; where there is no
/// float64, against differences in float32. An attack that follows a wrong gradient finds less harm, and the model looks robust.
/// </summary>
internal sealed class GradientWrongCheck : IModelCheck
{
    // Formats of 8 to 11 bits lose more, and PrecisionCheck measures what that costs; this is where no rounding ends.
    private const double LeastCosineOfRounded = 0.8;
    private const double LengthToleranceOfRounded = 0.25;

    private const string Backward = "its backward is not that of its forward, or this machine computes wrongly";

    public string Id => "gradient-wrong";

    public CheckScope Scope => CheckScope.Gradients;

    public IReadOnlyList<IModelCheck> Presumes => [new RandomModelCheck(), new TrainModeCheck(), new NotDifferentiableCheck()];

    public IEnumerable<Doubt> Examine(ModelEvidence model)
    {
        // A stand-in's gradient need not be that of predictions.
        if (model.HasStandInGradient)
            return [];
        ArithmeticEvidence arithmetic = model.Arithmetic;
        using var scope = NewDisposeScope();
        Doubt? doubt = FindFault(arithmetic);
        return doubt is null ? [] : [doubt];
    }

    private Doubt? FindFault(ArithmeticEvidence arithmetic)
    {
        (ModelForms forms, GradientProbe probe) = (arithmetic.Forms, arithmetic.Probe);
        if (probe.Ask(forms.Attacked, ScalarType.Float32).Gradient is not { } attacked)
            return null;
        if (arithmetic.Exact?.Gradient is not { } exact)
            return AgainstDifferences(forms.Attacked, probe, attacked, arithmetic.Random) ?? FindFaultOfRounded(forms, probe, attacked);
        // NaN in both is the model's own; the trace of an attack shows it.
        if (!exact.isfinite().all().item<bool>())
            return null;
        GradientDistance distance = Measure(forms.Attacked, probe, exact);
        if (!distance.IsWithin(GradientDistance.LeastCosine, GradientDistance.LengthTolerance))
        {
            GradientDistance ofModel = Measure(forms.Judged, probe, exact);
            string whose = ofModel.IsWithin(GradientDistance.LeastCosine, GradientDistance.LengthTolerance)
                ? "the gradient of its form for attacks"
                : "its gradient";
            return this.Doubt(
                $"{whose} in fp32 is not that of the same model in float64: {Describe(distance, probe)}; {ArithmeticEvidence.Suspects}"
            );
        }

        // What is a fault of the plugin's own shows on each clip, and passes in float64 cost most.
        long half = Math.Max(1, exact.shape[0] / 2);
        return AgainstDifferences(forms.Exact!, probe.Take(half), exact[..(int)half], arithmetic.Random)
            ?? FindFaultOfRounded(forms, probe, exact);
    }

    private static GradientDistance Measure(Func<Tensor, ModelOutput> map, GradientProbe probe, Tensor exact)
    {
        var worst = new GradientDistance(1, 1);
        for (int pass = 0; pass < ArithmeticEvidence.Passes; pass++)
        {
            if (probe.Ask(map, ScalarType.Float32).Gradient is not { } gradient)
                return new GradientDistance(0, 0);
            worst = worst.OrWorse(GradientDistance.Between(gradient, exact));
        }

        return worst;
    }

    private Doubt? AgainstDifferences(Func<Tensor, ModelOutput> map, GradientProbe probe, Tensor gradient, RandomStream random)
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
            ? this.Doubt(
                $"along its gradient or a part of it, it claims {slopes}: {fault.Error:0.0 %} off, {fault.Allowed:0 %} allowed; {Backward}"
            )
            : this.Doubt(
                $"random directions show {fault.Error:0.0 %} of its gradient wrong in {format}, {fault.Allowed:0 %} allowed; {Backward}"
            );
    }

    private Doubt? FindFaultOfRounded(ModelForms forms, GradientProbe probe, Tensor exact)
    {
        if (forms.Rounded is not { } rounded)
            return null;
        using IDisposable products = MatrixProducts.In(rounded.Precision);
        GradientDistance distance = Measure(rounded.Map, probe, exact);
        if (distance.IsWithin(LeastCosineOfRounded, LengthToleranceOfRounded))
            return null;
        string format = rounded.Precision.ToString().ToLowerInvariant();
        return this.Doubt(
            $"its gradient in {format} is further from the right one than rounding explains: {Describe(distance, probe)}; attack in fp32"
        );
    }

    private static string Describe(GradientDistance distance, GradientProbe probe) =>
        FormattableString.Invariant($"{distance} on the worst of {probe.Input.shape[0]} clips");
}
