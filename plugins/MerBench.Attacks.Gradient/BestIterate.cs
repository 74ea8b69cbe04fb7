using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient;

/// <summary>
/// The strongest input seen so far, a clip. Attacks on non-convex models overshoot, so the last iterate is often not the best one. All
/// bookkeeping stays on the device. Its two tensors belong to the dispose scope in which it was made, and are written in place.
/// </summary>
internal sealed class BestIterate
{
    private readonly Tensor _value;

    /// <summary>Starts with nothing seen: the clean input, worse than anything.</summary>
    /// <param name="clean">Clean inputs <c>[B, ...]</c>.</param>
    public BestIterate(Tensor clean)
    {
        Input = clean.detach().clone();
        _value = full(clean.shape[0], double.NegativeInfinity, clean.dtype, clean.device);
    }

    /// <summary>The best inputs <c>[B, ...]</c>.</summary>
    public Tensor Input { get; }

    /// <summary>Keeps those clips of an iterate that beat the best so far; a value that is not a number beats nothing.</summary>
    /// <param name="input">Inputs <c>[B, ...]</c>.</param>
    /// <param name="value">The objective's values <c>[B]</c>.</param>
    public void Consider(Tensor input, Tensor value)
    {
        Tensor better = value > _value;
        Tensor column = better.reshape([input.shape[0], .. Enumerable.Repeat(1L, (int)input.dim() - 1)]);
        Input.copy_(where(column, input, Input));
        _value.copy_(where(better, value, _value));
    }
}
