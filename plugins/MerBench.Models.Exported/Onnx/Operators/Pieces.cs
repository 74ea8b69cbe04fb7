using TorchSharp;
using static TorchSharp.torch;

namespace MerBench.Models.Exported.Onnx.Operators;

/// <summary>Tensors cut into pieces, put together, picked from, and padded.</summary>
internal static class Pieces
{
    public static OperatorFamily Family { get; } = Create();

    private static OperatorFamily Create()
    {
        var family = new OperatorFamily
        {
            { "Concat", Concat },
            { "Slice", Slice },
            { "Gather", Gather },
            { "GatherElements", GatherElements },
            {
                "GatherND",
                GatherNd,
                node => node.Attributes.TryGetValue("batch_dims", out var dims) && dims.Int > 0 ? "it has batch_dims" : null
            },
            {
                "ScatterND",
                ScatterNd,
                node => node.Attributes.TryGetValue("reduction", out var how) && how.Text != "none" ? "it reduces" : null
            },
            { "Trilu", c => c.Is("upper", otherwise: true) ? c[0].triu(c.Longs(1)?[0] ?? 0) : c[0].tril(c.Longs(1)?[0] ?? 0) },
            { "DepthToSpace", DepthToSpace },
            { "Pad", Pad },
        };
        family.AddMany("Split", Split);
        return family;
    }

    private static Tensor Concat(OnnxCall call)
    {
        Tensor first = call.All.FirstOrDefault(t => t.device.type != DeviceType.CPU) ?? call[0];
        return cat([.. call.All.Select(t => t.to(first.device))], OnnxCall.Axis(call.Int("axis", 0), first));
    }

    private static Tensor[] Split(OnnxCall call)
    {
        Tensor x = call[0];
        int axis = OnnxCall.Axis(call.Int("axis", 0), x);
        if (call.Longs("split", 1) is { } sizes)
            return x.split([.. sizes], axis);
        long parts = call.Int("num_outputs", call.Node.Outputs.Count);
        return x.split((x.shape[axis] + parts - 1) / parts, axis);
    }

    private static Tensor Slice(OnnxCall call)
    {
        Tensor x = call[0];
        IReadOnlyList<long> starts = call.Longs("starts", 1)!,
            ends = call.Longs("ends", 2)!;
        IReadOnlyList<long> axes = call.Longs("axes", 3) ?? [.. Enumerable.Range(0, starts.Count).Select(d => (long)d)];
        IReadOnlyList<long> steps = call.Longs(4) ?? [.. starts.Select(_ => 1L)];
        for (int i = 0; i < starts.Count; i++)
            x = Slice(x, OnnxCall.Axis(axes[i], x), starts[i], ends[i], steps[i]);
        return x;
    }

    private static Tensor Slice(Tensor x, int axis, long start, long end, long step)
    {
        long size = x.shape[axis];
        if (step > 0)
            return x.slice(axis, Bound(start, 0, size), Math.Max(Bound(start, 0, size), Bound(end, 0, size)), step);
        // Backwards: the same elements forwards, and then turned round.
        long last = Bound(start, 0, size - 1),
            first = Bound(end, -1, size - 1);
        long count = Math.Max(0, (last - first - step - 1) / -step);
        if (count == 0)
            return x.narrow(axis, 0, 0);
        return x.slice(axis, last + ((count - 1) * step), last + 1, -step).flip(axis);

        long Bound(long at, long least, long most) =>
            Math.Clamp(at < 0 ? Math.Max(at, -size - 1) + size : at, least, Math.Max(least, most));
    }

    private static Tensor Gather(OnnxCall call)
    {
        Tensor x = call[0];
        int axis = OnnxCall.Axis(call.Int("axis", 0), x);
        Tensor indices = Positive(call.Beside(1, x), x.shape[axis]);
        return x.index_select(axis, indices.flatten()).reshape([.. x.shape[..axis], .. indices.shape, .. x.shape[(axis + 1)..]]);
    }

    private static Tensor Positive(Tensor indices, long size)
    {
        Tensor whole = indices.to(ScalarType.Int64);
        return where(whole.lt(0), whole.add(size), whole);
    }

    private static Tensor GatherElements(OnnxCall call)
    {
        Tensor x = call[0];
        int axis = OnnxCall.Axis(call.Int("axis", 0), x);
        return x.gather(axis, Positive(call.Beside(1, x), x.shape[axis]));
    }

    private static Tensor GatherNd(OnnxCall call)
    {
        Tensor x = call[0];
        (Tensor[] indices, long[] outer) = Places(call, x);
        return x.index([.. indices.Select(TensorIndex.Tensor)]).reshape([.. outer, .. x.shape[indices.Length..]]);
    }

    private static Tensor ScatterNd(OnnxCall call)
    {
        Tensor x = call[0];
        (Tensor[] indices, long[] outer) = Places(call, x);
        Tensor updates = call.Beside(2, x).reshape([outer.Aggregate(1L, (a, b) => a * b), .. x.shape[indices.Length..]]);
        return x.clone().index_put_(updates, [.. indices.Select(TensorIndex.Tensor)]);
    }

    // The last dimension of the indices goes over dimensions of x.
    private static (Tensor[] Indices, long[] Outer) Places(OnnxCall call, Tensor x)
    {
        Tensor places = call.Beside(1, x);
        long depth = places.shape[^1];
        Tensor rows = places.reshape(-1, depth);
        return ([.. Enumerable.Range(0, (int)depth).Select(d => Positive(rows.select(1, d), x.shape[d]))], places.shape[..^1]);
    }

    private static Tensor DepthToSpace(OnnxCall call)
    {
        Tensor x = call[0];
        long block = call.Int("blocksize", 1);
        (long batch, long channels, long height, long width) = (x.shape[0], x.shape[1] / (block * block), x.shape[2], x.shape[3]);
        Tensor cut =
            call.Text("mode", "DCR") == "DCR"
                ? x.reshape(batch, block, block, channels, height, width).permute(0, 3, 4, 1, 5, 2)
                : x.reshape(batch, channels, block, block, height, width).permute(0, 1, 4, 2, 5, 3);
        return cut.reshape(batch, channels, height * block, width * block);
    }

    private static Tensor Pad(OnnxCall call)
    {
        Tensor x = call[0];
        long[] pads = [.. call.Longs("pads", 1)!];
        long[] axes = call.Longs(3) ?? [.. Enumerable.Range(0, (int)x.dim()).Select(d => (long)d)];
        string mode = call.Text("mode", "constant");
        double value = call.Optional(2) is { } given ? given.to(ScalarType.Float64).item<double>() : call.Float("value", 0);
        for (int i = 0; i < axes.Length; i++)
            x = Pad(x, OnnxCall.Axis(axes[i], x), pads[i], pads[i + axes.Length], mode, value);
        return x;
    }

    private static Tensor Pad(Tensor x, int axis, long before, long behind, string mode, double value)
    {
        long size = x.shape[axis];
        // What is less than nothing is cut off.
        if (before < 0 || behind < 0)
            x = x.narrow(axis, Math.Max(0, -before), size - Math.Max(0, -before) - Math.Max(0, -behind));
        (before, behind, size) = (Math.Max(0, before), Math.Max(0, behind), x.shape[axis]);
        if (before == 0 && behind == 0)
            return x;
        if (mode == "constant")
            return cat([Filled(before), x, Filled(behind)], axis);
        long[] from = [.. Enumerable.Range(0, (int)(before + size + behind)).Select(i => Source(i - before, size, mode))];
        return x.index_select(axis, tensor(from, ScalarType.Int64, x.device));

        Tensor Filled(long count)
        {
            long[] shape = [.. x.shape];
            shape[axis] = count;
            return full(shape, value, x.dtype, x.device);
        }
    }

    private static long Source(long at, long size, string mode)
    {
        long period = Math.Max(1, 2 * (size - 1));
        long turned = ((at % period) + period) % period;
        return mode switch
        {
            "edge" => Math.Clamp(at, 0, size - 1),
            "wrap" => ((at % size) + size) % size,
            _ => turned < size ? turned : period - turned,
        };
    }
}
