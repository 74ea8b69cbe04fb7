using MerBench.Models.Exported.Onnx.File;
using static TorchSharp.torch;

namespace MerBench.Models.Exported.Onnx.Operators;

/// <summary>Shapes and types: what they are, and the same elements in others. Shapes are computed on the CPU, exactly.</summary>
internal static class Shapes
{
    public static OperatorFamily Family { get; } = Create();

    private static OperatorFamily Create()
    {
        var family = new OperatorFamily
        {
            { "Identity", c => c[0].alias() },
            { "Shape", Shape },
            { "Size", c => tensor(c[0].numel(), ScalarType.Int64) },
            { "Reshape", Reshape },
            { "Flatten", Flatten },
            { "Squeeze", Squeeze },
            { "Unsqueeze", Unsqueeze },
            { "Transpose", Transpose },
            { "Expand", Expand },
            { "Tile", c => c[0].repeat(c.Longs(1)!) },
            { "Cast", c => c[0].to(Type(c, (int)c.Int("to", OnnxTypes.Float))), CastLimit },
            { "CastLike", c => c[0].to(c[1].dtype) },
        };
        // The second output tells what was dropped: nothing.
        family.AddMany("Dropout", c => [c[0].alias(), ones(c[0].shape, ScalarType.Bool, c[0].device)]);
        return family;
    }

    private static string? CastLimit(OnnxNode node) =>
        node.Attributes.TryGetValue("to", out OnnxAttribute? to) && OnnxTypes.Kept((int)to.Int) is null
            ? $"it makes {OnnxTypes.Name((int)to.Int)}"
            : null;

    // A graph that computes in another format does so throughout.
    private static ScalarType Type(OnnxCall call, int type) => OnnxTypes.IsFloat(type) ? call.Floating : OnnxTypes.Kept(type)!.Value;

    private static Tensor Shape(OnnxCall call)
    {
        long[] shape = call[0].shape;
        int start = Bound(call.Int("start", 0)),
            end = Bound(call.Int("end", shape.Length));
        return tensor(shape[start..Math.Max(start, end)], ScalarType.Int64);

        int Bound(long at) => (int)Math.Clamp(at < 0 ? at + shape.Length : at, 0, shape.Length);
    }

    private static Tensor Reshape(OnnxCall call)
    {
        Tensor x = call[0];
        long[] shape = call.Longs(1)!;
        if (!call.Is("allowzero"))
            for (int d = 0; d < shape.Length; d++)
                shape[d] = shape[d] == 0 ? x.shape[d] : shape[d];
        return x.reshape(shape);
    }

    private static Tensor Flatten(OnnxCall call)
    {
        Tensor x = call[0];
        int axis = OnnxCall.Axis(call.Int("axis", 1), x);
        long rows = x.shape[..axis].Aggregate(1L, (a, b) => a * b);
        return x.reshape(rows, x.numel() / Math.Max(1, rows));
    }

    private static Tensor Squeeze(OnnxCall call)
    {
        Tensor x = call[0];
        if (call.Longs("axes", 1) is not { } axes)
            return x.squeeze();
        foreach (int axis in axes.Select(a => OnnxCall.Axis(a, x)).OrderDescending().ToArray())
            x = x.squeeze(axis);
        return x;
    }

    private static Tensor Unsqueeze(OnnxCall call)
    {
        Tensor x = call[0];
        IReadOnlyList<long> axes = call.Longs("axes", 1)!;
        long dimensions = x.dim() + axes.Count;
        foreach (long axis in axes.Select(a => a < 0 ? a + dimensions : a).Order().ToArray())
            x = x.unsqueeze(axis);
        return x;
    }

    private static Tensor Transpose(OnnxCall call) =>
        call[0]
            .permute(
                call.Ints("perm") is { } order ? [.. order] : [.. Enumerable.Range(0, (int)call[0].dim()).Reverse().Select(d => (long)d)]
            );

    private static Tensor Expand(OnnxCall call)
    {
        long[] shape = call.Longs(1)!;
        Tensor x = call[0];
        int more = shape.Length - (int)x.dim();
        // A one there leaves what is here; what is here may also have more dimensions.
        for (int d = Math.Max(0, more); d < shape.Length; d++)
            shape[d] = shape[d] == 1 ? x.shape[d - more] : shape[d];
        return x.expand(more < 0 ? [.. x.shape[..-more], .. shape] : shape);
    }
}
