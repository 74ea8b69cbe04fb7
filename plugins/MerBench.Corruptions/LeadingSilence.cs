using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace MerBench.Corruptions;

/// <summary>How long <see cref="LeadingSilence"/> waits.</summary>
public sealed record LeadingSilenceOptions(
    [Description("Silence in seconds (0..600, shorter than the clip) of severity 1, 2, ... up to 5. Default: 0.05, 0.1, 0.2, 0.5, 1.")]
    [Length(1, 5)]
        double[]? Seconds = null
);

/// <summary>The music starts later: silence first, then the clip, cut at its old length.</summary>
/// <param name="options">How long.</param>
/// <exception cref="PluginUserException">A duration is out of range.</exception>
[Corruption("leading-silence", Summary = "Silence before the music, which is cut at the end")]
public sealed class LeadingSilence(LeadingSilenceOptions options) : WaveformCorruption
{
    private readonly SeverityScale _seconds = new("leading-silence", "seconds", options.Seconds, [0.05, 0.1, 0.2, 0.5, 1], 0, 600);

    /// <inheritdoc/>
    protected override float[] Corrupt(float[] clip, CorruptionContext context, RandomStream random, CancellationToken cancel)
    {
        double seconds = _seconds.At(context.Severity);
        int delay = (int)Math.Round(seconds * context.SampleRate);
        if (delay >= clip.Length)
        {
            throw new PluginUserException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The corruption 'leading-silence' would leave nothing: {seconds} s of silence in a clip of "
                        + $"{(double)clip.Length / context.SampleRate:0.##} s. Lower 'seconds' or leave severity {context.Severity} out."
                )
            );
        }

        return [.. new float[delay], .. clip.AsSpan(0, clip.Length - delay)];
    }
}
