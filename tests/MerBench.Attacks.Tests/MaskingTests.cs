using static MerBench.Attacks.Gradient.Tests.Scenario;
using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient.Tests;

public sealed class MaskingTests
{
    private const int SampleRate = 22050;

    private static Tensor Tone(double hertz, double level) =>
        (arange(0, SampleRate, ScalarType.Float32) * (2 * Math.PI * hertz / SampleRate)).sin() * level;

    private static Tensor DecibelsBelow(Tensor clean, double hertz, double masker)
    {
        var threshold = new MaskingThreshold(clean.unsqueeze(0), SampleRate);
        int bin = (int)Math.Round(hertz * 2048 / SampleRate);
        double tone = Math.Pow(masker * 512, 2);
        return 10 * (tone / threshold.Power[0, bin, 20]).log10();
    }

    [Test]
    public void A_tone_masks_what_lies_near_it_more_than_what_lies_far_and_more_above_than_below()
    {
        using var scope = NewDisposeScope();
        double At(double hertz) => DecibelsBelow(Tone(1000, 0.5), hertz, 0.5).item<float>();

        // A tone in Johnston's model masks noise 14.5 dB + its band's number below it; power is shared by the bins of a band.
        Assert.That(At(1000), Is.InRange(20, 34));
        Assert.That(At(1500), Is.GreaterThan(At(1000)));
        Assert.That(At(660), Is.GreaterThan(At(1500)), "as far in Bark, but below");
        Assert.That(At(4000), Is.GreaterThan(At(1500)));
    }

    [Test]
    public void In_silence_the_threshold_is_that_in_quiet_and_finite()
    {
        using var scope = NewDisposeScope();
        var threshold = new MaskingThreshold(zeros(1, SampleRate), SampleRate);
        Assert.That(threshold.Power.isfinite().all().item<bool>());
        double fullScale = 512.0 * 512.0;
        double at1000 = 10 * Math.Log10(threshold.Power[0, 93, 10].item<float>() / fullScale) + 96;
        Assert.That(at1000, Is.EqualTo(3.4).Within(0.3), "dB SPL near 1 kHz");
    }

    [TestCase(0.0)]
    [TestCase(0.3)]
    public void Every_result_is_finite_below_the_threshold_and_in_the_box_and_gains(double level)
    {
        using var scope = NewDisposeScope();
        manual_seed(51);
        Tensor input = (Tone(440, level) + (randn(SampleRate) * level * 0.1)).clamp(-1, 1).unsqueeze(0),
            weights = randn(SampleRate);
        AttackContext context = Raising(Linear(weights), input, null, new Box(-1, 1), domain: Domain.Waveform, sampleRate: SampleRate);
        Tensor perturbed = new Masking(new MaskingOptions(Steps: 20)).Perturb(context, CancellationToken.None),
            delta = perturbed - input;
        Assert.That(perturbed.isfinite().all().item<bool>());
        Assert.That(perturbed.abs().max().item<float>(), Is.LessThanOrEqualTo(1));
        Assert.That(new MaskingThreshold(input, SampleRate).Ratio(delta).max().item<float>(), Is.LessThan(1.02));
        Assert.That((delta * weights).sum().item<float>(), Is.GreaterThan(0));
    }

    [Test]
    public void A_budget_is_kept_as_well([Values] Norm norm)
    {
        using var scope = NewDisposeScope();
        manual_seed(52);
        Tensor input = (randn(1, SampleRate) * 0.1).clamp(-1, 1);
        var budget = new Budget(norm, norm == Norm.Snr ? 50 : 1e-3);
        AttackContext context = Raising(
            Linear(randn(SampleRate)),
            input,
            budget,
            new Box(-1, 1),
            domain: Domain.Waveform,
            sampleRate: SampleRate
        );
        Tensor delta = new Masking(new MaskingOptions(Steps: 5)).Perturb(context, CancellationToken.None) - input;
        Assert.That(
            new Budget(norm == Norm.Linf ? Norm.Linf : Norm.L2, 0).Measure(delta, input).item<float>(),
            Is.LessThanOrEqualTo(budget.Radius(input).item<float>() * 1.001f + 1e-7f)
        );
    }

    [Test]
    public void Features_are_refused()
    {
        using var scope = NewDisposeScope();
        Assert.That(
            () => new Masking(new MaskingOptions()).Perturb(Raising(Nonlinear(6), randn(2, 6), null), CancellationToken.None),
            Throws.InstanceOf<PluginUserException>().With.Message.Contains("domain: waveform")
        );
    }
}
