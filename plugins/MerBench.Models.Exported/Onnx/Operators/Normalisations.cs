using MerBench.Models.Exported.Onnx.File;
using static TorchSharp.torch;

namespace MerBench.Models.Exported.Onnx.Operators;

/// <summary>Scaling by means and variances: stored ones, or the input's own.</summary>
internal static class Normalisations
{
    // From this opset on a group norm has a weight for each channel; before it, for each group.
    private const int ScalesChannels = 21;

    public static OperatorFamily Family { get; } =
        new()
        {
            { "BatchNormalization", Batch, Trains },
            { "InstanceNormalization", Instance },
            { "GroupNormalization", Group },
            { "LayerNormalization", Layer, OneOutput },
            { "LpNormalization", Lp },
            { "MeanVarianceNormalization", MeanVariance },
        };

    private static string? Trains(OnnxNode node)
    {
        bool trains = node.Attributes.TryGetValue("training_mode", out OnnxAttribute? mode) && mode.Int != 0;
        return trains ? "it normalises by the batch, as in training: export after model.eval()" : OneOutput(node);
    }

    private static string? OneOutput(OnnxNode node) =>
        node.Outputs.Skip(1).Any(o => o.Length > 0) ? "more than its first output is asked for" : null;

    private static Tensor Batch(OnnxCall call)
    {
        Tensor x = call[0];
        Tensor scale = call[1].div(call[4].add(call.Float("epsilon", 1e-5f)).sqrt());
        return x.mul(PerChannel(scale, x)).add(PerChannel(call[2].sub(call[3].mul(scale)), x));
    }

    private static Tensor PerChannel(Tensor values, Tensor x) =>
        values.reshape([values.numel(), .. Enumerable.Repeat(1L, (int)x.dim() - 2)]);

    private static Tensor Instance(OnnxCall call)
    {
        Tensor x = call[0];
        Tensor normal = Standardise(x, [.. Enumerable.Range(2, (int)x.dim() - 2).Select(d => (long)d)], call.Float("epsilon", 1e-5f));
        return normal.mul(PerChannel(call[1], x)).add(PerChannel(call[2], x));
    }

    private static Tensor Group(OnnxCall call)
    {
        Tensor x = call[0];
        long groups = call.Int("num_groups", 1);
        long channels = x.shape[1];
        Tensor normal = Standardise(x.reshape(x.shape[0], groups, -1), [2], call.Float("epsilon", 1e-5f)).reshape(x.shape);
        (Tensor scale, Tensor bias) = (call[1], call[2]);
        if (call.Opset < ScalesChannels)
            (scale, bias) = (scale.repeat_interleave(channels / groups), bias.repeat_interleave(channels / groups));
        return normal.mul(PerChannel(scale, x)).add(PerChannel(bias, x));
    }

    private static Tensor Layer(OnnxCall call)
    {
        Tensor x = call[0];
        int axis = OnnxCall.Axis(call.Int("axis", -1), x);
        long[] dimensions = [.. Enumerable.Range(axis, (int)x.dim() - axis).Select(d => (long)d)];
        Tensor normal = Standardise(x, dimensions, call.Float("epsilon", 1e-5f)).mul(call[1]);
        return call.Optional(2) is { } bias ? normal.add(bias) : normal;
    }

    private static Tensor Standardise(Tensor x, long[] dimensions, double epsilon)
    {
        Tensor centred = x.sub(x.mean(dimensions, keepdim: true));
        return centred.div(centred.square().mean(dimensions, keepdim: true).add(epsilon).sqrt());
    }

    private static Tensor Lp(OnnxCall call)
    {
        Tensor x = call[0];
        long[] axis = [OnnxCall.Axis(call.Int("axis", -1), x)];
        Tensor norm = call.Int("p", 2) == 1 ? x.abs().sum(axis, keepdim: true) : x.square().sum(axis, keepdim: true).sqrt();
        return x.div(norm);
    }

    private static Tensor MeanVariance(OnnxCall call)
    {
        long[] axes = call.Ints("axes") is { } given ? [.. given] : [0, 2, 3];
        Tensor centred = call[0].sub(call[0].mean(axes, keepdim: true));
        return centred.div(centred.square().mean(axes, keepdim: true).sqrt().add(1e-9));
    }
}
