using static TorchSharp.torch;

namespace MerBench.Corruptions;

/// <summary>A corruption that is linear in the samples and the same at all times. Gradients go through it by its impulse
/// response.</summary>
public abstract class LinearFilter : WaveformCorruption, IDifferentiableCorruption
{
    /// <inheritdoc/>
    public bool IsExact => true;

    /// <inheritdoc/>
    public Tensor Approach(CorruptionContext context)
    {
        using var scope = NewDisposeScope();
        int length = (int)context.Input.shape[1];
        var impulse = new float[length];
        impulse[0] = 1;
        Tensor response = tensor(Corrupt(impulse, context, context.Random[0], CancellationToken.None)).to(context.Input.device);
        // Twice as long, so that the end does not reach round to the beginning.
        long around = 2L * length;
        Tensor spectrum = fft.rfft(context.Input.to(ScalarType.Float64), around) * fft.rfft(response.to(ScalarType.Float64), around);
        Tensor filtered = fft.irfft(spectrum, around)[TensorIndex.Colon, TensorIndex.Slice(0, length)];
        return filtered.to(context.Input.dtype).MoveToOuterDisposeScope();
    }
}
