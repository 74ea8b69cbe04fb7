using System.Runtime.InteropServices;
using MerBench.Host.Storage;

namespace MerBench.Host.Data;

/// <summary>Features of one excerpt, <c>[Frames, Bands]</c> row by row, before standardisation.</summary>
internal sealed record ClipFeatures(int Frames, int Bands, float[] Values);

/// <summary>Features on disk, by content: magic, frames, bands, values.</summary>
internal sealed class FeatureCache(StoreFolder store)
{
    private const int HeaderLength = 12;
    private readonly FileEntries _entries = new(store, EntryKind.Features);

    private static ReadOnlySpan<byte> Magic => "MBF1"u8;

    public ClipFeatures? Read(string key)
    {
        if (_entries.Read(key, OldChecksum.Open) is not { Length: >= HeaderLength, Span: var content } || !content.StartsWith(Magic))
            return null;
        ReadOnlySpan<int> shape = MemoryMarshal.Cast<byte, int>(content[Magic.Length..HeaderLength]);
        float[] values = MemoryMarshal.Cast<byte, float>(content[HeaderLength..]).ToArray();
        return values.Length == (long)shape[0] * shape[1] ? new ClipFeatures(shape[0], shape[1], values) : null;
    }

    public void Write(string key, ClipFeatures features) =>
        _entries.Write(
            key,
            [.. Magic, .. MemoryMarshal.AsBytes<int>([features.Frames, features.Bands]), .. MemoryMarshal.AsBytes<float>(features.Values)]
        );
}
