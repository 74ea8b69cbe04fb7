using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient;

/// <summary>The perturbations of which every bin stays below a masking threshold.</summary>
internal sealed class BelowThreshold(MaskingThreshold threshold)
{
    private const double Floor = 1e-20;

    /// <summary>
    /// The perturbation with its bins lowered to the threshold and transformed back, twice, for overlapping frames disturb each other; what
    /// is still above is met by lowering the whole clip.
    /// </summary>
    /// <param name="delta">Perturbation <c>[B, N]</c>.</param>
    public Tensor Project(Tensor delta)
    {
        for (int pass = 0; pass < 2; pass++)
        {
            Tensor spectrum = threshold.Spectrum(delta);
            Tensor gain = (threshold.Power / spectrum.abs().square().clamp_min(Floor)).sqrt().clamp_max(1);
            delta = threshold.Waveform(spectrum * gain);
        }

        Tensor largest = threshold.Ratio(delta).flatten(1).amax([1]);
        return delta / largest.sqrt().clamp_min(1).unsqueeze(1);
    }

    /// <summary>A step along a gradient: in each bin the threshold's amplitude with the gradient's phase; zero where the gradient is
    /// zero.</summary>
    /// <param name="gradient">Finite gradients <c>[B, N]</c>.</param>
    public Tensor Steepest(Tensor gradient)
    {
        // Scaled first: the squares of small gradients vanish in float32.
        Tensor spectrum = threshold.Spectrum(SteepestStep.DividedByClip(gradient, gradient.abs().amax([1])));
        Tensor length = spectrum.abs();
        return threshold.Waveform(spectrum * where(length > 1e-12, threshold.Power.sqrt() / length.clamp_min(1e-12), zeros_like(length)));
    }
}
