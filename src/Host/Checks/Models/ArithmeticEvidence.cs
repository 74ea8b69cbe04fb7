using static TorchSharp.torch;

namespace MerBench.Host.Checks.Models;

/// <summary>A model beside itself in float64, on a few clips.</summary>
/// <param name="Exact">What it answers in float64; null where it does not answer in it.</param>
/// <param name="Random">For directions; the probe was drawn from it.</param>
internal sealed record ArithmeticEvidence(
    ModelForms Forms,
    GradientProbe Probe,
    (Tensor Emotion, Tensor? Gradient)? Exact,
    RandomStream Random
)
{
    // What reads memory that nobody wrote is wrong now and then.
    public const int Passes = 2;

    /// <summary>Whom a difference from float64 points to.</summary>
    public const string Suspects =
        "this machine computes wrongly ('merbench doctor' tests it), or a layer needs more than single precision";

    /// <param name="clips">A few clips <c>[B, ...]</c>.</param>
    public static ArithmeticEvidence Gather(ModelForms forms, Tensor clips, RandomStream random)
    {
        long emotions;
        using (no_grad())
            emotions = forms.Judged(clips[..1]).Emotion.shape[1];
        GradientProbe probe = GradientProbe.Near(clips, emotions, random);
        return new ArithmeticEvidence(forms, probe, AskExact(forms.Exact, probe), random);
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
}
