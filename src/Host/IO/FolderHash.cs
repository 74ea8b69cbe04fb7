using System.Security.Cryptography;
using System.Text;

namespace MerBench.Host.IO;

/// <summary>SHA-256 of names and contents of files below a folder: what it holds, wherever it lies.</summary>
public static class FolderHash
{
    // What begins with a dot is hidden, and skipped: other programs leave such files behind.
    private static readonly EnumerationOptions Everywhere = new()
    {
        RecurseSubdirectories = true,
        MaxRecursionDepth = 8,
        MatchCasing = MatchCasing.CaseInsensitive,
    };

    /// <summary>The files that match a pattern such as <c>*.wav</c>, in any case, in the order of their names.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static IEnumerable<string> FilesOf(string folder, string pattern) =>
        Directory.EnumerateFiles(folder, pattern, Everywhere).OrderBy(file => NameWithin(folder, file), StringComparer.Ordinal);

    /// <exception cref="IOException">A file cannot be read.</exception>
    public static string Compute(string folder, string pattern)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in FilesOf(folder, pattern))
            hash.AppendData(Encoding.UTF8.GetBytes($"{NameWithin(folder, file)}\0{FileHash.Compute(file)}\0"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string NameWithin(string folder, string file) => Path.GetRelativePath(folder, file).Replace('\\', '/');
}
