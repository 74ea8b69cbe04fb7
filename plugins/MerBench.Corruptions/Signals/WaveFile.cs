using System.Buffers.Binary;
using System.Globalization;

namespace MerBench.Corruptions;

/// <summary>Reads WAV files: PCM of 16, 24 or 32 bits and floats of 32 or 64, of any number of channels.</summary>
internal static class WaveFile
{
    private const int Integers = 1,
        Floats = 3,
        Extensible = 0xfffe;
    private const long MostBytes = 1L << 28;

    // What programs write that did not know the length.
    private const uint LeastOfUnknown = 0x7fff_0000;

    /// <summary>Samples of the first channel, full scale 1, and their rate in Hz.</summary>
    /// <exception cref="PluginUserException">What is wrong with the file; the message leaves out the path.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static (float[] Samples, int Rate) Read(string path)
    {
        if (new FileInfo(path).Length > MostBytes)
            throw new PluginUserException("it is larger than 256 MB");
        ReadOnlySpan<byte> file = File.ReadAllBytes(path);
        if (file.Length < 12 || !file.StartsWith("RIFF"u8) || !file[8..].StartsWith("WAVE"u8))
            throw new PluginUserException("it is no WAV file");
        ReadOnlySpan<byte> format = FindChunk(file, "fmt "u8);
        if (format.Length < 16)
            throw new PluginUserException("its header says nothing of its samples");
        int tag = BinaryPrimitives.ReadUInt16LittleEndian(format),
            channels = BinaryPrimitives.ReadUInt16LittleEndian(format[2..]),
            rate = BinaryPrimitives.ReadInt32LittleEndian(format[4..]),
            frame = BinaryPrimitives.ReadUInt16LittleEndian(format[12..]),
            bits = BinaryPrimitives.ReadUInt16LittleEndian(format[14..]);
        if (tag == Extensible && format.Length >= 26)
            tag = BinaryPrimitives.ReadUInt16LittleEndian(format[24..]);
        SampleReader decoder = Decoder(tag, bits);
        if (channels == 0 || rate is < 1000 or > 1_000_000 || frame != channels * (bits / 8))
            throw new PluginUserException(
                string.Create(CultureInfo.InvariantCulture, $"its header says {channels} channels at {rate} Hz, {frame} bytes a frame")
            );
        return (Decode(FindChunk(file, "data"u8), frame, decoder), rate);
    }

    private delegate double SampleReader(ReadOnlySpan<byte> bytes);

    private static SampleReader Decoder(int tag, int bits) =>
        (tag, bits) switch
        {
            (Integers, 16) => b => BinaryPrimitives.ReadInt16LittleEndian(b) / 32768.0,
            (Integers, 24) => b => ((b[0] << 8) | (b[1] << 16) | (b[2] << 24)) / 2147483648.0,
            (Integers, 32) => b => BinaryPrimitives.ReadInt32LittleEndian(b) / 2147483648.0,
            (Floats, 32) => b => BinaryPrimitives.ReadSingleLittleEndian(b),
            (Floats, 64) => BinaryPrimitives.ReadDoubleLittleEndian,
            _ => throw new PluginUserException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"its samples are of format {tag} with {bits} bits; what is read is PCM of 16, 24 or 32 bits and floats of 32 or 64, "
                ) + "as of 'ffmpeg -i IN -c:a pcm_f32le OUT.wav'"
            ),
        };

    private static float[] Decode(ReadOnlySpan<byte> data, int frame, SampleReader decoder)
    {
        var samples = new float[data.Length / frame];
        if (samples.Length == 0)
            throw new PluginUserException("it holds no samples");
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = (float)decoder(data[(i * frame)..]);
            if (!float.IsFinite(samples[i]))
                throw new PluginUserException(string.Create(CultureInfo.InvariantCulture, $"its sample {i} is not finite"));
        }

        return samples;
    }

    private static ReadOnlySpan<byte> FindChunk(ReadOnlySpan<byte> file, ReadOnlySpan<byte> name)
    {
        long at = 12;
        while (at + 8 <= file.Length)
        {
            ReadOnlySpan<byte> header = file.Slice((int)at, 8);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
            long left = file.Length - at - 8;
            if (header.StartsWith(name))
                return file.Slice((int)at + 8, (int)Known(length, left));
            // Chunks begin at even places.
            at += 8 + length + (length & 1);
        }

        return [];
    }

    private static long Known(uint length, long left)
    {
        if (length >= LeastOfUnknown)
            return left;
        return length <= left
            ? length
            : throw new PluginUserException(
                string.Create(CultureInfo.InvariantCulture, $"it is cut: its header promises {length} bytes where {left} are")
            );
    }
}
