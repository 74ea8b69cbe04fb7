using MerBench.Models.Composed;
using static TorchSharp.torch;

namespace MerBench.Tests.Composed;

public sealed class EnsembleTests
{
    [TestCase(Combination.Mean, new double[] { 1, 2, 6 }, 3)]
    [TestCase(Combination.Median, new double[] { 1, 2, 6 }, 2)]
    [TestCase(Combination.Median, new double[] { 1, 2, 6, 9 }, 4)]
    public void Predictions_are_summed_up_and_have_the_gradients_of_that(Combination combine, double[] factors, double expected)
    {
        using var scope = NewDisposeScope();
        using var ensemble = new Ensemble(new EnsembleOptions([.. factors.Select(f => $"m{f}")], combine));
        ensemble.Compose([.. factors.Select(f => Part(f, Domain.Features))]);
        Tensor clips = ones(2, 3).requires_grad_();
        using IFrozenModel form = ensemble.Freeze(Precision.Fp32);
        foreach (Tensor emotion in new[] { ensemble.Forward(clips).Emotion, form.Forward(clips).Emotion })
        {
            Assert.That(emotion.allclose(full([2, 1], expected)));
            Assert.That(autograd.grad([emotion.sum()], [clips])[0].allclose(full([2, 3], expected / 3)));
        }
    }

    [Test]
    public void It_reads_waveforms_where_one_of_its_models_does()
    {
        using var ensemble = new Ensemble(new EnsembleOptions(["a", "b"]));
        ensemble.Compose([Part(1, Domain.Features), Part(1, Domain.Waveform)]);
        Assert.That(ensemble.Input, Is.EqualTo(Domain.Waveform));
    }

    private static ModelPart Part(double factor, Domain input)
    {
        Func<Tensor, ModelOutput> map = x => new ModelOutput(x.mean([1], keepdim: true) * factor);
        return new ModelPart($"m{factor}", input, _ => map, (_, _) => map);
    }
}
