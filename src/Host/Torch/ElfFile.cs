using System.Buffers.Binary;
using System.Text;

namespace MerBench.Host.Torch;

/// <summary>A version of a library's symbols that an ELF file asks for, such as GLIBCXX_3.4.32.</summary>
/// <param name="IsWeak">The loader only notes that the version is missing, and goes on.</param>
internal readonly record struct NeededVersion(string Name, bool IsWeak);

/// <summary>What MerBench reads in 64-bit little-endian ELF files: whether they are whole, and which symbol versions they need.</summary>
internal static class ElfFile
{
    private const int HeaderLength = 64;
    private const int SegmentLength = 56;
    private const uint SectionOfNeededVersions = 0x6ffffffe;

    /// <summary>
    /// True when an ELF file ends before its segments or its table of sections do: the system's loader would map what is not there and
    /// end the process. Linkers put the table last, but tools that edit libraries, as PyTorch's are, put new segments behind it. False for
    /// files of any other kind.
    /// </summary>
    public static bool IsCutOff(string path)
    {
        using FileStream file = File.OpenRead(path);
        Span<byte> header = stackalloc byte[HeaderLength];
        int read = file.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false);
        if (!IsElf64(header[..read]))
            return false;
        return read < HeaderLength || (ulong)file.Length < EndOfSections(header) || IsSegmentCutOff(file, header);
    }

    /// <summary>The symbol versions that a file needs; none for a file of any other kind.</summary>
    public static IReadOnlyList<NeededVersion> NeededVersions(string path)
    {
        if (IsCutOff(path))
            return [];
        byte[] image = File.ReadAllBytes(path);
        if (!IsElf64(image))
            return [];
        var found = new List<NeededVersion>();
        for (int i = 0; i < UInt16(image, 0x3c); i++)
        {
            int section = Section(image, i);
            if (UInt32(image, section + 4) != SectionOfNeededVersions)
                continue;
            int names = OffsetOf(image, Section(image, (int)UInt32(image, section + 0x28)));
            AddNeeded(image, OffsetOf(image, section), names, found);
        }

        return found;
    }

    // Elf64_Verneed: version(2) count(2) file(4) aux(4) next(4); Elf64_Vernaux: hash(4) flags(2) other(2) name(4) next(4).
    private static void AddNeeded(byte[] image, int need, int names, List<NeededVersion> found)
    {
        while (true)
        {
            int entry = need + (int)UInt32(image, need + 8);
            for (int left = UInt16(image, need + 2); left > 0; left--)
            {
                ReadOnlySpan<byte> name = image.AsSpan(names + (int)UInt32(image, entry + 8));
                found.Add(new NeededVersion(Encoding.ASCII.GetString(name[..name.IndexOf((byte)0)]), (image[entry + 4] & 2) != 0));
                entry += (int)UInt32(image, entry + 12);
            }

            uint next = UInt32(image, need + 12);
            if (next == 0)
                return;
            need += (int)next;
        }
    }

    // Elf64_Phdr: type(4) flags(4) offset(8) address(8) address(8) length in the file(8) length in memory(8) alignment(8).
    private static bool IsSegmentCutOff(FileStream file, ReadOnlySpan<byte> header)
    {
        ulong table = BinaryPrimitives.ReadUInt64LittleEndian(header[0x20..]),
            length = (ulong)file.Length;
        int size = UInt16(header, 0x36),
            count = UInt16(header, 0x38);
        if (count == 0 || size < SegmentLength)
            return false;
        if (table > length || length - table < (ulong)(size * count))
            return true;
        byte[] segments = new byte[size * count];
        file.Position = (long)table;
        file.ReadExactly(segments);
        for (int at = 0; at < segments.Length; at += size)
        {
            ulong start = BinaryPrimitives.ReadUInt64LittleEndian(segments.AsSpan(at + 8));
            ulong held = BinaryPrimitives.ReadUInt64LittleEndian(segments.AsSpan(at + 0x20));
            if (start > length || length - start < held)
                return true;
        }

        return false;
    }

    private static bool IsElf64(ReadOnlySpan<byte> image) => image.StartsWith("\u007fELF\u0002\u0001"u8);

    private static ulong EndOfSections(ReadOnlySpan<byte> header) =>
        BinaryPrimitives.ReadUInt64LittleEndian(header[0x28..]) + ((ulong)UInt16(header, 0x3a) * UInt16(header, 0x3c));

    private static int Section(byte[] image, int index) => OffsetAt(image, 0x28) + (index * UInt16(image, 0x3a));

    private static int OffsetOf(byte[] image, int section) => OffsetAt(image, section + 0x18);

    private static int OffsetAt(byte[] image, int at) => checked((int)BinaryPrimitives.ReadUInt64LittleEndian(image.AsSpan(at)));

    private static ushort UInt16(ReadOnlySpan<byte> image, int at) => BinaryPrimitives.ReadUInt16LittleEndian(image[at..]);

    private static uint UInt32(ReadOnlySpan<byte> image, int at) => BinaryPrimitives.ReadUInt32LittleEndian(image[at..]);
}
