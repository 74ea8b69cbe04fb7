using static TorchSharp.torch;

namespace MerBench.Models.Exported.Onnx.Operators;

/// <summary>Functions of each element on its own.</summary>
internal static class Elementwise
{
    public static OperatorFamily Family { get; } =
        new()
        {
            { "Abs", c => c[0].abs() },
            { "Neg", c => c[0].neg() },
            { "Exp", c => c[0].exp() },
            { "Log", c => c[0].log() },
            { "Sqrt", c => c[0].sqrt() },
            { "Reciprocal", c => c[0].reciprocal() },
            { "Floor", c => c[0].floor() },
            { "Ceil", c => c[0].ceil() },
            { "Round", c => c[0].round() },
            { "Sign", c => c[0].sign() },
            { "Sin", c => c[0].sin() },
            { "Cos", c => c[0].cos() },
            { "Tan", c => c[0].tan() },
            { "Asin", c => c[0].asin() },
            { "Acos", c => c[0].acos() },
            { "Atan", c => c[0].atan() },
            { "Sinh", c => c[0].sinh() },
            { "Cosh", c => c[0].cosh() },
            { "Asinh", c => c[0].asinh() },
            { "Acosh", c => c[0].acosh() },
            { "Atanh", c => c[0].atanh() },
            { "Erf", c => c[0].erf() },
            { "Not", c => c[0].logical_not() },
            { "IsNaN", c => c[0].isnan() },
            { "IsInf", c => c[0].isinf() },
            { "Clip", Clip },
        };

    // A bound may be a tensor that depends on the input.
    private static Tensor Clip(OnnxCall call)
    {
        Tensor value = call[0];
        if (call.Node.Attributes.ContainsKey("min") || call.Node.Attributes.ContainsKey("max"))
            return value.clamp(call.Float("min", float.MinValue), call.Float("max", float.MaxValue));
        if (call.Optional(1) is { } least)
            value = maximum(value, least.to(value.dtype).to(value.device));
        if (call.Optional(2) is { } most)
            value = minimum(value, most.to(value.dtype).to(value.device));
        return value;
    }
}
