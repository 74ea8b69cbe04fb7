namespace MerBench.Corruptions.Tests;

/// <summary>Low-pass, high-pass, equaliser, resampling.</summary>
public sealed class FilterTests
{
    private static double Decibels(ICorruption corruption, double frequency, string name = "clip")
    {
        float[] after = Corrupted.Clip(corruption, Sounds.Sine(frequency, seconds: 2, amplitude: 0.1), name: name);
        return 20 * Math.Log10(Measured.Amplitude(after.AsSpan(after.Length / 2), frequency) / 0.1);
    }

    // Butterworth of fourth order under the bilinear transform: power 1 / (1 + (w / wc)^8), w = tan(pi f / rate); the high-pass has wc / w
    // instead.
    private static double Butterworth(double above, double below) =>
        -10
        * Math.Log10(1 + Math.Pow(Math.Tan(Math.PI * above / Corrupted.SampleRate) / Math.Tan(Math.PI * below / Corrupted.SampleRate), 8));

    [Test]
    public void Low_pass_attenuates_sines_as_Butterworth_says([Values(100, 500, 1000, 1500, 2000)] double frequency) =>
        Assert.That(
            Decibels(new LowPass(new LowPassOptions([1000])), frequency),
            Is.EqualTo(Butterworth(above: frequency, below: 1000)).Within(0.05)
        );

    [Test]
    public void High_pass_attenuates_sines_as_Butterworth_says([Values(100, 200, 400, 1000)] double frequency) =>
        Assert.That(
            Decibels(new HighPass(new HighPassOptions([200])), frequency),
            Is.EqualTo(Butterworth(above: 200, below: frequency)).Within(0.05)
        );

    [Test]
    public void Filters_are_three_decibels_down_at_their_cutoff()
    {
        Assert.That(Decibels(new LowPass(new LowPassOptions([2000])), 2000), Is.EqualTo(-3.01).Within(0.02));
        Assert.That(Decibels(new HighPass(new HighPassOptions([300])), 300), Is.EqualTo(-3.01).Within(0.02));
    }

    [Test]
    public void Severity_takes_away_more([Values] bool low)
    {
        ICorruption filter = low ? new LowPass(new LowPassOptions()) : new HighPass(new HighPassOptions());
        float[] noise = Sounds.WhiteNoise();
        double[] left = [.. Enumerable.Range(1, 5).Select(severity => Measured.Energy(Corrupted.Clip(filter, noise, severity)))];
        Assert.That(left, Is.Ordered.Descending);
        Assert.That(left[0], Is.LessThan(Measured.Energy(noise)));
    }

    [Test]
    public void Cutoffs_beyond_half_the_sample_rate_are_refused([Values] bool low)
    {
        ICorruption filter = low ? new LowPass(new LowPassOptions([12_000])) : new HighPass(new HighPassOptions([12_000]));
        Assert.That(
            () => Corrupted.Clip(filter, Sounds.Sine(100)),
            Throws.InstanceOf<PluginUserException>().With.Message.Contains("11025")
        );
    }

    // Two sines in one sound: the energy is matched afterwards, so only the ratio of two bands tells the filter.
    [Test]
    public void Equaliser_moves_bands_apart_by_twice_its_decibels_or_not_at_all()
    {
        var equaliser = new Equaliser(new EqualiserOptions([6]));
        float[] both = [.. Sounds.Sine(125, 2, 0.05).Zip(Sounds.Sine(8000, 2, 0.05), (a, b) => a + b)];
        var apart = new List<double>();
        for (int i = 0; i < 24; i++)
        {
            float[] after = Corrupted.Clip(equaliser, both, name: $"clip {i}");
            apart.Add(
                20
                    * Math.Log10(
                        Measured.Amplitude(after.AsSpan(after.Length / 2), 8000) / Measured.Amplitude(after.AsSpan(after.Length / 2), 125)
                    )
            );
            Assert.That(Measured.Energy(after), Is.EqualTo(Measured.Energy(both)).Within(0.1).Percent);
        }

        // The neighbours of a band, two octaves away, reach into it by less than 1.3 dB.
        Assert.That(apart, Has.All.Matches<double>(d => Math.Abs(d) < 2.6 || Math.Abs(Math.Abs(d) - 12) < 2.6), string.Join(" ", apart));
        Assert.That(apart, Has.Some.LessThan(-9).And.Some.GreaterThan(9).And.Some.InRange(-3, 3), "each clip draws its own signs");
    }

    [Test]
    public void Resampling_leaves_nothing_above_half_its_rate_and_keeps_what_is_below()
    {
        var resampling = new Resampling(new ResamplingOptions([8000]));
        Assert.That(Decibels(resampling, 4300), Is.LessThan(-60));
        Assert.That(Decibels(resampling, 9000), Is.LessThan(-60));
        Assert.That(Decibels(resampling, 3000), Is.Zero.Within(0.05));
        float[] noise = Sounds.WhiteNoise();
        Assert.That(Measured.ShareAbove(Corrupted.Clip(resampling, noise), 4150), Is.LessThan(1e-5));
        float[] sine = Sounds.Sine(1000);
        Assert.That(
            Measured.Snr(Corrupted.Clip(resampling, sine)[2000..^2000], sine[2000..^2000]),
            Is.GreaterThan(55),
            "in place, not delayed"
        );
    }

    [Test]
    public void Resampling_to_a_higher_rate_is_not_heard()
    {
        float[] sine = Sounds.Sine(3000);
        Assert.That(
            Measured.Snr(Corrupted.Clip(new Resampling(new ResamplingOptions([48_000])), sine)[2000..^2000], sine[2000..^2000]),
            Is.GreaterThan(55)
        );
    }
}
