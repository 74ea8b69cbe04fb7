using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MerBench.Tests.Checks;

/// <summary>
/// A small convolutional network in whose middle a fault can be planted, by what it is to do with the map <c>[B, C, T, F]</c> there.
/// </summary>
internal sealed class PlantedNetwork(Func<Tensor, Tensor> plant) : NetworkModel<Sequential>
{
    public const int Channels = 12,
        Frames = 40,
        Bands = 30,
        Emotions = 3;

    public static PlantedNetwork Built(Func<Tensor, Tensor> plant)
    {
        var model = new PlantedNetwork(plant);
        model.Build(
            new ModelContext(new LabelSpace(["valence", "energy", "tension"]), null, [Frames, Bands], CPU, RandomStream.For("planted"))
        );
        return model;
    }

    protected override Sequential CreateNetwork(ModelContext context)
    {
        Sequential trunk = nn.Sequential(nn.Conv2d(1, Channels, 5, padding: 2), nn.BatchNorm2d(Channels), nn.ReLU(), nn.MaxPool2d(2));
        Sequential head = nn.Sequential(
            nn.Conv2d(Channels, 16, 3, padding: 1),
            nn.ReLU(),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(16, Emotions)
        );
        return nn.Sequential(("trunk", trunk), ("head", head));
    }

    public override ModelOutput Forward(Tensor input)
    {
        nn.Module<Tensor, Tensor>[] parts = [.. Network.children().Cast<nn.Module<Tensor, Tensor>>()];
        return new ModelOutput(parts[1].call(plant(parts[0].call(input.unsqueeze(1)))));
    }
}

/// <summary>What is planted.</summary>
internal static class Plants
{
    public static Tensor Nothing(Tensor map) => map;

    /// <summary>A backward of one's own that is 5 % too long, in every format.</summary>
    public static Tensor BackwardOffByFivePercent(Tensor map) => OffByFivePercent.apply(map);

    /// <summary>As a convolution whose last channels hold what was in memory: in float32 alone, and in the gradient alone.</summary>
    public static Tensor LastChannelsOfGradientWrong(Tensor map)
    {
        if (map.dtype != ScalarType.Float32)
            return map;
        Tensor factors = zeros(1, map.shape[1], 1, 1);
        factors[.., ^4..] = Noise(4).reshape(1, 4, 1, 1);
        return map + ((map - map.detach()) * factors);
    }

    /// <summary>The same in predictions.</summary>
    public static Tensor ForwardWrongInSingle(Tensor map) => map.dtype == ScalarType.Float32 ? map * 1.01 : map;

    /// <summary>A gradient that arrives at the wrong place, in every format: as long as the right one.</summary>
    public static Tensor GradientShifted(Tensor map) => map.detach() + Shifted(map) - Shifted(map).detach();

    /// <summary>A layer that names its format.</summary>
    public static Tensor SingleOnly(Tensor map) => map.to(ScalarType.Float32);

    private static Tensor Shifted(Tensor map) => map.roll(3, 2);

    private static Tensor Noise(int count)
    {
        var values = new float[count];
        RandomStream.For("what was in memory").FillNormal(values);
        return tensor(values);
    }

    private sealed class OffByFivePercent : autograd.SingleTensorFunction<OffByFivePercent>
    {
        public override string Name => nameof(OffByFivePercent);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => ((Tensor)vars[0]).clone();

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [grad_output * 1.05];
    }
}
