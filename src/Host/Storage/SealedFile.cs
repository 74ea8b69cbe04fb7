using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MerBench.Host.Storage;

/// <summary>A file that proves itself: a line with format, kind, key and checksum, then the content.</summary>
internal static class SealedFile
{
    public const string Extension = ".entry";
    private const string Mark = "merbench-entry";
    private const int Current = 1,
        LongestLine = 400;

    /// <summary>What the content begins with, for a content.</summary>
    public static byte[] Line(EntryKind kind, string key, ReadOnlySpan<byte> content) =>
        Encoding.UTF8.GetBytes(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Mark} {Current} {kind.Name} {key} {Convert.ToHexStringLower(SHA256.HashData(content))}\n"
            )
        );

    /// <summary>The content of a whole file, or what is wrong with it.</summary>
    public static (ReadOnlyMemory<byte> Content, string? Fault) Open(byte[] file, EntryKind kind, string key)
    {
        int end = file.AsSpan(0, Math.Min(file.Length, LongestLine)).IndexOf((byte)'\n');
        if (end < 0 || Encoding.UTF8.GetString(file, 0, end).Split(' ') is not [Mark, var format, var ofKind, var ofKey, var checksum])
            return (default, file.Length == 0 ? "it is empty" : "its first line is damaged");
        if (!int.TryParse(format, NumberStyles.None, CultureInfo.InvariantCulture, out int version) || version < Current)
            return (default, "its first line is damaged");
        if (version > Current)
            return (default, string.Create(CultureInfo.InvariantCulture, $"it is of a newer version of MerBench (format {version})"));
        if (ofKind != kind.Name || ofKey != key)
            return (default, $"it is another entry ({ofKind}/{ofKey})");
        ReadOnlyMemory<byte> content = file.AsMemory(end + 1);
        return Convert.ToHexStringLower(SHA256.HashData(content.Span)) == checksum
            ? (content, null)
            : (default, "it is damaged (its checksum is another)");
    }
}
