using static TorchSharp.torch;

namespace MerBench;

/// <summary>A differentiable map from waveform to features. Standardisation by the training set is the host's work and comes after
/// it.</summary>
public interface IFrontEnd
{
    /// <summary>The sample rate that it expects, in Hz.</summary>
    int SampleRate { get; }

    /// <summary>
    /// Conditions one whole recording before excerpts are cut, such as normalising and trimming. Not part of what attacks differentiate.
    /// </summary>
    /// <param name="pcm">Mono 16-bit samples at <see cref="SampleRate"/>.</param>
    /// <returns>Samples in <c>[-1, 1]</c>; possibly fewer, at least one.</returns>
    float[] Condition(ReadOnlySpan<short> pcm);

    /// <summary>Computes features, differentiable with respect to the waveform, with finite gradients on silence.</summary>
    /// <param name="waveform">Samples <c>[B, N]</c>, float32, on any device; a check of the host asks once in float64.</param>
    /// <returns>
    /// Features <c>[B, T, F]</c>, float32, on the same device. Asked in float64, it answers in float64 and computes in nothing less, or
    /// it throws; the host then checks gradients to the waveform by differences of predictions.
    /// </returns>
    Tensor Transform(Tensor waveform);
}
