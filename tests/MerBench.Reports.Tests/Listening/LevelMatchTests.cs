using MerBench.Reports.Listening;

namespace MerBench.Tests.Listening;

[Parallelizable(ParallelScope.All)]
public sealed class LevelMatchTests
{
    [TestCase(0.001f, 0.5f)]
    [TestCase(0.9f, 0.01f)]
    [TestCase(0.05f, 0.05f)]
    public void Clean_and_perturbed_are_equally_loud_and_nothing_clips(float clean, float perturbed)
    {
        var sound = new Sound(SoundKind.Waveform, Tones.Sine(440, clean), Tones.Sine(440, perturbed, click: perturbed * 1.9f));
        var gains = LevelMatch.Match(sound);
        float[] a = gains.OfClean(sound),
            b = gains.OfPerturbed(sound),
            d = gains.OfDifference(sound);
        Assert.That(Level.Measure(a), Is.EqualTo(Level.Measure(b)).Within(0.01).And.GreaterThan(-21).And.LessThan(-19.9));
        foreach (float[] samples in new[] { a, b, d })
            Assert.That(Level.Peak(samples), Is.LessThanOrEqualTo(-0.99));
    }

    [Test]
    public void A_peak_lowers_both()
    {
        float[] click = new float[22_050];
        click[100] = 1;
        var sound = new Sound(SoundKind.Waveform, Tones.Sine(440, 0.5f), click);
        var gains = LevelMatch.Match(sound);
        Assert.That(Level.Peak(gains.OfPerturbed(sound)), Is.EqualTo(-1).Within(0.01));
        Assert.That(
            Level.Measure(gains.OfClean(sound)),
            Is.EqualTo(Level.Measure(gains.OfPerturbed(sound))).Within(0.01).And.LessThan(-40)
        );
    }

    [Test]
    public void The_difference_is_perturbed_minus_clean_up_to_its_gain_and_gains_are_those_told()
    {
        float[] clean = Tones.Sine(440, 0.4f),
            noise = Tones.Sine(3000, 0.002f);
        var sound = new Sound(SoundKind.Waveform, clean, [.. clean.Zip(noise, (c, n) => c + n)]);
        var gains = LevelMatch.Match(sound);
        Assert.That(gains.Difference, Is.EqualTo(20 * Math.Log10(0.1 / (0.002 / Math.Sqrt(2)))).Within(0.02));
        float[] heard = gains.OfDifference(sound),
            perturbed = gains.OfPerturbed(sound),
            original = gains.OfClean(sound);
        for (int i = 0; i < heard.Length; i += 97)
            Assert.That(
                heard[i],
                Is.EqualTo(((perturbed[i] / Factor(gains.Perturbed)) - (original[i] / Factor(gains.Clean))) * Factor(gains.Difference))
                    .Within(1e-4)
            );
        Assert.That(sound.SnrDb, Is.EqualTo(20 * Math.Log10(200)).Within(0.01));
    }

    [Test]
    public void Silence_and_no_change_have_no_gain()
    {
        var silent = new Sound(SoundKind.Waveform, new float[100], new float[100]);
        Assert.That((LevelMatch.Match(silent), silent.SnrDb), Is.EqualTo((new LevelMatch(0, 0, 0), (double?)null)));
    }

    private static double Factor(double db) => Math.Pow(10, db / 20);
}

/// <summary>Sounds whose spectrum and level are known.</summary>
internal static class Tones
{
    public const int SampleRate = 22_050;

    /// <summary>A second of a sine, with one sample of another value where asked for.</summary>
    public static float[] Sine(double hertz, float amplitude, float click = 0)
    {
        float[] samples =
        [
            .. Enumerable.Range(0, SampleRate).Select(i => (float)(amplitude * Math.Sin(2 * Math.PI * hertz * i / SampleRate))),
        ];
        if (click != 0)
            samples[SampleRate / 2] = click;
        return samples;
    }
}
