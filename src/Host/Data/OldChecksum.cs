using System.Security.Cryptography;

namespace MerBench.Host.Data;

/// <summary>Files of features and statistics as versions before 0.1 wrote them: the content, then its SHA-256, and nothing that says whose
/// it is.</summary>
internal static class OldChecksum
{
    /// <summary>The content; null where the file is cut off or changed.</summary>
    public static byte[]? Open(byte[] file)
    {
        if (file.Length < SHA256.HashSizeInBytes)
            return null;
        byte[] content = file[..^SHA256.HashSizeInBytes];
        return SHA256.HashData(content).AsSpan().SequenceEqual(file.AsSpan(content.Length)) ? content : null;
    }
}
