using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MerBench.Models.Vgg;

/// <summary>
/// The network with batch normalisation folded into the convolutions, for fixed weights: <c>w' = w g / sqrt(v + eps)</c>, <c>b' = (b - m) g / sqrt(v + eps) + beta</c>, with the normalisation's running
/// mean m and variance v, scale g and shift beta. Dropout does nothing in evaluation mode and is left out; ReLU works in place, since a convolution's gradient does not need its output.
/// </summary>
internal sealed class FrozenVgg : IFrozenModel
{
    private readonly List<Layer> _trunk = [];
    private readonly (Tensor Weight, Tensor Bias)? _units;
    private readonly (Tensor Weight, Tensor Bias) _emotion;
    private readonly bool _handsOutConcepts;
    private readonly ScalarType _type;

    /// <summary>A folded convolution, or a pooling where the weight is null.</summary>
    private sealed record Layer(Tensor? Weight, Tensor? Bias, long Kernel, long Stride, long Padding);

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
            if (layer is MaxPool2d) _trunk.Add(new Layer(null, null, 0, 0, 0));
            else if (layer is Sequential block) _trunk.Add(Fold(block));
        }

        _units = network.Units is { } units ? Copy(units) : null;
        _emotion = Copy(network.Emotion);
    }

    /// <inheritdoc/>
    public ModelOutput Forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        double scale = _type == ScalarType.Float16 ? GradientScale(input) : 1;
        Tensor x = First(_trunk[0], WithGradientTimes(1 / scale, input)).to(_type);
        foreach (Layer layer in _trunk.Skip(1))
        {
            x = layer.Weight is { } weight
                ? functional.conv2d(x, weight, layer.Bias, [layer.Stride, layer.Stride], [layer.Padding, layer.Padding]).relu_()
                : functional.max_pool2d(x, [2, 2], [2, 2]);
        }

        Tensor pooled = WithGradientTimes(scale, x.to(ScalarType.Float32).mean([2, 3]));
        Tensor? units = _units is { } u ? functional.linear(pooled, u.Weight, u.Bias) : null;
        Tensor emotion = functional.linear(units ?? pooled, _emotion.Weight, _emotion.Bias);
        return new ModelOutput(emotion.MoveToOuterDisposeScope(), _handsOutConcepts ? units?.MoveToOuterDisposeScope() : null);
    }

    // With one input channel a convolution is a product of matrices, whose gradient to the input takes a third of the time of the convolution's own. In float32 in any case: it is a 200th of the work.
    private static Tensor First(Layer layer, Tensor input)
    {
        long rows = ((input.shape[1] + (2 * layer.Padding) - layer.Kernel) / layer.Stride) + 1, columns = ((input.shape[2] + (2 * layer.Padding) - layer.Kernel) / layer.Stride) + 1;
        Tensor patches = functional.unfold(input.unsqueeze(1), layer.Kernel, padding: layer.Padding, stride: layer.Stride);
        return functional.linear(patches.transpose(1, 2), layer.Weight!, layer.Bias).relu_().reshape(input.shape[0], rows, columns, -1).permute(0, 3, 1, 2);
    }

    // Half precision ends at 6e-8 and at 65504. The mean divides gradients by the size of the last map, a 64th of the input's; with that made up for and 32 times more, those of common objectives lie in the middle. A power of two rounds nothing.
    private static double GradientScale(Tensor input) => Math.Pow(2, Math.Round(Math.Log2(input.shape[1] * input.shape[2] / 2.0)));

    // The same values; what is added has the value 0 and a gradient.
    private static Tensor WithGradientTimes(double scale, Tensor values) => scale == 1 ? values : values.detach() + ((values - values.detach()) * scale);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor? tensor in _trunk.SelectMany(l => new[] { l.Weight, l.Bias }).Concat([_units?.Weight, _units?.Bias, _emotion.Weight, _emotion.Bias])) tensor?.Dispose();
    }

    private Layer Fold(Sequential block)
    {
        var convolution = (Conv2d)block.children().First();
        BatchNorm2d norm = block.children().OfType<BatchNorm2d>().Single();
        Tensor scale = norm.weight! / (norm.running_var! + norm.eps).sqrt();
        Tensor weight = convolution.weight! * scale.reshape(-1, 1, 1, 1);
        Tensor bias = ((convolution.bias! - norm.running_mean!) * scale) + norm.bias!;
        bool isFirst = convolution.in_channels == 1;
        return new Layer(
            Keep(isFirst ? weight.flatten(1) : ChannelsLast(weight.to(_type))), Keep(isFirst ? bias : bias.to(_type)), convolution.kernel_size[0], convolution.stride[0], convolution.padding![0]);
    }

    // The layout in which poolings are fastest, and convolutions no slower; activations follow the weights.
    private static Tensor ChannelsLast(Tensor weight) => weight.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

    // The last layers are small, and their rounding would be the prediction's: they stay in float32.
    private static (Tensor, Tensor) Copy(Linear linear) => (Keep(linear.weight!.detach().clone()), Keep(linear.bias!.detach().clone()));

    private static Tensor Keep(Tensor tensor) => tensor.detach().DetachFromDisposeScope();
}
