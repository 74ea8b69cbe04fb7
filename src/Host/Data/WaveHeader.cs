using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using MerBench.Host.Text;

namespace MerBench.Host.Data;

/// <summary>What a WAV file says of its samples, where ffmpeg takes its word too literally.</summary>
internal sealed record WaveHeader(int Format, int Channels, int Rate, int BlockBytes, int Bits)
{
    private const int Integers = 1;
    private const int Floats = 3;
    private const int Extensible = 0xfffe;

    // Programs that write to a pipe do not know the length: they write 0, or the most that fits, rounded down at their own taste.
    private const long LeastOfUnknown = 0x7fff_0000;

    // What is left of a chunk's header by programs that cut.
    private const int Negligible = 16;

    /// <summary>Where the samples begin.</summary>
    public long Start { get; private init; }

    /// <summary>Bytes of samples, as declared.</summary>
    public long Declared { get; private init; }

    /// <summary>Bytes from the first sample to the end of the file.</summary>
    public long Left { get; private init; }

    /// <summary>Bytes behind the samples that are no chunk of the file.</summary>
    public long Unread { get; private init; }

    /// <summary>Whether the length was not known when the header was written.</summary>
    public bool IsStreamed => Left > Declared ? Declared == 0 : Declared >= LeastOfUnknown;

    public bool HasFloats => Format == Floats && Bits is 32 or 64;

    /// <summary>Bytes of samples that the file has.</summary>
    public long Bytes => IsStreamed ? Left : Math.Min(Declared, Left);

    /// <summary>Length by the header; null where it does not say.</summary>
    public double? Seconds => IsStreamed || BlockBytes == 0 || Rate == 0 ? null : Declared / ((double)BlockBytes * Rate);

    /// <summary>
    /// The decoder to ask for; null where ffmpeg finds it. Of samples in larger words, such as 24 bits in 32, it looks at the bits alone;
    /// they stand at the upper end of their word.
    /// </summary>
    public string? Decoder
    {
        get
        {
            int wordBytes = Channels == 0 ? 0 : BlockBytes / Channels;
            if (Format != Integers || wordBytes == (Bits + 7) / 8)
                return null;
            return wordBytes switch
            {
                2 => "pcm_s16le",
                3 => "pcm_s24le",
                4 => "pcm_s32le",
                _ => null,
            };
        }
    }

    /// <summary>Why there is nothing to decode, or null.</summary>
    public string? Complaint
    {
        get
        {
            if (Channels == 0)
                return "its header says that it has no channel";
            if (Rate == 0)
                return "its header says that it has 0 samples a second";
            return Left == 0 ? "it holds no samples" : null;
        }
    }

    /// <summary>What somebody should know of it, or null.</summary>
    public string? Remark =>
        Unread > 0 && Seconds is { } seconds
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"its header says {seconds:0.###} s, and {ShortList.Count(Unread)} bytes more stand behind them, which are not read"
            )
            : null;

    /// <summary>The header of a file; null where the file is none of this kind, or has no samples.</summary>
    public static WaveHeader? Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        Span<byte> riff = stackalloc byte[12];
        if (file.ReadAtLeast(riff, riff.Length, throwOnEndOfStream: false) < riff.Length)
            return null;
        return riff.StartsWith("RIFF"u8) && riff.EndsWith("WAVE"u8) ? ReadChunks(file) : null;
    }

    private static WaveHeader? ReadChunks(FileStream file)
    {
        WaveHeader? header = null;
        while (NextChunk(file) is var (name, length))
        {
            if (name == "fmt ")
                header = ReadFormat(file, length);
            if (name == "data")
                return header is null
                    ? null
                    : header with
                    {
                        Start = file.Position,
                        Declared = length,
                        Left = file.Length - file.Position,
                        Unread = Behind(file, length),
                    };
            Skip(file, file.Position, name == "fmt " ? 0 : length);
        }

        return null;
    }

    private static WaveHeader? ReadFormat(FileStream file, long length)
    {
        long start = file.Position;
        byte[] format = new byte[Math.Clamp(length, 0, 40)];
        if (format.Length < 16 || file.ReadAtLeast(format, format.Length, throwOnEndOfStream: false) < format.Length)
            return null;
        int tag = Short(0),
            bits = Short(14);
        if (tag == Extensible && format.Length >= 26)
            (tag, bits) = (Short(24), Short(18) > 0 ? Short(18) : bits);
        Skip(file, start, length);
        return new WaveHeader(tag, Short(2), BinaryPrimitives.ReadInt32LittleEndian(format.AsSpan(4)), Short(12), bits);

        int Short(int at) => BinaryPrimitives.ReadUInt16LittleEndian(format.AsSpan(at));
    }

    private static (string Name, long Length)? NextChunk(FileStream file)
    {
        Span<byte> chunk = stackalloc byte[8];
        return file.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false) < chunk.Length
            ? null
            : (Encoding.Latin1.GetString(chunk[..4]), BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]));
    }

    // Chunks begin at even places.
    private static void Skip(FileStream file, long start, long length) => file.Position = start + length + (length & 1);

    // Behind the samples other chunks may follow, each with a name of four letters.
    private static long Behind(FileStream file, long length)
    {
        Skip(file, file.Position, length);
        long at = file.Position;
        while (at < file.Length && NextChunk(file) is var (name, more) && name.All(c => c is >= ' ' and <= '~'))
        {
            Skip(file, file.Position, more);
            at = file.Position;
        }

        long unread = file.Length - at;
        return unread > Negligible ? unread : 0;
    }
}
