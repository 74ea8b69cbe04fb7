using MerBench.Tests;
using static TorchSharp.torch;

namespace MerBench.Corruptions.Tests;

/// <summary>Corruptions through which gradients go: what they approach, and by which slope.</summary>
public sealed class DifferentiableTests
{
    private static IEnumerable<TestCaseData> All() =>
        new IDifferentiableCorruption[]
        {
            new LowPass(new LowPassOptions([1000])),
            new HighPass(new HighPassOptions([300])),
            new Noise(new NoiseOptions(Snr: [20])),
            new MedianFilter(new MedianFilterOptions([5])),
            new OverTheAir(new OverTheAirOptions()),
            new GriffinLim(new GriffinLimOptions([64], Iterations: 8)),
        }.Select(c => new TestCaseData(c).SetArgDisplayNames(c.GetType().Name));

    [TestCaseSource(nameof(All))]
    public void They_approach_what_the_corruption_returns(IDifferentiableCorruption corruption)
    {
        using var scope = NewDisposeScope();
        Tensor returned = corruption.Corrupt(Context(Clips()), CancellationToken.None);
        double apart = (corruption.Approach(Context(Clips())) - returned).abs().max().item<float>();
        Assert.That(apart, Is.LessThan(1e-4 * returned.abs().max().item<float>()));
    }

    // Along a direction in which samples move by 1e-4 of their size, central differences of an exact one say what its gradient says.
    [TestCaseSource(nameof(All))]
    public void An_exact_gradient_is_that_of_differences(IDifferentiableCorruption corruption)
    {
        Assume.That(corruption.IsExact);
        using var scope = NewDisposeScope();
        Tensor weight = randn(Clips().shape, generator: new Generator(5));
        Tensor direction = Clips() * 1e-4 * randn(Clips().shape, generator: new Generator(6));
        Tensor x = Clips().requires_grad_();
        Tensor gradient = autograd.grad([(corruption.Approach(Context(x)) * weight).sum()], [x])[0];
        double claimed = (gradient * direction).to(float64).sum().item<double>() * 2;
        double Value(Tensor input) => (corruption.Corrupt(Context(input), default).to(float64) * weight).sum().item<double>();
        double measured = Value(Clips() + direction) - Value(Clips() - direction);
        Assert.That(measured, Is.EqualTo(claimed).Within(2).Percent);
    }

    [Test]
    public void A_median_removes_a_click_and_leaves_a_ramp()
    {
        float[] ramp = [.. Enumerable.Range(0, 50).Select(i => i / 100f)];
        float[] clicked = [.. ramp];
        clicked[20] = -0.9f;
        float[] filtered = Corrupted.Clip(new MedianFilter(new MedianFilterOptions([3])), clicked);
        Assert.That(filtered.Zip(ramp, (a, b) => Math.Abs(a - b)).Max(), Is.LessThan(0.0101));
        Assert.That(
            () => new MedianFilter(new MedianFilterOptions([4])),
            Throws.InstanceOf<PluginUserException>().With.Message.Contains("odd")
        );
    }

    [Test]
    public void Resynthesis_keeps_the_spectrum_and_forgets_the_phase()
    {
        float[] tone = Sounds.Sine(1000, seconds: 1, amplitude: 0.3);
        float[] made = Corrupted.Clip(new GriffinLim(new GriffinLimOptions()), tone);
        ReadOnlySpan<float> middle = made.AsSpan(made.Length / 4, made.Length / 2);
        Assert.That(Measured.Rms(middle.ToArray()), Is.EqualTo(0.3 / Math.Sqrt(2)).Within(35).Percent);
        Assert.That(Measured.Amplitude(middle, 3000), Is.LessThan(0.03));
        Assert.That(made.Zip(tone, (a, b) => Math.Abs(a - b)).Max(), Is.GreaterThan(0.05));
    }

    private static Tensor Clips() => stack([tensor(Sounds.Music()[..4096]), tensor(Sounds.Sine(440, seconds: 1, amplitude: 0.2)[..4096])]);

    private static CorruptionContext Context(Tensor clips) =>
        new(clips, Domain.Waveform, 1, Corrupted.SampleRate, [RandomStream.For("a"), RandomStream.For("b")], new Box(-1, 1));
}
