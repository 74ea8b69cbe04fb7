using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MerBench.Corruptions;

/// <summary>How much <see cref="Gain"/> changes the level.</summary>
public sealed record GainOptions(
    [Description("Change of level in dB (-80..20) of severity 1, 2, ... up to 5; above 0 is louder. Default: -3, -6, -12, -18, -24.")]
    [Length(1, 5)]
        double[]? Decibels = null
);

/// <summary>Changes the level: <c>y = x 10^(dB/20)</c>. Loudness moves felt emotion, energy above all, so labels may no longer hold. The
/// host clamps what becomes louder than full scale.</summary>
/// <param name="options">How much.</param>
/// <exception cref="PluginUserException">A level is out of range.</exception>
[Corruption("gain", Summary = "Softer or louder by a given number of dB", LabelPreserving = false)]
public sealed class Gain(GainOptions options) : WaveformCorruption
{
    private readonly SeverityScale _decibels = new("gain", "decibels", options.Decibels, [-3, -6, -12, -18, -24], -80, 20);

    /// <inheritdoc/>
    protected override float[] Corrupt(float[] clip, CorruptionContext context, RandomStream random, CancellationToken cancel) =>
        Energy.Scale(clip, Math.Pow(10, _decibels.At(context.Severity) / 20));
}
