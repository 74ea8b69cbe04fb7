using static TorchSharp.torch;

namespace MerBench.Models.Exported.Onnx.Operators;

/// <summary>Sums, means and extremes along dimensions.</summary>
internal static class Reductions
{
    public static OperatorFamily Family { get; } =
        new()
        {
            { "ReduceSum", c => Reduce(c, (x, d, k) => x.sum(d, k, x.dtype)) },
            { "ReduceMean", c => Reduce(c, (x, d, k) => x.mean(d, k)) },
            { "ReduceMax", c => Reduce(c, (x, d, k) => x.amax(d, k)) },
            { "ReduceMin", c => Reduce(c, (x, d, k) => x.amin(d, k)) },
            { "ReduceProd", c => Reduce(c, Product) },
            { "ReduceL1", c => Reduce(c, (x, d, k) => x.abs().sum(d, k)) },
            { "ReduceL2", c => Reduce(c, (x, d, k) => x.square().sum(d, k).sqrt()) },
            { "ReduceLogSum", c => Reduce(c, (x, d, k) => x.sum(d, k).log()) },
            { "ReduceLogSumExp", c => Reduce(c, LogSumExp) },
            { "ReduceSumSquare", c => Reduce(c, (x, d, k) => x.square().sum(d, k)) },
            { "ArgMax", c => Position(c, (x, axis, keep) => x.argmax(axis, keep)) },
            { "ArgMin", c => Position(c, (x, axis, keep) => x.argmin(axis, keep)) },
            { "CumSum", CumulativeSum },
        };

    private static Tensor Reduce(OnnxCall call, Func<Tensor, long[], bool, Tensor> compute)
    {
        Tensor x = call[0];
        long[] axes = call.Longs("axes", 1) is { } given ? [.. given.Select(a => (long)OnnxCall.Axis(a, x))] : [];
        if (axes.Length == 0 && call.Is("noop_with_empty_axes"))
            return x;
        if (axes.Length == 0)
            axes = [.. Enumerable.Range(0, (int)x.dim()).Select(d => (long)d)];
        return axes.Length == 0 ? x.clone() : compute(x, axes, call.Is("keepdims", otherwise: true));
    }

    private static Tensor Product(Tensor x, long[] axes, bool keeps)
    {
        foreach (long axis in axes.OrderDescending())
            x = x.prod(axis, keeps, x.dtype);
        return x;
    }

    private static Tensor LogSumExp(Tensor x, long[] axes, bool keeps)
    {
        foreach (long axis in axes.OrderDescending())
            x = x.logsumexp(axis, keeps);
        return x;
    }

    private static Tensor Position(OnnxCall call, Func<Tensor, long, bool, Tensor> find)
    {
        Tensor x = call[0];
        int axis = OnnxCall.Axis(call.Int("axis", 0), x);
        bool keeps = call.Is("keepdims", otherwise: true);
        if (!call.Is("select_last_index"))
            return find(x, axis, keeps);
        return find(x.flip(axis), axis, keeps).neg().add(x.shape[axis] - 1);
    }

    private static Tensor CumulativeSum(OnnxCall call)
    {
        Tensor x = call[0];
        int axis = OnnxCall.Axis(call.Longs(1)![0], x);
        if (call.Is("reverse"))
            x = x.flip(axis);
        Tensor sum = x.cumsum(axis, x.dtype);
        if (call.Is("exclusive"))
            sum = sum.sub(x);
        return call.Is("reverse") ? sum.flip(axis) : sum;
    }
}
