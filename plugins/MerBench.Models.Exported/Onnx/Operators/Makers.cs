using MerBench.Models.Exported.Onnx.File;
using static TorchSharp.torch;

namespace MerBench.Models.Exported.Onnx.Operators;

/// <summary>Tensors that come from nowhere. Whole numbers stay on the CPU, where shapes are computed.</summary>
internal static class Makers
{
    public static OperatorFamily Family { get; } =
        new()
        {
            { "Constant", Constant, ConstantLimit },
            { "ConstantOfShape", OfShape },
            { "Range", c => Range(c[0], c[1], c[2]) },
            { "EyeLike", c => eye(c[0].shape[0], c[0].shape[1], c.Floating, c[0].device) },
            { "OneHot", OneHot },
            { "HannWindow", c => Cosines(c, [0.5, -0.5]) },
            { "HammingWindow", c => Cosines(c, [25.0 / 46, -21.0 / 46]) },
            { "BlackmanWindow", c => Cosines(c, [0.42, -0.5, 0.08]) },
        };

    private static string? ConstantLimit(OnnxNode node)
    {
        if (node.Attributes.ContainsKey("value_string") || node.Attributes.ContainsKey("value_strings"))
            return "it holds text";
        return node.Attributes.ContainsKey("sparse_value") ? "it is sparse" : null;
    }

    private static Tensor Constant(OnnxCall call)
    {
        IReadOnlyDictionary<string, OnnxAttribute> given = call.Node.Attributes;
        if (given.TryGetValue("value", out OnnxAttribute? value))
            return StoredValues.ToTensor(value.Tensor!, call.Floating, call.Device);
        if (given.TryGetValue("value_int", out OnnxAttribute? one))
            return tensor(one.Int, ScalarType.Int64);
        if (given.TryGetValue("value_ints", out OnnxAttribute? many))
            return tensor((long[])[.. many.Ints], ScalarType.Int64);
        if (given.TryGetValue("value_float", out OnnxAttribute? single))
            return tensor(single.Float, call.Floating, call.Device);
        return tensor((float[])[.. call.Node.Attributes["value_floats"].Floats], call.Floating, call.Device);
    }

    private static Tensor OfShape(OnnxCall call)
    {
        long[] shape = call.Longs(0)!;
        if (!call.Node.Attributes.TryGetValue("value", out OnnxAttribute? value))
            return zeros(shape, call.Floating, call.Device);
        return StoredValues.ToTensor(value.Tensor!, call.Floating, call.Device).reshape(1).expand(shape).clone();
    }

    private static Tensor Range(Tensor start, Tensor limit, Tensor step) =>
        start.is_floating_point()
            ? arange(
                start.to(ScalarType.Float64).item<double>(),
                limit.to(ScalarType.Float64).item<double>(),
                step.to(ScalarType.Float64).item<double>(),
                start.dtype,
                start.device
            )
            : arange(Whole(start), Whole(limit), Whole(step), start.dtype, start.device);

    private static long Whole(Tensor number) => number.to(ScalarType.Int64).item<long>();

    private static Tensor OneHot(OnnxCall call)
    {
        long depth = call.Longs(1)![0];
        Tensor indices = call[0].to(ScalarType.Int64);
        Tensor hot = where(indices.lt(0), indices.add(depth), indices).unsqueeze(-1).eq(arange(depth, ScalarType.Int64, indices.device));
        Tensor values = call[2].to(indices.device);
        long axis = call.Int("axis", -1);
        return where(hot, values[1], values[0]).moveaxis([-1], [axis]);
    }

    private static Tensor Cosines(OnnxCall call, double[] coefficients)
    {
        long size = call.Longs(0)![0];
        double period = call.Is("periodic", otherwise: true) ? size : size - 1;
        Tensor at = arange(size, ScalarType.Float64, call.Device).mul(2 * Math.PI / period);
        Tensor window = zeros_like(at);
        for (int k = 0; k < coefficients.Length; k++)
            window = window.add(at.mul(k).cos().mul(coefficients[k]));
        return window.to(call.Floating);
    }
}
