using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MerBench.Host.Data;

/// <summary>Features of one excerpt, <c>[Frames, Bands]</c> row by row, before standardisation.</summary>
internal sealed record ClipFeatures(int Frames, int Bands, float[] Values);

/// <summary>
/// Features on disk, a file a key. A file is magic, frames, bands, values and the SHA-256 of all that; one that is cut off or changed
/// counts as absent.
/// </summary>
internal sealed class FeatureCache(string folder)
{
    private const int HeaderLength = 12;
    private static ReadOnlySpan<byte> Magic => "MBF1"u8;

    public ClipFeatures? Read(string key)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(PathOf(key));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        if (bytes.Length < HeaderLength + SHA256.HashSizeInBytes || !bytes.AsSpan().StartsWith(Magic)) return null;
        ReadOnlySpan<byte> body = bytes.AsSpan(..^SHA256.HashSizeInBytes);
        if (!SHA256.HashData(body).AsSpan().SequenceEqual(bytes.AsSpan(body.Length))) return null;
        ReadOnlySpan<int> shape = MemoryMarshal.Cast<byte, int>(body[Magic.Length..HeaderLength]);
        float[] values = MemoryMarshal.Cast<byte, float>(body[HeaderLength..]).ToArray();
        return values.Length == (long)shape[0] * shape[1] ? new ClipFeatures(shape[0], shape[1], values) : null;
    }

    /// <summary>Writes beside the final place and renames, so that a file is whole or not there.</summary>
    public void Write(string key, ClipFeatures features)
    {
        Directory.CreateDirectory(folder);
        string temporary = Path.Combine(folder, $"{key}.{Guid.NewGuid():N}.tmp");
        byte[] body = [.. Magic, .. MemoryMarshal.AsBytes<int>([features.Frames, features.Bands]), .. MemoryMarshal.AsBytes<float>(features.Values)];
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew))
            {
                stream.Write(body);
                stream.Write(SHA256.HashData(body));
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, PathOf(key), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw new UserErrorException($"Features cannot be stored in '{folder}': {e.Message}", 4, e);
        }
    }

    private string PathOf(string key) => Path.Combine(folder, key + ".bin");
}
