using MerBench.Host.Checks;
using MerBench.Host.Checks.Models;
using static TorchSharp.torch;

namespace MerBench.Tests.Checks;

/// <summary>Decibels of a nearly silent frame: a right gradient that a line fits within the shortest steps alone.</summary>
public sealed class SteepGradientTests
{
    private const int Samples = 400_000;
    private const int Silent = 8;

    [TestCase(1, true)]
    [TestCase(1.2, false, Description = "its backward is a fifth too long")]
    public void A_right_gradient_of_a_steep_model_is_believed_and_a_wrong_one_is_not(double factor, bool isRight)
    {
        using var scope = NewDisposeScope();
        Tensor clips = randn([3, Samples], generator: new Generator(1)) * 0.1;
        clips[TensorIndex.Colon, TensorIndex.Slice(0, Silent)] *= 3e-3;
        var probe = new GradientProbe(clips, ones(3, 1));
        Tensor gradient = probe.Ask(Decibels, ScalarType.Float32).Gradient! * factor;
        SlopeFault? fault = new CentralDifferences(Decibels, probe, gradient, RandomStream.For("steep")).FindFault();
        Assert.That(fault, isRight ? Is.Null : Is.Not.Null);
    }

    [Test]
    public void It_counts_as_differentiable()
    {
        using var scope = NewDisposeScope();
        Tensor clips = randn([3, Samples], generator: new Generator(1)) * 0.1;
        clips[TensorIndex.Colon, TensorIndex.Slice(0, Silent)] *= 1e-4;
        GradientEvidence evidence = GradientEvidence.Gather(Decibels, clips, RandomStream.For("steep"))!;
        Assert.That(evidence.MeasuredSlope / evidence.ClaimedSlope, Is.InRange(0.6, 1.4));
    }

    private static ModelOutput Decibels(Tensor waveform) =>
        new(waveform[TensorIndex.Colon, TensorIndex.Slice(0, Silent)].square().mean([1], keepdim: true).log10());
}
