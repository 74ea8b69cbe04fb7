using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MerBench.Corruptions;

/// <summary>How much <see cref="Dropout"/> loses.</summary>
public sealed record DropoutOptions(
    [Description("Length of a packet in milliseconds.")] [Range(1, 1000)] double Packet = 20,
    [Description("Share of packets (0..0.95) lost at severity 1, 2, ... up to 5. Default: 0.01, 0.03, 0.1, 0.2, 0.4.")]
    [Length(1, 5)]
        double[]? Share = null
);

/// <summary>
/// Packets lost on a network, replaced by silence: of n packets, <c>round(share n)</c>, at least one unless the share is 0, and not all;
/// which ones, the
/// clip's random numbers say.
/// </summary>
/// <param name="options">How much.</param>
/// <exception cref="PluginUserException">A share is out of range.</exception>
[Corruption("dropout", Summary = "Packets lost on a network, silence in their place")]
public sealed class Dropout(DropoutOptions options) : WaveformCorruption
{
    private readonly SeverityScale _share = new("dropout", "share", options.Share, [0.01, 0.03, 0.1, 0.2, 0.4], 0, 0.95);

    /// <inheritdoc/>
    protected override float[] Corrupt(float[] clip, CorruptionContext context, RandomStream random, CancellationToken cancel)
    {
        int size = Math.Max(1, (int)Math.Round(options.Packet * context.SampleRate / 1000));
        int[] packets = [.. Enumerable.Range(0, (clip.Length + size - 1) / size)];
        double share = _share.At(context.Severity);
        int lost = share == 0 ? 0 : Math.Min(packets.Length - 1, Math.Max(1, (int)Math.Round(share * packets.Length)));
        random.Shuffle<int>(packets);
        foreach (int packet in packets.AsSpan(0, lost))
            clip.AsSpan(packet * size, Math.Min(size, clip.Length - (packet * size))).Clear();
        return clip;
    }
}
