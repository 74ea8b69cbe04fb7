using System.Buffers.Binary;
using System.Text;

namespace MerBench.Tests.Native;

/// <summary>The smallest library that Linux loads on x86-64: one function at most, which returns a number, the libraries it needs, and a
/// function of others that it calls.</summary>
internal static class SmallLibrary
{
    private const ushort X64 = 62,
        Arm64 = 183;
    private const int Symbols = 288,
        Hash = Symbols + (3 * 24),
        Code = Hash + (6 * 4),
        Strings = 400,
        Dynamic = 4096,
        Entries = 12,
        Got = Dynamic + (Entries * 16),
        Relocation = Got + (4 * 8),
        End = Relocation + 24;

    /// <summary>Writes it under its own name.</summary>
    /// <param name="path">Where; the file name is the name by which other libraries need it.</param>
    /// <param name="function">Its function.</param>
    /// <param name="returns">What the function returns.</param>
    /// <param name="needs">A library that it needs.</param>
    /// <param name="calls">A function of another library, which is looked up at its first call, or when everything is bound at
    /// once.</param>
    /// <param name="isForArm">Whether it says it is for another processor.</param>
    public static void Write(
        string path,
        string function = "nothing",
        ulong returns = 0,
        string? needs = null,
        bool isForArm = false,
        string? calls = null
    )
    {
        byte[] image = new byte[End];
        int end = Strings + 1;
        int name = Text(image, function, ref end),
            self = Text(image, Path.GetFileName(path), ref end);
        int needed = needs is null ? 0 : Text(image, needs, ref end),
            called = calls is null ? 0 : Text(image, calls, ref end);

        ((ReadOnlySpan<byte>)[0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1]).CopyTo(image);
        Put(image, 16, (ushort)3, isForArm ? Arm64 : X64, 1u, 0ul, 64ul, 0ul, 0u, (ushort)64, (ushort)56, (ushort)4);
        Segment(image, 0, type: 1, flags: 5, offset: 0, length: end);
        Segment(image, 1, type: 1, flags: 6, offset: Dynamic, length: End - Dynamic);
        Segment(image, 2, type: 2, flags: 6, offset: Dynamic, length: Entries * 16);
        Segment(image, 3, type: 0x6474e551, flags: 6, offset: 0, length: 0);
        Put(image, Symbols + 24, (uint)name, (byte)0x12, (byte)0, (ushort)1, (ulong)Code, 11ul);
        Put(image, Symbols + 48, (uint)called, (byte)0x12);
        Put(image, Hash, 1u, 3u, 1u, 0u, 0u, 0u);
        Put(image, Code, (byte)0x48, (byte)0xb8, returns, (byte)0xc3);
        Put(
            image,
            Dynamic,
            4ul,
            (ulong)Hash,
            5ul,
            (ulong)Strings,
            6ul,
            (ulong)Symbols,
            10ul,
            (ulong)(end - Strings),
            11ul,
            24ul,
            14ul,
            (ulong)self
        );
        if (needs is not null)
            Put(image, Dynamic + (6 * 16), 1ul, (ulong)needed);
        if (calls is not null)
        {
            // DT_PLTGOT, DT_PLTRELSZ, DT_PLTREL, DT_JMPREL; one R_X86_64_JUMP_SLOT of the third symbol.
            Put(image, Dynamic + ((needs is null ? 6 : 7) * 16), 3ul, (ulong)Got, 2ul, 24ul, 20ul, 7ul, 23ul, (ulong)Relocation);
            Put(image, Relocation, (ulong)(Got + 24), (2ul << 32) | 7, 0ul);
        }

        File.WriteAllBytes(path, image);
    }

    private static void Segment(byte[] image, int index, uint type, uint flags, int offset, int length) =>
        Put(image, 64 + (index * 56), type, flags, (ulong)offset, (ulong)offset, (ulong)offset, (ulong)length, (ulong)length, 4096ul);

    private static int Text(byte[] image, string text, ref int end)
    {
        int start = end;
        end += Encoding.ASCII.GetBytes(text, image.AsSpan(start)) + 1;
        return start - Strings;
    }

    private static void Put(byte[] image, int at, params ReadOnlySpan<object> fields)
    {
        Span<byte> bytes = stackalloc byte[8];
        foreach (object field in fields)
        {
            int length = field switch
            {
                byte => 1,
                ushort => 2,
                uint => 4,
                _ => 8,
            };
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, Convert.ToUInt64(field, System.Globalization.CultureInfo.InvariantCulture));
            bytes[..length].CopyTo(image.AsSpan(at));
            at += length;
        }
    }
}
