using MerBench.Models.Vgg;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MerBench.Tests;

/// <summary>
/// However a layer of the attack form is computed, it is the convolution with ReLU in float64: maps whose sides no tile fits, one clip and
/// several, batches of more than one slice.
/// </summary>
internal sealed class FrozenConvolutionTests
{
    private static readonly ConvolutionAlgorithm[] s_inFp32 =
    [
        ConvolutionAlgorithm.Direct,
        ConvolutionAlgorithm.Tiles,
        ConvolutionAlgorithm.Patches,
    ];

    [Test]
    public void Each_pair_of_algorithms_computes_the_convolution_and_its_gradient(
        [ValueSource(nameof(s_inFp32))] ConvolutionAlgorithm forward,
        [ValueSource(nameof(s_inFp32))] ConvolutionAlgorithm backward,
        [Values(1, 16)] int block
    )
    {
        (double map, double gradient) = RelativeErrors(3, 13, 18, ScalarType.Float32, new(forward, backward), block: block);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(map, Is.LessThan(1e-5));
            Assert.That(gradient, Is.LessThan(1e-5));
        }
    }

    [TestCase(1, 1, 1)]
    [TestCase(2, 39, 5)]
    [TestCase(3, 157, 75)]
    public void Tiles_fit_maps_of_any_size(int clips, int height, int width)
    {
        (double map, double gradient) = RelativeErrors(
            clips,
            height,
            width,
            ScalarType.Float32,
            new(ConvolutionAlgorithm.Tiles, ConvolutionAlgorithm.Tiles)
        );
        using (Assert.EnterMultipleScope())
        {
            Assert.That(map, Is.LessThan(1e-5));
            Assert.That(gradient, Is.LessThan(1e-5));
        }
    }

    [Test]
    public void Whole_blocks_of_channels_are_tiled_by_the_widest_vectors()
    {
        LayerAlgorithms tiles = new(ConvolutionAlgorithm.Tiles, ConvolutionAlgorithm.Tiles);
        (double map, double gradient) = RelativeErrors(2, 39, 5, ScalarType.Float32, tiles, inputs: 64, outputs: 128);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(map, Is.LessThan(1e-5));
            Assert.That(gradient, Is.LessThan(1e-5));
        }
    }

    [TestCase(ConvolutionAlgorithm.Direct)]
    [TestCase(ConvolutionAlgorithm.Patches)]
    public void A_kernel_of_one_place_is_computed_likewise(ConvolutionAlgorithm algorithm)
    {
        (double map, double gradient) = RelativeErrors(2, 39, 5, ScalarType.Float32, new(algorithm, algorithm), kernel: 1, block: 16);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(map, Is.LessThan(1e-5));
            Assert.That(gradient, Is.LessThan(1e-5));
        }
    }

    [TestCase(ConvolutionAlgorithm.Tiles, ConvolutionAlgorithm.Bf16Tiles, 1e-5, 0.04)]
    [TestCase(ConvolutionAlgorithm.Tiles, ConvolutionAlgorithm.Direct, 1e-5, 0.01)]
    [TestCase(ConvolutionAlgorithm.Direct, ConvolutionAlgorithm.Tiles, 0.02, 0.002)]
    [TestCase(ConvolutionAlgorithm.Direct, ConvolutionAlgorithm.Bf16Tiles, 0.02, 0.04)]
    [TestCase(ConvolutionAlgorithm.Direct, ConvolutionAlgorithm.Direct, 0.02, 0.01)]
    [TestCase(ConvolutionAlgorithm.Patches, ConvolutionAlgorithm.Patches, 1e-5, 1e-5)]
    public void In_bf16_each_direction_is_as_near_as_its_algorithm(
        ConvolutionAlgorithm forward,
        ConvolutionAlgorithm backward,
        double mapAtMost,
        double gradientAtMost
    )
    {
        // Values around 12 are a 16th apart in bfloat16, and a gradient to such a map is rounded likewise before it goes back.
        (double map, double gradient) = RelativeErrors(2, 39, 18, ScalarType.BFloat16, new(forward, backward));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                map,
                Is.LessThan(mapAtMost).And.GreaterThan(forward == ConvolutionAlgorithm.Direct ? 1e-4 : 0),
                "what rounds to bfloat16 shows it"
            );
            Assert.That(
                gradient,
                Is.LessThan(gradientAtMost).And.GreaterThan(gradientAtMost > 1e-5 ? 1e-4 : 0),
                "what rounds to bfloat16 shows it"
            );
        }
    }

    [Test]
    public void Layers_that_return_another_format_than_they_read_hand_gradients_back([Values] bool isHalfFirst)
    {
        using var scope = NewDisposeScope();
        var maker = new ConvolutionMaker(ScalarType.BFloat16, new ChannelBlocks(1));
        Tensor weight = randn(16, 16, 3, 3) * 0.1,
            bias = ones(16) * 3;
        ConvolutionAlgorithm[] order = isHalfFirst
            ? [ConvolutionAlgorithm.Direct, ConvolutionAlgorithm.Tiles]
            : [ConvolutionAlgorithm.Tiles, ConvolutionAlgorithm.Direct];
        Tensor x = randn(2, 9, 7, 16).requires_grad_(),
            exact = x.detach().to(float64).requires_grad_(),
            y = x,
            expected = exact.permute(0, 3, 1, 2);
        foreach (ConvolutionAlgorithm algorithm in order)
        {
            y = new FrozenConvolution(maker.Make(algorithm, weight), maker.Make(algorithm, FrozenConvolution.Turn(weight)), bias).Apply(y);
            expected = functional.conv2d(expected, weight.to(float64), bias.to(float64), padding: [1, 1]).relu();
        }

        Tensor gradient = autograd.grad([y.to(float32).sum()], [x])[0];
        Assert.That(gradient.dtype, Is.EqualTo(ScalarType.Float32));
        Assert.That(Error(gradient, autograd.grad([expected.sum()], [exact])[0]), Is.LessThan(0.05));
    }

    [Test]
    public void Filters_of_other_shapes_are_left_to_torch()
    {
        LayerAlgorithms tiles = new(ConvolutionAlgorithm.Tiles, ConvolutionAlgorithm.Tiles),
            direct = new(ConvolutionAlgorithm.Direct, ConvolutionAlgorithm.Direct);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(LayerAlgorithms.ByRule(zeros(64, 32, 3, 3), ScalarType.Float32), Is.EqualTo(tiles));
            Assert.That(LayerAlgorithms.ByRule(zeros(64, 32, 1, 1), ScalarType.Float32), Is.EqualTo(direct));
            Assert.That(LayerAlgorithms.ByRule(zeros(60, 32, 3, 3), ScalarType.Float32), Is.EqualTo(direct));
            Assert.That(LayerAlgorithms.ByRule(zeros(64, 24, 3, 3), ScalarType.Float32), Is.EqualTo(direct));
            Assert.That(LayerAlgorithms.ByRule(zeros(64, 32, 3, 3), ScalarType.BFloat16), Is.EqualTo(direct));
            Assert.That(
                LayerAlgorithms.ByRule(zeros(256, 128, 3, 3), ScalarType.BFloat16),
                Is.EqualTo(tiles with { Backward = ConvolutionAlgorithm.Bf16Tiles }),
                "predictions are not by tiles in bf16"
            );
            Assert.That(LayerAlgorithms.ByRule(zeros(64, 32, 3, 3), ScalarType.Float16), Is.EqualTo(direct));
        }
    }

    private static (double Forward, double Gradient) RelativeErrors(
        int clips,
        int height,
        int width,
        ScalarType format,
        LayerAlgorithms algorithms,
        int kernel = 3,
        int block = 1,
        int inputs = 32,
        int outputs = 40
    )
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        // A bias that leaves no value near zero, where rounding decides what ReLU passes on.
        Tensor shift = where(arange(outputs) % 2 == 0, 12.0, -12.0);
        Tensor weight = randn(outputs, inputs, kernel, kernel) * 0.06,
            input = randn(clips, height, width, inputs),
            towards = randn(clips, height, width, outputs);
        var maker = new ConvolutionMaker(format, new ChannelBlocks(block));
        IConvolution there = maker.Make(algorithms.Forward, weight),
            back = maker.Make(algorithms.Backward, FrozenConvolution.Turn(weight));
        using var layer = new FrozenConvolution(there, back, shift);
        long edge = (kernel - 1) / 2;
        (Tensor expected, Tensor expectedGradient) = Run(Exact, float64);
        (Tensor found, Tensor foundGradient) = Run(layer.Apply, float32);
        return (Error(found, expected), Error(foundGradient, expectedGradient));

        Tensor Exact(Tensor x)
        {
            Tensor convolved = functional.conv2d(x.permute(0, 3, 1, 2), weight.to(float64), shift.to(float64), padding: [edge, edge]);
            return convolved.relu().permute(0, 2, 3, 1);
        }

        (Tensor, Tensor) Run(Func<Tensor, Tensor> apply, ScalarType type)
        {
            Tensor x = input.to(type, copy: true).requires_grad_();
            Tensor y = apply(x);
            return (y.detach().to(float64) - shift.clamp(0), autograd.grad([y], [x], [towards.to(y.dtype)])[0]);
        }
    }

    private static double Error(Tensor found, Tensor expected) =>
        ((found.to(float64) - expected).square().mean() / expected.square().mean()).sqrt().item<double>();
}
