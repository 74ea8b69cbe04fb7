using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient;

/// <summary>The direction of steepest ascent under a norm: of all perturbations of length 1, the one that a linear objective gains most
/// from.</summary>
internal static class SteepestStep
{
    /// <summary>The step of each clip: the gradient's sign for linf, the gradient over its Euclidean norm for l2 and snr; zero where the
    /// gradient is zero.</summary>
    /// <param name="norm">The budget's norm.</param>
    /// <param name="gradient">Finite gradients <c>[B, ...]</c>.</param>
    public static Tensor Along(Norm norm, Tensor gradient)
    {
        if (norm == Norm.Linf)
            return gradient.sign();

        // Scaled by the largest element first: the squares of small gradients vanish in float32.
        Tensor scaled = DividedByClip(gradient, gradient.flatten(1).abs().amax([1]));
        return DividedByClip(scaled, scaled.flatten(1).norm(1));
    }

    /// <summary>The gradient with elements that are not finite set to zero: they name no direction.</summary>
    /// <param name="gradient">Gradients <c>[B, ...]</c>.</param>
    public static Tensor Usable(Tensor gradient) => gradient.nan_to_num(nan: 0, posinf: 0, neginf: 0);

    /// <summary>Each clip divided by a number of its own, or zero where that number is zero.</summary>
    /// <param name="values">Values <c>[B, ...]</c>.</param>
    /// <param name="divisor">Numbers <c>[B]</c>, at least 0.</param>
    public static Tensor DividedByClip(Tensor values, Tensor divisor)
    {
        Tensor column = divisor.reshape([values.shape[0], .. Enumerable.Repeat(1L, (int)values.dim() - 1)]);
        return where(column > 0, values / column, zeros_like(values));
    }
}
