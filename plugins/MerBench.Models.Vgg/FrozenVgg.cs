using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MerBench.Models.Vgg;

/// <summary>
/// The network with batch normalisation folded into the convolutions, for fixed weights. Dropout does nothing in evaluation mode and is
/// left out.
/// </summary>
internal sealed class FrozenVgg : IFrozenModel
{
    private readonly List<IFrozenLayer> _trunk = [];
    private readonly (Tensor Weight, Tensor Bias)? _units;
    private readonly (Tensor Weight, Tensor Bias) _emotion;
    private readonly bool _handsOutConcepts;
    private readonly ScalarType _type;
    private readonly bool _isOverTime;

    /// <param name="choices">How layers are computed on the CPU.</param>
    public FrozenVgg(VggNetwork network, bool handsOutConcepts, Precision precision, AlgorithmChoices choices)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        (_handsOutConcepts, _type) = (
            handsOutConcepts,
            precision switch
            {
                Precision.Fp32 => ScalarType.Float32,
                Precision.Bf16 => ScalarType.BFloat16,
                Precision.Fp16 => ScalarType.Float16,
                _ => throw new PluginUserException($"vgg has no form for attacks in {precision}."),
            }
        );
        List<FoldedConvolution?> layers = Fold(network, choices.Frames, choices.Bands);
        FoldedConvolution[] later = [.. layers.OfType<FoldedConvolution>().Where(l => !l.IsFirst)];
        bool isChosen = network.Emotion.weight!.device_type == TorchSharp.DeviceType.CPU;
        var maker = new ConvolutionMaker(_type, network.Blocks);
        Algorithms = isChosen ? choices.Choose(later, maker) : [];
        foreach (FoldedConvolution? layer in layers)
        {
            if (layer is null)
                _trunk.Add(new Pooling());
            else if (layer.IsFirst)
                _trunk.Add(new FirstConvolution(layer.Weight, layer.Bias, layer.Stride, layer.Padding));
            else if (isChosen)
                _trunk.Add(Make(layer, Algorithms[Array.IndexOf(later, layer)], maker));
            else
                _trunk.Add(new TorchConvolution(layer.Weight, layer.Bias, layer.Padding, _type));
        }

        _units = network.Units is { } units ? Copy(units) : null;
        _emotion = Copy(network.Emotion);
        _isOverTime = network.IsOverTime;
    }

    /// <summary>How its convolutions behind the first are computed; empty where torch decides.</summary>
    internal IReadOnlyList<LayerAlgorithms> Algorithms { get; }

    /// <inheritdoc/>
    public ModelOutput Forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        double scale = _type == ScalarType.Float16 ? GradientScale(input) : 1;
        Tensor map = WithGradientTimes(1 / scale, input).unsqueeze(-1);
        foreach (IFrozenLayer layer in _trunk)
            map = layer.Apply(map);
        Tensor pooled = WithGradientTimes(scale, map.to(ScalarType.Float32).mean(_isOverTime ? [2] : [1, 2]));
        Tensor? units = _units is { } u ? functional.linear(pooled, u.Weight, u.Bias) : null;
        Tensor emotion = functional.linear(units ?? pooled, _emotion.Weight, _emotion.Bias);
        Tensor? concepts = _handsOutConcepts ? units : null;
        return new ModelOutput(
            emotion.MoveToOuterDisposeScope(),
            (_isOverTime ? concepts?.mean([1]) : concepts)?.MoveToOuterDisposeScope()
        );
    }

    // Half precision ends at 6e-8 and at 65504. The mean divides gradients by the size of the last map, a 64th of the input's; with that
    // made up for and 32 times more, those of common objectives lie in the middle. A power of two rounds nothing.
    private static double GradientScale(Tensor input) => Math.Pow(2, Math.Round(Math.Log2(input.shape[1] * input.shape[2] / 2.0)));

    // The same values; what is added has the value 0 and a gradient.
    private static Tensor WithGradientTimes(double scale, Tensor values) =>
        scale == 1 ? values : values.detach() + ((values - values.detach()) * scale);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IFrozenLayer layer in _trunk)
            layer.Dispose();
        foreach (Tensor? tensor in new[] { _units?.Weight, _units?.Bias, _emotion.Weight, _emotion.Bias })
            tensor?.Dispose();
    }

    /// <summary>Convolutions and poolings (null) in their order.</summary>
    internal static List<FoldedConvolution?> Fold(VggNetwork network, long height, long width)
    {
        var layers = new List<FoldedConvolution?>();
        foreach (Module<Tensor, Tensor> layer in network.TrunkLayers)
        {
            if (layer is MaxPool2d)
            {
                layers.Add(null);
                (height, width) = (height / 2, width / 2);
            }
            else if (layer is Sequential block)
            {
                var folded = FoldedConvolution.From(block, height, width);
                layers.Add(folded);
                (height, width) = folded.OutputSize;
            }
        }

        return layers;
    }

    private static FrozenConvolution Make(FoldedConvolution layer, LayerAlgorithms algorithms, ConvolutionMaker maker)
    {
        IConvolution forward = maker.Make(algorithms.Forward, layer.Weight);
        IConvolution backward = maker.Make(algorithms.Backward, FrozenConvolution.Turn(layer.Weight));
        return new FrozenConvolution(forward, backward, layer.Bias);
    }

    // The last layers are small, and their rounding would be the prediction's: they stay in float32.
    private static (Tensor, Tensor) Copy(Linear linear) => (Keep(linear.weight!.detach().clone()), Keep(linear.bias!.detach().clone()));

    private static Tensor Keep(Tensor tensor) => tensor.detach().DetachFromDisposeScope();
}
