using static TorchSharp.torch;

namespace MerBench;

/// <summary>
/// A corruption that says how gradients go through it where it stands before a model as a defence. Through any other they go as if it
/// returned its input (BPDA with the identity: Athalye et al., Obfuscated Gradients Give a False Sense of Security, ICML 2018).
/// </summary>
public interface IDifferentiableCorruption : ICorruption
{
    /// <summary>Whether <see cref="Approach"/> computes what the corruption does, with its gradient; else it is a stand-in whose gradient
    /// is followed at what the corruption itself returns.</summary>
    bool IsExact { get; }

    /// <summary>Corrupts differentiably with respect to <see cref="CorruptionContext.Input"/>, from the same random numbers.</summary>
    /// <param name="context">As <see cref="ICorruption.Corrupt"/> takes it.</param>
    /// <returns>Shaped as <see cref="CorruptionContext.Input"/>.</returns>
    Tensor Approach(CorruptionContext context);
}
