using static TorchSharp.torch;

namespace MerBench.Models.Exported.Onnx.Operators;

/// <summary>Arithmetic and comparisons of two or more tensors, which are broadcast.</summary>
internal static class Arithmetic
{
    public static OperatorFamily Family { get; } =
        new()
        {
            { "Add", c => Pairwise(c, (a, b) => a.add(b)) },
            { "Sub", c => Pairwise(c, (a, b) => a.sub(b)) },
            { "Mul", c => Pairwise(c, (a, b) => a.mul(b)) },
            { "Div", c => Pairwise(c, Divide) },
            { "Pow", c => Pairwise(c, (a, b) => a.pow(b).to(a.dtype)) },
            { "Mod", c => Pairwise(c, (a, b) => c.Is("fmod") ? a.fmod(b) : a.remainder(b)) },
            { "Max", c => Folded(c, maximum) },
            { "Min", c => Folded(c, minimum) },
            { "Sum", c => Folded(c, (a, b) => a.add(b)) },
            { "Mean", c => Folded(c, (a, b) => a.add(b)).div(c.All.Count) },
            { "Equal", c => Pairwise(c, (a, b) => a.eq(b)) },
            { "Greater", c => Pairwise(c, (a, b) => a.gt(b)) },
            { "GreaterOrEqual", c => Pairwise(c, (a, b) => a.ge(b)) },
            { "Less", c => Pairwise(c, (a, b) => a.lt(b)) },
            { "LessOrEqual", c => Pairwise(c, (a, b) => a.le(b)) },
            { "And", c => Pairwise(c, logical_and) },
            { "Or", c => Pairwise(c, logical_or) },
            { "Xor", c => Pairwise(c, logical_xor) },
            { "Where", Where },
        };

    private static Tensor Pairwise(OnnxCall call, Func<Tensor, Tensor, Tensor> compute)
    {
        (Tensor a, Tensor b) = Together(call[0], call[1]);
        return compute(a, b);
    }

    private static Tensor Folded(OnnxCall call, Func<Tensor, Tensor, Tensor> compute) =>
        call.All.Aggregate(
            (left, right) =>
            {
                (Tensor a, Tensor b) = Together(left, right);
                return compute(a, b);
            }
        );

    // Whole numbers are divided towards zero.
    private static Tensor Divide(Tensor a, Tensor b) => a.is_floating_point() ? a.div(b) : a.div(b, RoundingMode.trunc);

    private static Tensor Where(OnnxCall call)
    {
        (Tensor a, Tensor b) = Together(call[1], call[2]);
        return where(call[0].to(a.device), a, b);
    }

    /// <summary>Both on the device that one of them is on besides the CPU.</summary>
    public static (Tensor A, Tensor B) Together(Tensor a, Tensor b) =>
        a.device.type == TorchSharp.DeviceType.CPU ? (a.to(b.device), b) : (a, b.to(a.device));
}
