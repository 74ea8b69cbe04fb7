using static TorchSharp.torch;

namespace MerBench.Host.Hearing;

/// <summary>A clean clip with its masking threshold.</summary>
/// <param name="clean">Waveform <c>[N]</c> that <see cref="Fits"/>.</param>
/// <param name="sampleRate">In Hz.</param>
internal sealed class MaskedClip(Tensor clean, int sampleRate)
{
    private readonly MaskingThreshold _threshold = new(clean.unsqueeze(0), sampleRate);

    /// <summary>Whether a clip of so many samples is long enough for a threshold.</summary>
    public static bool Fits(long samples) => samples > MaskingThreshold.StandardFrame / 2;

    /// <summary>The share of cells in which a perturbation lies above the threshold, the mean over these of how far in dB, and the most
    /// over all cells, negative for below.</summary>
    /// <param name="delta">Perturbation <c>[N]</c>.</param>
    public (double Share, double Mean, double Largest) Exceed(Tensor delta)
    {
        using var scope = NewDisposeScope();
        Tensor ratio = _threshold.Ratio(delta.unsqueeze(0)),
            above = ratio.masked_select(ratio > 1);
        double mean = above.numel() == 0 ? 0 : Decibels(above).to(ScalarType.Float64).mean().item<double>();
        return (above.numel() / (double)ratio.numel(), mean, Decibels(ratio.max()).item<float>());
    }

    /// <summary>How far a perturbation lies above the threshold in dB, in the cell where that is most.</summary>
    /// <param name="delta">Perturbation <c>[N]</c>.</param>
    public double Excess(Tensor delta)
    {
        using var scope = NewDisposeScope();
        return Decibels(_threshold.Ratio(delta.unsqueeze(0)).max()).item<float>();
    }

    private static Tensor Decibels(Tensor ratio) => 10 * ratio.log10();
}
