using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace MerBench.Host.IO;

/// <summary>SHA-256 of files, in lower-case hex; a file is read again only when its size or time changed.</summary>
public static class FileHash
{
    private static readonly ConcurrentDictionary<(string Path, long Length, DateTime Written), string> Known = new();

    /// <exception cref="IOException">The file cannot be read.</exception>
    public static string Compute(string path)
    {
        var file = new FileInfo(path);
        return Known.GetOrAdd(
            (file.FullName, file.Length, file.LastWriteTimeUtc),
            static key =>
            {
                using FileStream stream = File.OpenRead(key.Path);
                return Convert.ToHexStringLower(SHA256.HashData(stream));
            }
        );
    }
}
