using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MerBench.Models.Exported.Onnx.Operators;

/// <summary>What stands between the layers of a network.</summary>
internal static class Activations
{
    private const float AlphaOfSelu = 1.67326319217681884765625f,
        GammaOfSelu = 1.05070102214813232421875f;

    // Before this opset a softmax flattened its input.
    private const int AlongOneAxis = 13;

    public static OperatorFamily Family { get; } =
        new()
        {
            { "Relu", c => c[0].relu() },
            { "LeakyRelu", c => F.leaky_relu(c[0], c.Float("alpha", 0.01f)) },
            { "PRelu", c => where(c[0].ge(0), c[0], c[0].mul(c[1])) },
            { "ThresholdedRelu", c => where(c[0].gt(c.Float("alpha", 1)), c[0], zeros_like(c[0])) },
            { "Elu", c => Exponential(c[0], c.Float("alpha", 1), 1) },
            { "Selu", c => Exponential(c[0], c.Float("alpha", AlphaOfSelu), 1).mul(c.Float("gamma", GammaOfSelu)) },
            { "Celu", c => Exponential(c[0], c.Float("alpha", 1), c.Float("alpha", 1)) },
            { "Gelu", Gelu },
            { "Mish", c => c[0].mul(SoftPlus(c[0]).tanh()) },
            { "Sigmoid", c => c[0].sigmoid() },
            { "HardSigmoid", c => c[0].mul(c.Float("alpha", 0.2f)).add(c.Float("beta", 0.5f)).clamp(0, 1) },
            { "HardSwish", c => c[0].mul(c[0].div(6).add(0.5).clamp(0, 1)) },
            { "Softplus", c => SoftPlus(c[0]) },
            { "Softsign", c => c[0].div(c[0].abs().add(1)) },
            { "Tanh", c => c[0].tanh() },
            { "Softmax", c => Normalised(c, (x, axis) => F.softmax(x, axis)) },
            { "LogSoftmax", c => Normalised(c, (x, axis) => F.log_softmax(x, axis)) },
        };

    private static Tensor SoftPlus(Tensor x) => x.clamp(min: 0).add(x.abs().neg().exp().log1p());

    // Beyond zero the exponential could overflow, and 0 times infinity is no gradient.
    private static Tensor Exponential(Tensor x, float alpha, float width) =>
        x.clamp(min: 0).add(x.clamp(max: 0).div(width).expm1().mul(alpha));

    private static Tensor Gelu(OnnxCall call)
    {
        Tensor x = call[0];
        if (call.Text("approximate", "none") == "tanh")
            return x.mul(0.5).mul(x.pow(3).mul(0.044715).add(x).mul(Math.Sqrt(2 / Math.PI)).tanh().add(1));
        return x.mul(0.5).mul(x.div(Math.Sqrt(2)).erf().add(1));
    }

    private static Tensor Normalised(OnnxCall call, Func<Tensor, long, Tensor> compute)
    {
        Tensor x = call[0];
        if (call.Opset >= AlongOneAxis)
            return compute(x, OnnxCall.Axis(call.Int("axis", -1), x));
        int axis = OnnxCall.Axis(call.Int("axis", 1), x);
        return compute(x.flatten(axis), axis).reshape(x.shape);
    }
}
