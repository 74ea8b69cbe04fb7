namespace MerBench.Corruptions.Tests;

/// <summary>Gain, clipping, quantisation.</summary>
public sealed class LevelTests
{
    private static readonly float[] s_music = Sounds.Music();

    [TestCase(-6.0)]
    [TestCase(-20.0)]
    [TestCase(3.0)]
    public void Gain_multiplies_by_an_exact_factor(double decibels)
    {
        double factor = Math.Pow(10, decibels / 20);
        Assert.That(
            Corrupted.Clip(new Gain(new GainOptions([decibels])), s_music),
            Is.EqualTo(Array.ConvertAll(s_music, x => (float)(x * factor))).Within(1e-7)
        );
    }

    [TestCase(0.01)]
    [TestCase(0.2)]
    public void Clipping_cuts_the_given_share_at_one_threshold_and_leaves_the_rest(double share)
    {
        float[] noise = Sounds.WhiteNoise(),
            clipped = Corrupted.Clip(new Clipping(new ClippingOptions([share])), noise);
        float threshold = clipped.Max();
        Assert.That(clipped.Min(), Is.EqualTo(-threshold));
        Assert.That(noise.Count(x => Math.Abs(x) > threshold), Is.EqualTo((int)(share * noise.Length)));
        Assert.That(noise.Zip(clipped).Where(p => Math.Abs(p.First) <= threshold).All(p => p.First == p.Second));

        // A Gaussian's quantile: 2.5758 sigma leave 1 % above, 1.2816 sigma 20 %.
        Assert.That(threshold / Measured.Rms(noise), Is.EqualTo(share == 0.01 ? 2.5758 : 1.2816).Within(3).Percent);
    }

    [Test]
    public void Quantisation_leaves_so_many_levels_and_errs_by_half_a_step_at_most([Values(2, 4, 8)] int bits)
    {
        float[] sine = Sounds.Sine(441.7),
            coarse = Corrupted.Clip(new Quantisation(new QuantisationOptions([bits])), sine);
        double step = sine.Max(Math.Abs) * Math.Pow(2, 1 - bits);
        Assert.That(Measured.Difference(coarse, sine).Max(Math.Abs), Is.EqualTo(step / 2).Within(2).Percent, "reached, and not passed");
        Assert.That(
            coarse.Select(x => Math.Round(x / step)).Distinct().Count(),
            Is.EqualTo((1 << bits) + 1),
            "2^(bits-1) on both sides, and 0"
        );
        Assert.That(coarse.Select(x => Math.Abs((x / step) - Math.Round(x / step))).Max(), Is.LessThan(1e-5));
    }

    // Bennett 1948: the error of a busy signal is uniform, of power step^2 / 12; a full-scale sine is at 6.02 bits + 1.76 dB.
    [Test]
    public void Quantisation_of_a_full_sine_has_the_textbook_ratio([Values(6, 8, 10)] int bits)
    {
        float[] sine = Sounds.Sine(441.7);
        Assert.That(
            Measured.Snr(Corrupted.Clip(new Quantisation(new QuantisationOptions([bits])), sine), sine),
            Is.EqualTo((6.02 * bits) + 1.76).Within(0.5)
        );
    }
}
