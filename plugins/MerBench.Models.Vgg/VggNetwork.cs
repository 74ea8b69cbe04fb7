using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MerBench.Models.Vgg;

/// <summary>
/// The network of Hoedt, Flexer and Widmer (SMC 2025), after Koutini et al. and Chowdhury et al. Modules bear the names of the published
/// PyTorch code (<c>preconcept_model.conv1.0.weight</c>, <c>fc.weight</c>, <c>fc_ml.weight</c>), so that its state dicts load as they are.
/// </summary>
public sealed class VggNetwork : Module<Tensor, (Tensor Emotion, Tensor? Units)>
{
    private readonly Trunk _trunk;
    private readonly Linear? _units;
    private readonly Linear _emotion;

    /// <summary>Creates and initialises the network from torch's generator.</summary>
    /// <param name="emotions">How many emotions it predicts.</param>
    /// <param name="bottleneck">Units of the bottleneck, or null for a direct head.</param>
    /// <param name="width">Multiplies channels.</param>
    /// <param name="dropout">Dropout probability.</param>
    /// <param name="overTime">Whether it predicts each frame of its last feature map.</param>
    public VggNetwork(int emotions, int? bottleneck, double width, double dropout, bool overTime = false)
        : this(emotions, bottleneck, width, dropout, ChannelBlocks.OfThisProcessor, overTime) { }

    /// <param name="blocks">Which its convolutions fill.</param>
    internal VggNetwork(int emotions, int? bottleneck, double width, double dropout, ChannelBlocks blocks, bool overTime = false)
        : base(nameof(VggNetwork))
    {
        Blocks = blocks;
        _trunk = new Trunk(width, dropout, blocks, overTime);
        register_module("preconcept_model", _trunk);
        if (bottleneck is { } units)
        {
            register_module("fc_ml", _units = HeLinear(_trunk.Channels, units));
            register_module("fc_ml2emo", _emotion = HeLinear(units, emotions));
        }
        else
        {
            register_module("fc", _emotion = HeLinear(_trunk.Channels, emotions));
        }
    }

    /// <summary>Blocks of channels that its convolutions fill.</summary>
    internal ChannelBlocks Blocks { get; }

    /// <summary>Whether it predicts each frame of its last feature map, <c>[B, T, E]</c>.</summary>
    internal bool IsOverTime => _trunk.IsOverTime;

    /// <summary>Convolution blocks, poolings and dropouts, in their order.</summary>
    internal IReadOnlyList<Module<Tensor, Tensor>> TrunkLayers => _trunk.Layers;

    /// <summary>The bottleneck; null with a direct head.</summary>
    internal Linear? Units => _units;

    /// <summary>The last layer.</summary>
    internal Linear Emotion => _emotion;

    /// <summary>Predicts a batch of spectrograms <c>[B, 1, T, F]</c>.</summary>
    /// <param name="input">Spectrograms with a channel axis.</param>
    public override (Tensor Emotion, Tensor? Units) forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        Tensor pooled = _trunk.call(input);
        Tensor? units = _units?.call(pooled);
        Tensor emotion = _emotion.call(units ?? pooled);
        return (emotion.MoveToOuterDisposeScope(), units?.MoveToOuterDisposeScope());
    }

    /// <summary>Floating-point operations of one spectrogram's forward pass, two a multiply-add: convolutions and linear layers.</summary>
    public double ForwardFlops(long frames, long bands) =>
        _trunk.ForwardFlops(frames, bands)
        + new[] { _units, _emotion }.OfType<Linear>().Sum(layer => 2.0 * layer.in_features * layer.out_features);

    private static Linear HeLinear(long from, long to)
    {
        Linear layer = Linear(from, to);
        init.kaiming_normal_(layer.weight!, mode: init.FanInOut.FanIn, nonlinearity: init.NonlinearityType.ReLU);
        init.zeros_(layer.bias!);
        return layer;
    }

    /// <summary>
    /// Nine convolutions, each with batch norm and ReLU, two poolings with dropout, and the mean over time and frequency, or over
    /// frequency alone.
    /// </summary>
    private sealed class Trunk : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor>[] _layers;
        private readonly ChannelBlocks _blocks;

        public Trunk(double width, double dropout, ChannelBlocks blocks, bool overTime)
            : base("preconcept_model")
        {
            int Scaled(int channels) => Math.Max(1, (int)Math.Round(channels * width));
            Channels = Scaled(256);
            _blocks = blocks;
            IsOverTime = overTime;
            _layers =
            [
                Convolution("conv1", 1, Scaled(64), 5, stride: 2, padding: 2),
                Convolution("conv2", Scaled(64), Scaled(64), 3),
                Add("mp1", MaxPool2d(2, 2)),
                Add("dropout1", Dropout2d(dropout)),
                Convolution("conv3", Scaled(64), Scaled(128), 3),
                Convolution("conv4", Scaled(128), Scaled(128), 3),
                Add("mp2", MaxPool2d(2, 2)),
                Add("dropout2", Dropout2d(dropout)),
                Convolution("conv5", Scaled(128), Scaled(256), 3),
                Convolution("conv6", Scaled(256), Scaled(256), 3),
                Convolution("conv7", Scaled(256), Scaled(384), 3),
                Convolution("conv7b", Scaled(384), Scaled(512), 3),
                Convolution("conv11", Scaled(512), Channels, 1, padding: 0),
            ];
        }

        public IReadOnlyList<Module<Tensor, Tensor>> Layers => _layers;

        public int Channels { get; }

        public bool IsOverTime { get; }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            Tensor x = input;
            foreach (Module<Tensor, Tensor> layer in _layers)
                x = layer is Sequential block ? Apply(block, x) : layer.call(x);
            Tensor pooled = IsOverTime ? x.mean([3]).transpose(1, 2) : x.mean([2, 3]);
            return pooled.MoveToOuterDisposeScope();
        }

        private Tensor Apply(Sequential block, Tensor map)
        {
            if (_blocks.AreWhole((Conv2d)block.children().First(), map))
                return block.call(map);
            using var scope = NewDisposeScope();
            foreach (Module module in block.children())
                map = module is Conv2d convolution ? _blocks.Convolve(convolution, map) : ((Module<Tensor, Tensor>)module).call(map);
            return map.MoveToOuterDisposeScope();
        }

        public double ForwardFlops(double frames, double bands)
        {
            double flops = 0;
            foreach (Module<Tensor, Tensor> layer in _layers)
            {
                if (layer is MaxPool2d)
                    (frames, bands) = (Math.Floor(frames / 2), Math.Floor(bands / 2));
                if (layer is not Sequential { } block || block.children().First() is not Conv2d convolution)
                    continue;
                if (ReferenceEquals(layer, _layers[0]))
                    (frames, bands) = (Math.Ceiling(frames / 2), Math.Ceiling(bands / 2));
                flops += 2 * frames * bands * convolution.weight!.numel();
            }

            return flops;
        }

        private Sequential Convolution(string name, int from, int to, int kernel, int stride = 1, int padding = 1)
        {
            Conv2d convolution = Conv2d(from, to, kernel, stride: stride, padding: padding);
            init.kaiming_normal_(convolution.weight!, mode: init.FanInOut.FanIn, nonlinearity: init.NonlinearityType.ReLU);
            return Add(name, Sequential(convolution, BatchNorm2d(to), ReLU(inplace: true)));
        }

        private TModule Add<TModule>(string name, TModule module)
            where TModule : Module<Tensor, Tensor>
        {
            register_module(name, module);
            return module;
        }
    }
}
