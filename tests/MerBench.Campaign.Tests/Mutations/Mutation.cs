using System.Buffers.Binary;
using System.Text;

namespace MerBench.Tests.Campaign;

/// <summary>Damages a file as disks, transfers, editors and people of ill will do.</summary>
internal static class Mutation
{
    // What parsers of text and of numbers stumble over.
    private static readonly byte[][] s_tokens =
    [
        .. new[]
        {
            "null",
            "~",
            "-1",
            "0",
            "1e999",
            "-1e-999",
            "NaN",
            ".inf",
            "99999999999999999999",
            "2147483648",
            "[",
            "{",
            "}",
            "]",
            ":",
            "\"",
            "'",
            ",",
            ";",
            "\t",
            "\r",
            "\n",
            "\n\n",
            "- ",
            "&a ",
            "*a",
            "<<: *a",
            "!!python/object/apply:os.system",
            "${HOME}",
            "${",
            "../../../etc/passwd",
            "\u0000",
            "\ufeff",
            "\u202e",
            "\ud83c\udfb5",
            "c__builtin__\neval\n",
            "true",
            "2001-01-01",
            "0x1F",
            "1_000",
            "=1+1",
        }.Select(Encoding.UTF8.GetBytes),
        [0xff],
        [0xc3, 0x28],
    ];

    private static readonly long[] s_numbers =
    [
        0,
        1,
        -1,
        127,
        255,
        32767,
        65535,
        int.MaxValue,
        uint.MaxValue,
        long.MaxValue,
        long.MinValue,
    ];

    /// <summary>One to four changes of a file.</summary>
    /// <param name="others">Files of the same kind, to take pieces from.</param>
    public static byte[] Apply(byte[] file, IReadOnlyList<byte[]> others, Random random)
    {
        byte[] changed = file;
        // More than one of them rarely gets beyond the syntax.
        for (int i = random.Next(3) == 0 ? random.Next(2, 5) : 1; i > 0; i--)
            changed = ApplyOne(changed, others, random);
        return changed;
    }

    private static byte[] ApplyOne(byte[] file, IReadOnlyList<byte[]> others, Random random)
    {
        int at = random.Next(file.Length + 1),
            length = Math.Min(random.Next(1, 1 + Math.Max(1, file.Length / 8)), file.Length - at);
        return random.Next(10) switch
        {
            0 => file[..at],
            1 => Splice(file, at, length, []),
            2 => Splice(file, at, 0, file.AsSpan(at, length)),
            3 => Splice(file, at, length, Take(others[random.Next(others.Count)], random)),
            4 => Splice(file, at, random.Next(2) * Math.Min(length, 8), s_tokens[random.Next(s_tokens.Length)]),
            5 => Repeat(file, at, s_tokens[random.Next(s_tokens.Length)], random.Next(2) == 0 ? 10 : 5000),
            6 => WriteNumber(file, at, random),
            7 => Splice(file, at, length, new byte[length]),
            _ => FlipBits(file, at, random),
        };
    }

    private static byte[] Splice(byte[] file, int at, int removed, ReadOnlySpan<byte> added) =>
        [.. file.AsSpan(0, at), .. added, .. file.AsSpan(at + Math.Min(removed, file.Length - at))];

    private static ReadOnlySpan<byte> Take(byte[] file, Random random)
    {
        int at = random.Next(file.Length + 1);
        return file.AsSpan(at, Math.Min(random.Next(1, 200), file.Length - at));
    }

    private static byte[] Repeat(byte[] file, int at, byte[] token, int times)
    {
        byte[] all = new byte[token.Length * times];
        for (int i = 0; i < times; i++)
            token.CopyTo(all, i * token.Length);
        return Splice(file, at, 0, all);
    }

    private static byte[] WriteNumber(byte[] file, int at, Random random)
    {
        byte[] number = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, s_numbers[random.Next(s_numbers.Length)]);
        int width = 1 << random.Next(1, 4);
        return Splice(file, at, width, number.AsSpan(0, width));
    }

    private static byte[] FlipBits(byte[] file, int at, Random random)
    {
        byte[] changed = [.. file];
        if (at < file.Length)
            changed[at] ^= (byte)(1 << random.Next(8));
        return changed;
    }
}
