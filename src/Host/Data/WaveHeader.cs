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

    // Lengths of 64 bits stand in a chunk of their own.
    private const long Elsewhere = 0xffff_ffff;

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

    /// <summary>Whether lengths have 64 bits, as in RF64 and BW64.</summary>
    public bool IsLong { get; private init; }

    /// <summary>Whether the length was not known when the header was written.</summary>
    public bool IsStreamed => Left > Declared ? Declared == 0 : !IsLong && Declared >= LeastOfUnknown;

    public bool HasFloats => Format == Floats && Bits is 32 or 64;

    /// <summary>Bytes of samples that the file has.</summary>
    public long Bytes => IsStreamed ? Left : Math.Min(Declared, Left);

    /// <summary>Length by the header; null where it does not say.</summary>
    public double? Seconds => IsStreamed || BlockBytes == 0 || Rate == 0 ? null : Declared / ((double)BlockBytes * Rate);

    /// <summary>How ffmpeg is told to read the file; nothing where it finds that by itself. Where 64 bits of length are 0, it reads
    /// nothing: it is told what the header says.</summary>
    public IReadOnlyList<string> Reading
    {
        get
        {
            if (!IsLong || !IsStreamed || Raw is not { } raw)
                return Decoder is { } decoder ? ["-c:a", decoder] : [];
            return
            [
                "-f",
                raw,
                "-ar",
                Rate.ToString(CultureInfo.InvariantCulture),
                "-ac",
                Channels.ToString(CultureInfo.InvariantCulture),
                "-skip_initial_bytes",
                Start.ToString(CultureInfo.InvariantCulture),
            ];
        }
    }

    private int WordBytes => Channels == 0 ? 0 : BlockBytes / Channels;

    private string? Raw =>
        (Format, WordBytes) switch
        {
            (Integers, 1) => "u8",
            (Integers, 2) => "s16le",
            (Integers, 3) => "s24le",
            (Integers, 4) => "s32le",
            (Floats, 4) => "f32le",
            (Floats, 8) => "f64le",
            _ => null,
        };

    /// <summary>
    /// The decoder to ask for; null where ffmpeg finds it. Of samples in larger words, such as 24 bits in 32, it looks at the bits alone;
    /// they stand at the upper end of their word.
    /// </summary>
    private string? Decoder
    {
        get
        {
            if (Format != Integers || WordBytes == (Bits + 7) / 8)
                return null;
            return WordBytes switch
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
        bool isLong = riff.StartsWith("RF64"u8) || riff.StartsWith("BW64"u8);
        return riff.EndsWith("WAVE"u8) && (isLong || riff.StartsWith("RIFF"u8)) ? ReadChunks(file, isLong) : null;
    }

    private static WaveHeader? ReadChunks(FileStream file, bool isLong)
    {
        WaveHeader? header = null;
        long declared = 0;
        while (NextChunk(file) is var (name, length))
        {
            long start = file.Position;
            if (name == "ds64")
                declared = ReadLength(file);
            if (name == "fmt ")
                header = ReadFormat(file, length);
            if (name != "data")
            {
                Skip(file, start, length);
                continue;
            }

            if (isLong && length == Elsewhere)
                length = declared;
            return header is null
                ? null
                : header with
                {
                    Start = start,
                    Declared = length,
                    Left = file.Length - start,
                    Unread = Behind(file, length),
                    IsLong = isLong,
                };
        }

        return null;
    }

    // That of the samples, behind that of the whole file; 0 where it is not known.
    private static long ReadLength(FileStream file)
    {
        Span<byte> lengths = stackalloc byte[16];
        return file.ReadAtLeast(lengths, lengths.Length, throwOnEndOfStream: false) < lengths.Length
            ? 0
            : Math.Max(0, BinaryPrimitives.ReadInt64LittleEndian(lengths[8..]));
    }

    private static WaveHeader? ReadFormat(FileStream file, long length)
    {
        byte[] format = new byte[Math.Clamp(length, 0, 40)];
        if (format.Length < 16 || file.ReadAtLeast(format, format.Length, throwOnEndOfStream: false) < format.Length)
            return null;
        int tag = Short(0),
            bits = Short(14);
        if (tag == Extensible && format.Length >= 26)
            (tag, bits) = (Short(24), Short(18) > 0 ? Short(18) : bits);
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
