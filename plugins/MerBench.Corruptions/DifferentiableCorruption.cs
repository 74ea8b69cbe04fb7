using static TorchSharp.torch;

namespace MerBench.Corruptions;

/// <summary>A corruption made of tensor operations: what it returns is what it approaches.</summary>
public abstract class DifferentiableCorruption : IDifferentiableCorruption
{
    /// <inheritdoc/>
    public abstract IReadOnlyList<Domain> Domains { get; }

    /// <inheritdoc/>
    public abstract bool IsExact { get; }

    /// <inheritdoc/>
    public Tensor Corrupt(CorruptionContext context, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var guard = no_grad();
        return Approach(context);
    }

    /// <inheritdoc/>
    public abstract Tensor Approach(CorruptionContext context);
}
