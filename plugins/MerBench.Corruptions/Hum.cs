using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MerBench.Corruptions;

/// <summary>Which hum <see cref="Hum"/> adds, and how much.</summary>
public sealed record HumOptions(
    [Description("Frequency of the mains in Hz: 50 or, in the Americas, 60.")] [Range(10, 1000)] double Frequency = 50,
    [Description("Signal-to-noise ratio in dB (-40..120) of severity 1, 2, ... up to 5. Default: 40, 30, 20, 10, 0.")]
    [Length(1, 5)]
        double[]? Snr = null
);

/// <summary>Mains hum at an exact signal-to-noise ratio: ten harmonics with amplitudes <c>1/k</c> and phases from the clip's random
/// numbers.</summary>
/// <param name="options">Which hum, and how much.</param>
/// <exception cref="PluginUserException">A ratio is out of range.</exception>
[Corruption("hum", Summary = "Mains hum with harmonics at a given signal-to-noise ratio")]
public sealed class Hum(HumOptions options) : WaveformCorruption
{
    private const int Harmonics = 10;
    private readonly SeverityScale _snr = new("hum", "snr", options.Snr, [40, 30, 20, 10, 0], -40, 120);

    /// <inheritdoc/>
    protected override float[] Corrupt(float[] clip, CorruptionContext context, RandomStream random, CancellationToken cancel)
    {
        var hum = new float[clip.Length];
        for (int k = 1; k <= Harmonics; k++)
        {
            double phase = 2 * Math.PI * random.NextDouble(),
                step = 2 * Math.PI * k * options.Frequency / context.SampleRate;
            if (step >= Math.PI)
                break;
            for (int i = 0; i < hum.Length; i++)
                hum[i] += (float)(Math.Sin((step * i) + phase) / k);
        }

        return Energy.AddAtSnr(clip, hum, _snr.At(context.Severity));
    }
}
