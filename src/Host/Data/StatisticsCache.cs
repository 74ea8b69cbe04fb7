using System.Runtime.InteropServices;
using MerBench.Host.Storage;

namespace MerBench.Host.Data;

/// <summary>Statistics of full recordings on disk, by content: magic, mean, variance.</summary>
internal sealed class StatisticsCache(StoreFolder store)
{
    private readonly FileEntries _entries = new(store, EntryKind.Statistics);

    private static ReadOnlySpan<byte> Magic => "MBS1"u8;

    public ClipStatistics? Read(string key)
    {
        if (_entries.Read(key, OldChecksum.Open) is not { Span: var content } || !content.StartsWith(Magic))
            return null;
        return MemoryMarshal.Cast<byte, double>(content[Magic.Length..]) is [var mean, var variance]
            ? new ClipStatistics(mean, variance)
            : null;
    }

    public void Write(string key, ClipStatistics statistics) =>
        _entries.Write(key, [.. Magic, .. MemoryMarshal.AsBytes<double>([statistics.Mean, statistics.Variance])]);
}
