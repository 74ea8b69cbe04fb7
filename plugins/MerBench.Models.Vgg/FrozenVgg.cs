using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MerBench.Models.Vgg;

/// <summary>
/// The network with batch normalisation folded into the convolutions, for fixed weights: <c>w' = w g / sqrt(v + eps)</c>, <c>b' = (b - m) g / sqrt(v + eps) + beta</c>, with the normalisation's running
/// mean m and variance v, scale g and shift beta. Dropout does nothing in evaluation mode and is left out.
/// </summary>
internal sealed class FrozenVgg : IFrozenModel
{
    private readonly List<IFrozenLayer> _trunk = [];
    private readonly (Tensor Weight, Tensor Bias)? _units;
    private readonly (Tensor Weight, Tensor Bias) _emotion;
    private readonly bool _handsOutConcepts;
    private readonly ScalarType _type;

    public FrozenVgg(VggNetwork network, bool handsOutConcepts, Precision precision)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        (_handsOutConcepts, _type) = (handsOutConcepts, precision switch
        {
            Precision.Fp32 => ScalarType.Float32,
            Precision.Bf16 => ScalarType.BFloat16,
            Precision.Fp16 => ScalarType.Float16,
            _ => throw new PluginUserException($"vgg has no form for attacks in {precision}."),
        });
        foreach (Module<Tensor, Tensor> layer in network.TrunkLayers)
        {
            if (layer is MaxPool2d) _trunk.Add(new Pooling());
            else if (layer is Sequential block) _trunk.Add(Fold(block, _type));
        }

        _units = network.Units is { } units ? Copy(units) : null;
        _emotion = Copy(network.Emotion);
    }

    /// <inheritdoc/>
    public ModelOutput Forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        double scale = _type == ScalarType.Float16 ? GradientScale(input) : 1;
        Tensor map = WithGradientTimes(1 / scale, input).unsqueeze(-1);
        foreach (IFrozenLayer layer in _trunk) map = layer.Apply(map);
        Tensor pooled = WithGradientTimes(scale, map.to(ScalarType.Float32).mean([1, 2]));
        Tensor? units = _units is { } u ? functional.linear(pooled, u.Weight, u.Bias) : null;
        Tensor emotion = functional.linear(units ?? pooled, _emotion.Weight, _emotion.Bias);
        return new ModelOutput(emotion.MoveToOuterDisposeScope(), _handsOutConcepts ? units?.MoveToOuterDisposeScope() : null);
    }

    // Half precision ends at 6e-8 and at 65504. The mean divides gradients by the size of the last map, a 64th of the input's; with that made up for and 32 times more, those of common objectives lie in the middle. A power of two rounds nothing.
    private static double GradientScale(Tensor input) => Math.Pow(2, Math.Round(Math.Log2(input.shape[1] * input.shape[2] / 2.0)));

    // The same values; what is added has the value 0 and a gradient.
    private static Tensor WithGradientTimes(double scale, Tensor values) => scale == 1 ? values : values.detach() + ((values - values.detach()) * scale);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IFrozenLayer layer in _trunk) layer.Dispose();
        foreach (Tensor? tensor in new[] { _units?.Weight, _units?.Bias, _emotion.Weight, _emotion.Bias }) tensor?.Dispose();
    }

    /// <summary>A convolution, batch norm and ReLU as one layer.</summary>
    /// <param name="mayTile">False to convolve directly where tiles would be faster, to compare.</param>
    internal static IFrozenLayer Fold(Sequential block, ScalarType type, bool mayTile = true)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var convolution = (Conv2d)block.children().First();
        BatchNorm2d norm = block.children().OfType<BatchNorm2d>().Single();
        Tensor scale = norm.weight! / (norm.running_var! + norm.eps).sqrt();
        Tensor weight = convolution.weight! * scale.reshape(-1, 1, 1, 1);
        Tensor bias = ((convolution.bias! - norm.running_mean!) * scale) + norm.bias!;
        (long stride, long padding) = (convolution.stride[0], convolution.padding![0]);
        return convolution.in_channels == 1 ? new PatchConvolution(weight, bias, stride, padding)
            : mayTile && WinogradConvolution.Suits(weight, stride, padding, type) ? new WinogradConvolution(weight, bias, type)
            : new DirectConvolution(weight, bias, stride, padding, type);
    }

    // The last layers are small, and their rounding would be the prediction's: they stay in float32.
    private static (Tensor, Tensor) Copy(Linear linear) => (Keep(linear.weight!.detach().clone()), Keep(linear.bias!.detach().clone()));

    private static Tensor Keep(Tensor tensor) => tensor.detach().DetachFromDisposeScope();
}
