using MerBench.Models.Vgg;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MerBench.Tests;

/// <summary>Winograd's filtering computes what torch's convolution does: maps whose sides no tile fits, one clip and several, batches of more than one slice.</summary>
public sealed class WinogradConvolutionTests
{
    [TestCase(1, 1, 1)]
    [TestCase(3, 13, 18)]
    [TestCase(2, 39, 5)]
    [TestCase(3, 157, 75)]
    public void Forward_and_gradient_are_those_of_the_convolution_with_relu(int clips, int height, int width)
    {
        (double forward, double gradient) = RelativeErrors(clips, height, width, ScalarType.Float32);
        Assert.Multiple(() =>
        {
            Assert.That(forward, Is.LessThan(1e-5));
            Assert.That(gradient, Is.LessThan(1e-5));
        });
    }

    [Test]
    public void In_bf16_the_gradient_is_near()
    {
        (double forward, double gradient) = RelativeErrors(2, 39, 18, ScalarType.BFloat16);
        Assert.Multiple(() =>
        {
            Assert.That(forward, Is.LessThan(1e-5));
            Assert.That(gradient, Is.InRange(1e-4, 0.04));
        });
    }

    [Test]
    public void Filters_of_other_shapes_are_left_to_torch()
    {
        Assert.Multiple(() =>
        {
            Assert.That(WinogradConvolution.Suits(zeros(64, 32, 3, 3), 1, 1, ScalarType.Float32));
            Assert.That(WinogradConvolution.Suits(zeros(64, 32, 3, 3), 2, 1, ScalarType.Float32), Is.False);
            Assert.That(WinogradConvolution.Suits(zeros(64, 32, 1, 1), 1, 0, ScalarType.Float32), Is.False);
            Assert.That(WinogradConvolution.Suits(zeros(60, 32, 3, 3), 1, 1, ScalarType.Float32), Is.False);
            Assert.That(WinogradConvolution.Suits(zeros(64, 32, 3, 3), 1, 1, ScalarType.BFloat16), Is.False);
            Assert.That(WinogradConvolution.Suits(zeros(256, 128, 3, 3), 1, 1, ScalarType.BFloat16));
            Assert.That(WinogradConvolution.Suits(zeros(64, 32, 3, 3), 1, 1, ScalarType.Float16), Is.False);
        });
    }

    private static (double Forward, double Gradient) RelativeErrors(int clips, int height, int width, ScalarType format)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        // A bias that leaves no value near zero, where rounding decides what ReLU passes on.
        Tensor weight = randn(40, 32, 3, 3) * 0.06, bias = where(arange(40) % 2 == 0, 12.0, -12.0).to(float32), towards = randn(clips, height, width, 40);
        using var convolution = new WinogradConvolution(weight, bias, format);
        (Tensor expected, Tensor expectedGradient) = Run(x => functional.conv2d(x.permute(0, 3, 1, 2), weight, bias, padding: [1, 1]).relu().permute(0, 2, 3, 1));
        (Tensor found, Tensor foundGradient) = Run(convolution.Apply);
        return (Error(found, expected), Error(foundGradient, expectedGradient));

        (Tensor, Tensor) Run(Func<Tensor, Tensor> apply)
        {
            manual_seed(4);
            Tensor x = randn(clips, height, width, 32).requires_grad_();
            Tensor y = apply(x);
            return (y.detach() - where(arange(40) % 2 == 0, 12.0, 0.0).to(float32), autograd.grad([y], [x], [towards])[0]);
        }

        static double Error(Tensor found, Tensor expected) => ((found - expected).square().mean() / expected.square().mean()).sqrt().item<float>();
    }
}
