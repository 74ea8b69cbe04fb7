using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MerBench.Corruptions;

/// <summary>A lossy format.</summary>
public enum CodecFormat
{
    /// <summary>MPEG layer III by LAME.</summary>
    Mp3,

    /// <summary>Opus by libopus.</summary>
    Opus,

    /// <summary>Vorbis by libvorbis.</summary>
    Vorbis,
}

/// <summary>Which format <see cref="Codec"/> goes through, and at which bit rates.</summary>
public sealed record CodecOptions(
    [Description("mp3 (LAME), opus (libopus) or vorbis (libvorbis).")] CodecFormat Format = CodecFormat.Mp3,
    [Description(
        "Bit rate in kbit/s (4..320), mono, of severity 1, 2, ... up to 5. Default: mp3 64, 32, 24, 16, 8; opus 64, 32, 16, 10, 6; "
            + "vorbis 64, 48, 32, 24, 16."
    )]
    [Length(1, 5)]
        double[]? BitRate = null
);

/// <summary>
/// Through a lossy format and back, at a constant bit rate (Vorbis: a mean one), by the ffmpeg that the host has found; the same ffmpeg
/// gives the same sound. The
/// containers say by how much the coder delays, and the decoder takes it off, so that the result lies on the clip. Below 32 kbit/s MP3 and
/// Vorbis go through
/// 22050 samples a second where the clip has more, for they know no such bit rates at higher ones.
/// </summary>
[Corruption(
    "codec",
    Summary = "Through MP3, Opus or Vorbis and back, at a given bit rate; needs ffmpeg",
    Source = "LAME, libopus, libvorbis by way of ffmpeg"
)]
public sealed class Codec : WaveformCorruption
{
    private readonly CodecFormat _format;
    private readonly SeverityScale _bitRate;

    /// <summary>Creates the corruption.</summary>
    /// <param name="options">Which format, and at which bit rates.</param>
    /// <exception cref="PluginUserException">A bit rate is out of range.</exception>
    public Codec(CodecOptions options) =>
        (_format, _bitRate) = (options.Format, new SeverityScale("codec", "bit-rate", options.BitRate, Standard(options.Format), 4, 320));

    /// <inheritdoc/>
    /// <exception cref="PluginUserException">ffmpeg or its encoder is missing, or the encoder refuses bit rate or sample rate.</exception>
    protected override float[] Corrupt(float[] clip, CorruptionContext context, RandomStream random, CancellationToken cancel)
    {
        var ffmpeg = new FfmpegCoder(context.FindFfmpeg(), _format, context.SampleRate);
        return ClipLength.Keep(ffmpeg.RoundTrip(clip, _bitRate.At(context.Severity), cancel), clip.Length);
    }

    private static double[] Standard(CodecFormat format) =>
        format switch
        {
            CodecFormat.Mp3 => [64, 32, 24, 16, 8],
            CodecFormat.Opus => [64, 32, 16, 10, 6],
            _ => [64, 48, 32, 24, 16],
        };
}
