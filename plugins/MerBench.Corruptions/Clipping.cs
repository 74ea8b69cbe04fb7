using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MerBench.Corruptions;

/// <summary>How much <see cref="Clipping"/> cuts off.</summary>
public sealed record ClippingOptions(
    [Description("Share of samples (0..0.9) that is cut off at severity 1, 2, ... up to 5. Default: 0.001, 0.01, 0.05, 0.15, 0.4.")]
    [Length(1, 5)]
        double[]? Share = null
);

/// <summary>
/// Overload: <c>y = clamp(x, -t, t)</c>, where t is the quantile of <c>|x|</c> that leaves the given share of samples above it. So a soft
/// clip is
/// distorted as much as a loud one.
/// </summary>
/// <param name="options">How much.</param>
/// <exception cref="PluginUserException">A share is out of range.</exception>
[Corruption("clipping", Summary = "The loudest samples cut off, as by an overloaded input")]
public sealed class Clipping(ClippingOptions options) : WaveformCorruption
{
    private readonly SeverityScale _share = new("clipping", "share", options.Share, [0.001, 0.01, 0.05, 0.15, 0.4], 0, 0.9);

    /// <inheritdoc/>
    protected override float[] Corrupt(float[] clip, CorruptionContext context, RandomStream random, CancellationToken cancel)
    {
        float[] magnitudes = Array.ConvertAll(clip, Math.Abs);
        Array.Sort(magnitudes);
        int above = (int)(_share.At(context.Severity) * clip.Length);
        float threshold = magnitudes[clip.Length - 1 - above];
        return Array.ConvertAll(clip, x => Math.Clamp(x, -threshold, threshold));
    }
}
