using System.Buffers.Binary;
using System.Text;

namespace MerBench.Tests.NativeMend;

/// <summary>The smallest 64-bit ELF image that needs symbol versions: a header, .gnu.version_r, its strings, and three section headers at
/// the end.</summary>
internal static class SmallElf
{
    private const int HeaderSize = 64;

    /// <summary>How many bytes at the end hold section headers.</summary>
    public const int SectionHeadersSize = 3 * 64;

    /// <summary>Builds the image.</summary>
    /// <param name="libraries">Libraries with the versions needed of each; a version ending in '!' is weak already.</param>
    public static byte[] Needing(params (string Library, string[] Versions)[] libraries)
    {
        var strings = new StringBuilder("\0");
        var needs = new MemoryStream();
        for (int i = 0; i < libraries.Length; i++)
        {
            (string library, string[] versions) = libraries[i];
            bool isLast = i == libraries.Length - 1;
            Write(needs, (ushort)1, (ushort)versions.Length, Add(library), 16u, isLast ? 0u : (uint)(16 + (16 * versions.Length)));
            for (int v = 0; v < versions.Length; v++)
                Write(
                    needs,
                    0u,
                    (ushort)(versions[v].EndsWith('!') ? 2 : 0),
                    (ushort)(v + 2),
                    Add(versions[v].TrimEnd('!')),
                    v == versions.Length - 1 ? 0u : 16u
                );
        }

        byte[] needed = needs.ToArray(),
            names = Encoding.ASCII.GetBytes(strings.ToString());
        var image = new MemoryStream();
        image.Write([0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1]);
        image.SetLength(HeaderSize);
        image.Position = 0x28;
        Write(image, (ulong)(HeaderSize + needed.Length + names.Length));
        image.Position = 0x3a;
        Write(image, (ushort)64, (ushort)3);
        image.Position = HeaderSize;
        image.Write(needed);
        image.Write(names);
        image.Write(new byte[64]);
        Section(image, 0x6ffffffe, HeaderSize, needed.Length, link: 2);
        Section(image, 3, HeaderSize + needed.Length, names.Length, link: 0);
        return image.ToArray();

        uint Add(string name)
        {
            uint at = (uint)strings.Length;
            strings.Append(name).Append('\0');
            return at;
        }
    }

    private static void Section(MemoryStream image, uint type, int offset, int size, uint link)
    {
        Write(image, 0u, type, 0ul, 0ul, (ulong)offset, (ulong)size, link, 0u, 0ul, 0ul);
    }

    private static void Write(MemoryStream stream, params ReadOnlySpan<object> fields)
    {
        Span<byte> bytes = stackalloc byte[8];
        foreach (object field in fields)
        {
            int length = field switch
            {
                ushort => 2,
                uint => 4,
                _ => 8,
            };
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, Convert.ToUInt64(field, System.Globalization.CultureInfo.InvariantCulture));
            stream.Write(bytes[..length]);
        }
    }
}
