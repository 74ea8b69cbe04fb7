using System.Security.Cryptography;
using System.Text;

namespace MerBench.Host.Data;

/// <summary>Keys made of parts.</summary>
internal static class ContentKey
{
    /// <summary>SHA-256 of the parts, each preceded by its length so that no two lists of parts look alike.</summary>
    public static string Compute(params IEnumerable<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string part in parts)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
