using MerBench.FrontEnds.LogMel;
using static TorchSharp.torch;

namespace MerBench.Tests;

public sealed class MelGradientTests
{
    private static IEnumerable<LogMelOptions> Variants =>
        from output in Enum.GetValues<OutputKind>()
        from perClip in Enum.GetValues<PerClip>()
        from center in Enum.GetValues<Center>()
        let power = output == OutputKind.AmplitudeToDb ? 1 : 2
        select new LogMelOptions(
            16_000,
            new StftOptions(256, 100, 200, center, power),
            new MelOptions(20),
            new OutputOptions(output, DecibelReference.Max, TopDb: 40),
            perClip
        );

    [TestCaseSource(nameof(Variants))]
    public void Gradients_are_finite_and_are_those_of_differences(LogMelOptions options)
    {
        using var scope = NewDisposeScope();
        using var frontEnd = new MelSpectrogram(options);
        manual_seed(1);
        Tensor waveform = cat([0.3 * randn(2, 900, dtype: float64), zeros(2, 400, dtype: float64)], 1),
            weights = rand_like(frontEnd.Transform(waveform)),
            gradient = Gradient(waveform);
        Assert.That(gradient.isfinite().all().item<bool>(), Is.True);
        const double Step = 1e-6;
        for (int trial = 0; trial < 3; trial++)
        {
            Tensor direction = randn_like(waveform);
            direction[TensorIndex.Colon, TensorIndex.Slice(900, null)] = 0;
            double measured = (Value(waveform + (Step * direction)) - Value(waveform - (Step * direction))) / (2 * Step);
            Assert.That(
                (gradient * direction).sum().item<double>(),
                Is.EqualTo(measured).Within(0.1).Percent.Or.EqualTo(measured).Within(1e-4)
            );
        }

        foreach (double level in (double[])[0, 1e-30, 1e-10])
            Assert.That(Gradient((level * randn(2, 1300)).to(float32)).isfinite().all().item<bool>(), Is.True, $"at a level of {level}");

        double Value(Tensor x) => (frontEnd.Transform(x) * weights).sum().item<double>();

        Tensor Gradient(Tensor x)
        {
            Tensor point = x.detach().requires_grad_();
            return autograd.grad([(frontEnd.Transform(point) * weights.to(x.dtype)).sum()], [point])[0];
        }
    }

    [Test]
    public void Samples_are_neither_normalised_nor_trimmed()
    {
        using var frontEnd = new MelSpectrogram(new LogMelOptions());
        Assert.That(frontEnd.Condition([0, 16_384, short.MinValue, 0]), Is.EqualTo(new[] { 0f, 0.5f, -1f, 0f }));
    }

    [Test]
    public void Options_that_do_not_fit_each_other_are_refused_with_a_reason()
    {
        Assert.That(
            () => new MelSpectrogram(new LogMelOptions(Stft: new StftOptions(512, WinLength: 1024))),
            Throws.TypeOf<PluginUserException>().With.Message.Contains("win-length 1024")
        );
        Assert.That(
            () => new MelSpectrogram(new LogMelOptions(16_000, Mel: new MelOptions(Fmax: 11_025))),
            Throws.TypeOf<PluginUserException>().With.Message.Contains("half the sample rate, 8000")
        );
        using var reflecting = new MelSpectrogram(new LogMelOptions(Stft: new StftOptions(Center: Center.Reflect)));
        Assert.That(
            () => reflecting.Transform(zeros(1, 1000)),
            Throws.TypeOf<PluginUserException>().With.Message.Contains("1000 samples are too short")
        );
    }
}
