using static TorchSharp.torch;

namespace MerBench;

/// <summary>Watches an attack at work, so that the host can tell a search that has converged from one that has not.</summary>
public interface IAttackObserver
{
    /// <summary>The objective was computed.</summary>
    /// <param name="value">Its values <c>[R]</c>; they live until the call returns.</param>
    /// <param name="gradient">Its gradients <c>[R, ...]</c>, or null when none was asked for.</param>
    /// <param name="rows">Which clips of the batch; null for all, in order.</param>
    void Evaluated(Tensor value, Tensor? gradient, IReadOnlyList<int>? rows);
}
