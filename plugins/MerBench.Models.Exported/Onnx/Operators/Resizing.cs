using MerBench.Models.Exported.Onnx.File;
using static TorchSharp.torch;

namespace MerBench.Models.Exported.Onnx.Operators;

/// <summary>Larger and smaller maps: each dimension on its own, by nearest neighbours or linearly.</summary>
internal static class Resizing
{
    private static readonly string[] Coordinates = ["half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel"];

    public static OperatorFamily Family { get; } = new() { { "Resize", Resize, Limit } };

    private static string? Limit(OnnxNode node)
    {
        if (Text("mode", "nearest") is not ("nearest" or "linear"))
            return "it is neither nearest nor linear";
        if (!Coordinates.Contains(Text("coordinate_transformation_mode", "half_pixel"), StringComparer.Ordinal))
            return "its coordinates are others than " + string.Join(", ", Coordinates);
        bool isSmoothed = node.Attributes.TryGetValue("antialias", out OnnxAttribute? smooth) && smooth.Int != 0;
        if (isSmoothed)
            return "it smooths (antialias)";
        return node.Attributes.ContainsKey("keep_aspect_ratio_policy") ? "it keeps an aspect ratio" : null;

        string Text(string name, string otherwise) => node.Attributes.TryGetValue(name, out OnnxAttribute? found) ? found.Text : otherwise;
    }

    private static Tensor Resize(OnnxCall call)
    {
        Tensor x = call[0];
        long[] axes = call.Ints("axes") is { } given
            ? [.. given.Select(a => (long)OnnxCall.Axis(a, x))]
            : [.. Enumerable.Range(0, (int)x.dim()).Select(d => (long)d)];
        long[]? sizes = call.Longs(3);
        double[]? scales = sizes is { Length: > 0 } ? null : Doubles(call[2]);
        for (int i = 0; i < axes.Length; i++)
        {
            long size = x.shape[axes[i]];
            long wanted = scales is null ? sizes![i] : (long)Math.Floor(size * scales[i]);
            double scale = scales?[i] ?? (double)wanted / size;
            if (wanted != size || scale != 1)
                x = Along(call, x, axes[i], wanted, scale);
        }

        return x;
    }

    private static double[] Doubles(Tensor numbers)
    {
        using Tensor plain = numbers.to(ScalarType.Float64).cpu();
        return plain.data<double>().ToArray();
    }

    private static Tensor Along(OnnxCall call, Tensor x, long axis, long wanted, double scale)
    {
        long size = x.shape[axis];
        string coordinates = call.Text("coordinate_transformation_mode", "half_pixel");
        double[] at = [.. Enumerable.Range(0, (int)wanted).Select(i => From(i))];
        if (call.Text("mode", "nearest") == "nearest")
            return x.index_select(axis, Indices(at.Select(p => Nearest(p, call.Text("nearest_mode", "round_prefer_floor")))));
        double[] inside = [.. at.Select(p => Math.Clamp(p, 0, size - 1))];
        long[] shape = [.. Enumerable.Repeat(1L, (int)x.dim())];
        shape[axis] = wanted;
        Tensor share = tensor((double[])[.. inside.Select(p => p - Math.Floor(p))], x.dtype, x.device).reshape(shape);
        Tensor lower = x.index_select(axis, Indices(inside.Select(Math.Floor))),
            upper = x.index_select(axis, Indices(inside.Select(Math.Ceiling)));
        return lower.mul(share.neg().add(1)).add(upper.mul(share));

        Tensor Indices(IEnumerable<double> positions) =>
            tensor((long[])[.. positions.Select(p => Math.Clamp((long)p, 0, size - 1))], ScalarType.Int64, x.device);

        double From(int i) =>
            coordinates switch
            {
                "asymmetric" => i / scale,
                "align_corners" => wanted > 1 ? (double)i * (size - 1) / (wanted - 1) : 0,
                "pytorch_half_pixel" when wanted == 1 => 0,
                _ => ((i + 0.5) / scale) - 0.5,
            };
    }

    private static double Nearest(double position, string mode) =>
        mode switch
        {
            "floor" => Math.Floor(position),
            "ceil" => Math.Ceiling(position),
            "round_prefer_ceil" => Math.Floor(position + 0.5),
            _ => Math.Ceiling(position - 0.5),
        };
}
