using System.Buffers.Binary;
using System.Text;
using MerBench.Host;

namespace MerBench.Reports.Listening;

/// <summary>Mono 16-bit PCM in a RIFF/WAVE file. Samples are rounded, without dither, so that what is read back is as near as 16 bits
/// allow.</summary>
internal static class WaveFile
{
    /// <summary>One less is the largest 16-bit sample.</summary>
    public const double FullScale = 32768;

    private const int HeaderLength = 44,
        BytesPerSample = 2;

    /// <param name="samples">In <c>[-1, 1]</c>.</param>
    /// <param name="sampleRate">In Hz.</param>
    public static byte[] Encode(ReadOnlySpan<float> samples, int sampleRate)
    {
        var file = new byte[HeaderLength + (samples.Length * BytesPerSample)];
        Span<byte> header = file;
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], file.Length - 8);
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(header[20..], 1); // PCM
        BinaryPrimitives.WriteInt16LittleEndian(header[22..], 1); // channels
        BinaryPrimitives.WriteInt32LittleEndian(header[24..], sampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(header[28..], sampleRate * BytesPerSample);
        BinaryPrimitives.WriteInt16LittleEndian(header[32..], BytesPerSample);
        BinaryPrimitives.WriteInt16LittleEndian(header[34..], 8 * BytesPerSample);
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[40..], samples.Length * BytesPerSample);
        for (int i = 0; i < samples.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(
                header[(HeaderLength + (i * BytesPerSample))..],
                (short)Math.Clamp(Math.Round(samples[i] * FullScale), -FullScale, FullScale - 1)
            );
        return file;
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="UserErrorException">It is something else.</exception>
    public static (float[] Samples, int SampleRate) Decode(ReadOnlySpan<byte> file, string path)
    {
        if (
            file.Length < HeaderLength
            || Encoding.ASCII.GetString(file[..4]) != "RIFF"
            || Encoding.ASCII.GetString(file.Slice(36, 4)) != "data"
            || BinaryPrimitives.ReadInt16LittleEndian(file[34..]) != 16
        )
            throw new UserErrorException($"{path} is no WAV file of 16-bit samples as MerBench writes it.");
        var samples = new float[(file.Length - HeaderLength) / BytesPerSample];
        for (int i = 0; i < samples.Length; i++)
            samples[i] = (float)(BinaryPrimitives.ReadInt16LittleEndian(file[(HeaderLength + (i * BytesPerSample))..]) / FullScale);
        return (samples, BinaryPrimitives.ReadInt32LittleEndian(file[24..]));
    }
}
