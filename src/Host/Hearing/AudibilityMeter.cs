using static TorchSharp.torch;

namespace MerBench.Host.Hearing;

/// <summary>Measures how large perturbations of waveforms sound. Each clip is measured alone, so that its numbers depend on no
/// batch.</summary>
/// <param name="sampleRate">In Hz.</param>
internal sealed class AudibilityMeter(int sampleRate)
{
    private readonly LoudnessMeter? _loudness = sampleRate < LoudnessMeter.LowestRate ? null : new LoudnessMeter(sampleRate);

    /// <param name="clean">Clean waveforms <c>[B, N]</c>.</param>
    /// <param name="perturbed">Perturbed ones.</param>
    public IReadOnlyList<Audibility> Measure(Tensor clean, Tensor perturbed)
    {
        using var guard = no_grad();
        return [.. Enumerable.Range(0, (int)clean.shape[0]).Select(clip => MeasureClip(clean[clip], perturbed[clip]))];
    }

    private Audibility MeasureClip(Tensor clean, Tensor perturbed)
    {
        using var scope = NewDisposeScope();
        Tensor delta = perturbed - clean;
        (double? loudness, double? change, double? difference) = Loudness(Samples(clean), Samples(perturbed), Samples(delta));
        (double Share, double Mean, double Largest)? masking = MaskedClip.Fits(clean.shape[0])
            ? new MaskedClip(clean, sampleRate).Exceed(delta)
            : null;
        return new Audibility(loudness, change, difference, masking?.Share, masking?.Mean, masking?.Largest);
    }

    private (double? Clean, double? Change, double? Difference) Loudness(float[] clean, float[] perturbed, float[] delta)
    {
        if (_loudness?.Integrated(clean) is not { } before || !double.IsFinite(before))
            return (null, null, null);
        double after = _loudness.Integrated(perturbed);
        return (before, double.IsFinite(after) ? after - before : null, _loudness.Ungated(delta) - before);
    }

    private static float[] Samples(Tensor waveform) => waveform.cpu().data<float>().ToArray();
}
