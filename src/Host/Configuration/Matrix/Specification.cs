using System.Security.Cryptography;

namespace MerBench.Host.Configuration.Matrix;

/// <summary>Everything that a stored result depends on, as canonical JSON (UTF-8).</summary>
public sealed class Specification(byte[] json)
{
    public ReadOnlyMemory<byte> Json => json;

    /// <summary>The name of the result: SHA-256 of the JSON.</summary>
    public string Key { get; } = Convert.ToHexStringLower(SHA256.HashData(json));
}
