using System.Security.Cryptography;

namespace MerBench.Host.Data;

/// <summary>Bytes on disk, a file a key, each followed by its SHA-256; one that is cut off or changed counts as absent.</summary>
internal sealed class CheckedFiles(string folder)
{
    public byte[]? Read(string key)
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

        if (bytes.Length < SHA256.HashSizeInBytes)
            return null;
        byte[] body = bytes[..^SHA256.HashSizeInBytes];
        return SHA256.HashData(body).AsSpan().SequenceEqual(bytes.AsSpan(body.Length)) ? body : null;
    }

    /// <summary>Writes beside the final place and renames, so that a file is whole or not there.</summary>
    public void Write(string key, ReadOnlySpan<byte> body)
    {
        Directory.CreateDirectory(folder);
        string temporary = Path.Combine(folder, $"{key}.{Guid.NewGuid():N}.tmp");
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
            throw new UserErrorException($"Features cannot be stored in '{folder}': {e.Message}", ErrorKind.Environment, e);
        }
    }

    private string PathOf(string key) => Path.Combine(folder, key + ".bin");
}
