using System.Runtime.InteropServices;

namespace MerBench.Host.Data;

/// <summary>Statistics of full recordings on disk, by content: magic, mean, variance.</summary>
internal sealed class StatisticsCache(string folder)
{
    private readonly CheckedFiles _files = new(folder);

    private static ReadOnlySpan<byte> Magic => "MBS1"u8;

    public ClipStatistics? Read(string key)
    {
        ReadOnlySpan<byte> body = _files.Read(key);
        if (!body.StartsWith(Magic))
            return null;
        return MemoryMarshal.Cast<byte, double>(body[Magic.Length..]) is [var mean, var variance]
            ? new ClipStatistics(mean, variance)
            : null;
    }

    public void Write(string key, ClipStatistics statistics) =>
        _files.Write(key, [.. Magic, .. MemoryMarshal.AsBytes<double>([statistics.Mean, statistics.Variance])]);
}
