using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MerBench.Corruptions;

/// <summary>How often <see cref="Crackle"/> clicks.</summary>
public sealed record CrackleOptions(
    [Description("Clicks a second (0..10000) at severity 1, 2, ... up to 5. Default: 3, 10, 30, 100, 300.")]
    [Length(1, 5)]
        double[]? Rate = null
);

/// <summary>
/// A worn record: clicks at random times (a Poisson process), each a damped oscillation <c>a exp(-t/d) sin(2 pi f t)</c> of 500 to 4000 Hz
/// that decays in
/// d = 0.1 to 1 ms. Their amplitudes are log-normal, 6 dB around twice the clip's root mean square, for clicks are heavy-tailed and follow
/// no music
/// (Godsill and Rayner 1998, <em>Digital Audio Restoration</em>, ch. 5).
/// </summary>
/// <param name="options">How often.</param>
/// <exception cref="PluginUserException">A rate is out of range.</exception>
[Corruption("crackle", Summary = "Clicks as of a worn record", Source = "Godsill and Rayner 1998")]
[Reference(
    """
        @book{godsill1998,
          author    = {Godsill, Simon J. and Rayner, Peter J. W.},
          title     = {Digital Audio Restoration: A Statistical Model Based Approach},
          publisher = {Springer},
          year      = {1998},
          doi       = {10.1007/978-1-4471-1561-8},
        }
        """
)]
public sealed class Crackle(CrackleOptions options) : WaveformCorruption
{
    private const double MedianOverRms = 2,
        SpreadDecibels = 6;
    private readonly SeverityScale _rate = new("crackle", "rate", options.Rate, [3, 10, 30, 100, 300], 0, 10_000);

    /// <inheritdoc/>
    protected override float[] Corrupt(float[] clip, CorruptionContext context, RandomStream random, CancellationToken cancel)
    {
        double rate = _rate.At(context.Severity),
            rms = Math.Sqrt(Energy.Measure(clip) / clip.Length);
        if (rate == 0)
            return clip;
        for (double place = NextGap(); place < clip.Length; place += NextGap())
            AddClick(
                clip,
                (int)place,
                rms * MedianOverRms * Math.Pow(10, SpreadDecibels * random.NextNormal() / 20),
                context.SampleRate,
                random
            );
        return clip;

        double NextGap() => -Math.Log(1 - random.NextDouble()) * context.SampleRate / rate;
    }

    private static void AddClick(float[] clip, int start, double amplitude, int sampleRate, RandomStream random)
    {
        double decay = (0.1 + (0.9 * random.NextDouble())) * 1e-3 * sampleRate;
        double step = 2 * Math.PI * (500 + (3500 * random.NextDouble())) / sampleRate;
        double signed = random.NextInt32(2) == 0 ? amplitude : -amplitude;
        int end = Math.Min(clip.Length, start + (int)(10 * decay) + 1);
        for (int i = start; i < end; i++)
            clip[i] += (float)(signed * Math.Exp((start - i) / decay) * Math.Sin(step * (i - start + 1)));
    }
}
