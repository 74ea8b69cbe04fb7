using static TorchSharp.torch;

namespace MerBench.Corruptions;

/// <summary>A corruption of sound, clip by clip. What it returns is as long as the clip; models that read features hear it through their
/// front end.</summary>
public abstract class WaveformCorruption : ICorruption
{
    /// <inheritdoc/>
    public IReadOnlyList<Domain> Domains { get; } = [Domain.Waveform];

    /// <inheritdoc/>
    public Tensor Corrupt(CorruptionContext context, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var corrupted = new Tensor[context.Random.Count];
        for (int i = 0; i < corrupted.Length; i++)
        {
            cancel.ThrowIfCancellationRequested();
            float[] clip = context.Input[i].to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
            corrupted[i] = tensor(Corrupt(clip, context, context.Random[i], cancel));
        }

        return stack(corrupted).to(context.Input.dtype).to(context.Input.device).MoveToOuterDisposeScope();
    }

    /// <summary>Corrupts one clip.</summary>
    /// <param name="clip">Samples in <c>[-1, 1]</c>; a copy that may be written to.</param>
    /// <param name="context">Severity and sample rate.</param>
    /// <param name="random">The clip's random numbers.</param>
    /// <param name="cancel">Cancels the work.</param>
    /// <returns>As many samples; the host clamps them to <c>[-1, 1]</c>.</returns>
    protected abstract float[] Corrupt(float[] clip, CorruptionContext context, RandomStream random, CancellationToken cancel);
}
