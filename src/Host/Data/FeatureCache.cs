using System.Runtime.InteropServices;

namespace MerBench.Host.Data;

/// <summary>Features of one excerpt, <c>[Frames, Bands]</c> row by row, before standardisation.</summary>
internal sealed record ClipFeatures(int Frames, int Bands, float[] Values);

/// <summary>Features on disk, by content: magic, frames, bands, values.</summary>
internal sealed class FeatureCache(string folder)
{
    private const int HeaderLength = 12;
    private readonly CheckedFiles _files = new(folder);

    private static ReadOnlySpan<byte> Magic => "MBF1"u8;

    public ClipFeatures? Read(string key)
    {
        ReadOnlySpan<byte> body = _files.Read(key);
        if (body.Length < HeaderLength || !body.StartsWith(Magic))
            return null;
        ReadOnlySpan<int> shape = MemoryMarshal.Cast<byte, int>(body[Magic.Length..HeaderLength]);
        float[] values = MemoryMarshal.Cast<byte, float>(body[HeaderLength..]).ToArray();
        return values.Length == (long)shape[0] * shape[1] ? new ClipFeatures(shape[0], shape[1], values) : null;
    }

    public void Write(string key, ClipFeatures features) =>
        _files.Write(
            key,
            [.. Magic, .. MemoryMarshal.AsBytes<int>([features.Frames, features.Bands]), .. MemoryMarshal.AsBytes<float>(features.Values)]
        );
}
