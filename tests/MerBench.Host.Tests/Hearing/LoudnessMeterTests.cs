using System.Diagnostics;
using System.Globalization;
using MerBench.Host.Hearing;
using MerBench.Tests.Data;

namespace MerBench.Tests.Hearing;

public sealed class LoudnessMeterTests
{
    // A stereo tone, as EBU Tech 3341 has it, is louder by this than the one channel of a clip.
    private static readonly double SecondChannel = 10 * Math.Log10(2);

    private static readonly object[][] Tech3341 =
    [
        [1, new[] { (-23.0, 20.0) }, -23],
        [2, new[] { (-33.0, 20.0) }, -33],
        [3, new[] { (-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0) }, -23],
        [4, new[] { (-72.0, 10.0), (-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0), (-72.0, 10.0) }, -23],
        [5, new[] { (-26.0, 20.0), (-20.0, 20.1), (-26.0, 20.0) }, -23],
    ];

    [Test]
    public void Coefficients_at_48_kHz_are_those_that_the_standard_prints()
    {
        var meter = new LoudnessMeter(LoudnessMeter.StandardRate);
        Assert.That(
            new[] { meter.Shelf.B0, meter.Shelf.B1, meter.Shelf.B2, meter.Shelf.A1, meter.Shelf.A2 },
            Is.EqualTo(new[] { 1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585 }).Within(5e-15)
        );
        Assert.That(
            new[] { meter.HighPass.B0, meter.HighPass.B1, meter.HighPass.B2, meter.HighPass.A1, meter.HighPass.A2 },
            Is.EqualTo(new[] { 1, -2, 1, -1.99004745483398, 0.99007225036621 }).Within(5e-15)
        );
    }

    // The standard's own calibration. The bilinear transform makes the shelf steeper where half the rate is near: the lower the rate, the
    // more is missing of what the shelf gives at 997 Hz.
    [TestCase(8000, 0.21)]
    [TestCase(16_000, 0.05)]
    [TestCase(22_050, 0.025)]
    [TestCase(44_100, 0.005)]
    [TestCase(48_000, 0.005)]
    [TestCase(96_000, 0.01)]
    public void A_sine_of_997_Hz_at_full_scale_in_one_channel_has_minus_3_01_LKFS(int rate, double within) =>
        Assert.That(new LoudnessMeter(rate).Integrated(Tones(rate, 997, (0, 5))), Is.EqualTo(-3.01).Within(within));

    // Poles and zeros of the weighting stay where they are, whatever the rate.
    [TestCase(22_050, 60, 0.02)]
    [TestCase(22_050, 3000, 0.1)]
    [TestCase(44_100, 60, 0.02)]
    [TestCase(44_100, 6000, 0.1)]
    [TestCase(96_000, 60, 0.02)]
    [TestCase(96_000, 6000, 0.1)]
    public void Other_rates_hear_low_and_high_tones_as_48_kHz_does(int rate, double hertz, double within) =>
        Assert.That(
            new LoudnessMeter(rate).Integrated(Tones(rate, hertz, (-10, 3))),
            Is.EqualTo(new LoudnessMeter(48_000).Integrated(Tones(48_000, hertz, (-10, 3)))).Within(within)
        );

    [TestCaseSource(nameof(Tech3341))]
    public void Tones_of_EBU_Tech_3341_have_the_loudness_that_it_asks_for(int number, (double Level, double Seconds)[] tones, int lufs) =>
        Assert.That(
            new LoudnessMeter(48_000).Integrated(Tones(48_000, 1000, tones)),
            Is.EqualTo(lufs - SecondChannel).Within(0.1),
            $"case {number}"
        );

    [Test]
    public void A_clip_shorter_than_a_block_is_one_block() =>
        Assert.That(new LoudnessMeter(48_000).Integrated(Tones(48_000, 997, (-20, 0.2))), Is.EqualTo(-23.0).Within(0.1));

    [Test]
    public void Silence_has_no_loudness()
    {
        var meter = new LoudnessMeter(44_100);
        Assert.That(meter.Integrated(new float[44_100]), Is.EqualTo(double.NegativeInfinity));
        Assert.That(meter.Ungated(new float[44_100]), Is.EqualTo(double.NegativeInfinity));
        Assert.That(meter.Integrated(Tones(44_100, 997, (-75, 1))), Is.EqualTo(double.NegativeInfinity), "below the absolute gate");
        Assert.That(meter.Ungated(Tones(44_100, 997, (-75, 1))), Is.EqualTo(-78.0).Within(0.05));
    }

    // It resamples to 48 kHz first; see above for what other rates miss.
    [TestCase(16_000, 0.1)]
    [TestCase(22_050, 0.05)]
    [TestCase(44_100, 0.02)]
    [TestCase(48_000, 0.01)]
    public void Ffmpeg_measures_the_same(int rate, double within)
    {
        string ffmpeg = InstalledFfmpeg.OrSkip();
        using var folder = new TemporaryFolder();
        short[] samples = Swelling(rate);
        string file = Sounds.WriteWav(folder.File("swelling.wav"), samples, rate);
        double measured = new LoudnessMeter(rate).Integrated(Array.ConvertAll(samples, s => s / 32768f));
        Assert.That(measured, Is.EqualTo(MeasureByFfmpeg(ffmpeg, file)).Within(within));
    }

    // Swells and fades, so that some of it falls below each of the gates; no treble, of which rates and resamplers hold more or less.
    private static short[] Swelling(int rate)
    {
        short[] noise = Sounds.Noise(12 * rate, "swelling", 0.9);
        var samples = new short[noise.Length];
        double smooth = 0;
        for (int i = 0; i < noise.Length; i++)
        {
            smooth += 0.1 * (noise[i] - smooth);
            double seconds = (double)i / rate,
                level = seconds is > 5 and < 6 ? -80 : -20 + (20 * Math.Sin(seconds));
            samples[i] = (short)(smooth * Math.Pow(10, level / 20));
        }

        return samples;
    }

    private static double MeasureByFfmpeg(string ffmpeg, string file)
    {
        var start = new ProcessStartInfo(ffmpeg)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            ArgumentList =
            {
                "-v",
                "error",
                "-i",
                file,
                "-af",
                "ebur128=metadata=1,ametadata=print:key=lavfi.r128.I:file=-",
                "-f",
                "null",
                "-",
            },
        };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        string last = output.Split('\n').Last(line => line.StartsWith("lavfi.r128.I=", StringComparison.Ordinal));
        return double.Parse(last.Split('=')[1], CultureInfo.InvariantCulture);
    }

    private static float[] Tones(int rate, double hertz, params (double Level, double Seconds)[] tones)
    {
        var samples = new List<float>();
        foreach ((double level, double seconds) in tones)
        {
            double amplitude = Math.Pow(10, level / 20);
            int end = samples.Count + (int)Math.Round(seconds * rate);
            while (samples.Count < end)
                samples.Add((float)(amplitude * Math.Sin(2 * Math.PI * hertz * samples.Count / rate)));
        }

        return [.. samples];
    }
}
