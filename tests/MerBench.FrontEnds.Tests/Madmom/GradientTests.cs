using MerBench.FrontEnds.Madmom;
using static TorchSharp.torch;

namespace MerBench.Tests;

public sealed class GradientTests
{
    private readonly MadmomLog _frontEnd = new(new MadmomLogOptions());

    [OneTimeTearDown]
    public void DisposeFrontEnd() => _frontEnd.Dispose();

    [Test]
    public void The_gradient_predicts_what_a_small_step_changes()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        Tensor waveform = 0.3 * randn(2, 9000).clamp(-3, 3),
            weights = rand(2, 13, 149);
        Tensor gradient = Gradient(waveform, weights);
        for (int trial = 0; trial < 5; trial++)
        {
            Tensor direction = randn(2, 9000);
            double predicted = (gradient.to(float64) * direction).sum().item<double>();
            const double Step = 1e-3;
            double measured = (Value(waveform + (Step * direction)) - Value(waveform - (Step * direction))) / (2 * Step);
            Assert.That(predicted, Is.EqualTo(measured).Within(0.5).Percent.Or.EqualTo(measured).Within(0.05));
        }

        double Value(Tensor x) => (_frontEnd.Transform(x).to(float64) * weights).sum().item<double>();
    }

    [Test]
    public void Samples_that_no_frame_sees_twice_and_samples_that_three_frames_share_all_get_a_gradient()
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        Tensor gradient = Gradient(randn(1, 6000), ones(1, 9, 149));
        Assert.That((gradient[0, TensorIndex.Slice(1, null)] != 0).all().item<bool>(), Is.True);
    }

    [Test]
    public void Silence_has_zero_features_and_a_zero_gradient()
    {
        using var scope = NewDisposeScope();
        Tensor silence = zeros(1, 5000);
        Assert.That(_frontEnd.Transform(silence).abs().max().item<float>(), Is.Zero);
        Assert.That(Gradient(silence, ones(1, 8, 149)).data<float>().ToArray(), Is.All.Zero);
    }

    [TestCase(1e-30f)]
    [TestCase(1e-12f)]
    public void Almost_silence_and_silence_after_sound_have_finite_gradients(float level)
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        Tensor waveform = cat([randn(1, 4000), level * randn(1, 4000), zeros(1, 4000)], 1);
        Assert.That(Gradient(waveform, ones(1, 18, 149)).isfinite().all().item<bool>(), Is.True);
    }

    private Tensor Gradient(Tensor waveform, Tensor weights)
    {
        Tensor x = waveform.detach().requires_grad_();
        return autograd.grad([(_frontEnd.Transform(x) * weights).sum()], [x])[0];
    }
}
