using MerBench.Tests;

namespace MerBench.Corruptions.Tests;

/// <summary>Lossy formats, by the ffmpeg of this machine.</summary>
public sealed class CodecTests
{
    private static readonly float[] s_music = Sounds.Music();

    [Test]
    public void The_result_lies_on_the_clip([Values] CodecFormat format, [Values(1, 3)] int severity) =>
        Assert.That(Measured.Delay(Corrupted.Clip(new Codec(new CodecOptions(format)), s_music, severity), s_music), Is.Zero);

    [Test]
    public void Much_is_kept_at_a_high_rate([Values] CodecFormat format) =>
        Assert.That(Measured.Snr(Corrupted.Clip(new Codec(new CodecOptions(format, [64])), s_music), s_music), Is.GreaterThan(15));

    [Test]
    public void Another_run_gives_the_same_bits([Values] CodecFormat format)
    {
        var codec = new Codec(new CodecOptions(format));
        Assert.That(Corrupted.Clip(codec, s_music, 2).AsSpan().SequenceEqual(Corrupted.Clip(codec, s_music, 2)));
    }

    // MP3 and Vorbis know few low bit rates at high sample rates.
    [Test]
    public void Severities_differ_at_other_sample_rates_too([Values] CodecFormat format, [Values(16_000, 44_100, 48_000)] int sampleRate)
    {
        double[] snr =
        [
            .. Enumerable
                .Range(1, 5)
                .Select(severity =>
                {
                    using var scope = TorchSharp.torch.NewDisposeScope();
                    var context = new CorruptionContext(
                        TorchSharp.torch.tensor(s_music).unsqueeze(0),
                        Domain.Waveform,
                        severity,
                        sampleRate,
                        [RandomStream.For("clip")],
                        null
                    )
                    {
                        FindFfmpeg = InstalledFfmpeg.OrSkip,
                    };
                    float[] after = new Codec(new CodecOptions(format)).Corrupt(context, CancellationToken.None).data<float>().ToArray();
                    Assert.That(Measured.Delay(after, s_music), Is.Zero.Within(sampleRate / 2000), "half a millisecond");
                    return Measured.Snr(after, s_music);
                }),
        ];
        Assert.That(snr, Is.Unique, string.Join(" ", snr));
        Assert.That(snr[0], Is.EqualTo(snr.Max()));
    }

    [Test]
    public void A_bit_rate_that_the_encoder_refuses_is_explained() =>
        Assert.That(
            () => Corrupted.Clip(new Codec(new CodecOptions(CodecFormat.Opus, [320])), s_music),
            Throws
                .InstanceOf<PluginUserException>()
                .With.Message.Contains("22050 Hz through libopus at 320kbit/s")
                .And.Message.Contains("'bit-rate'")
                .And.Message.Not.Contains(" @ 0x")
        );

    [Test]
    public void A_program_that_does_not_start_is_explained()
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        string missing = Path.Combine(TestContext.CurrentContext.WorkDirectory, "no-such-ffmpeg");
        var context = new CorruptionContext(
            TorchSharp.torch.tensor(s_music).unsqueeze(0),
            Domain.Waveform,
            1,
            Corrupted.SampleRate,
            [RandomStream.For("clip")],
            null
        )
        {
            FindFfmpeg = () => missing,
        };
        Assert.That(
            () => new Codec(new CodecOptions()).Corrupt(context, CancellationToken.None),
            Throws.InstanceOf<PluginUserException>().With.Message.Contains(missing).And.Message.Contains("MERBENCH_FFMPEG")
        );
    }
}
