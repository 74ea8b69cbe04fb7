using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MerBench.Corruptions;

/// <summary>How far <see cref="Equaliser"/> moves its bands.</summary>
public sealed record EqualiserOptions(
    [Description("How many dB (0..24) each band is raised or lowered at severity 1, 2, ... up to 5. Default: 2, 4, 6, 9, 12.")]
    [Length(1, 5)]
        double[]? Decibels = null
);

/// <summary>
/// Another tone colour: bands around 125, 500, 2000 and 8000 Hz, two octaves apart and wide (Q 0.7), are each raised or lowered by the same
/// number of
/// dB; the clip's random numbers choose which way. Bands that do not fit below half the sample rate are left out. Energy stays the clip's.
/// Filters: Bristow-Johnson's peaking biquads.
/// </summary>
/// <param name="options">How far.</param>
/// <exception cref="PluginUserException">A gain is out of range.</exception>
[Corruption(
    "equaliser",
    Summary = "Four bands, each raised or lowered at random by a given number of dB",
    Source = "Bristow-Johnson, Audio EQ cookbook"
)]
[Reference(
    """
        @misc{bristowjohnson2021,
          author       = {Bristow-Johnson, Robert},
          title        = {Audio {EQ} Cookbook},
          howpublished = {W3C Working Group Note, edited by Raymond Toy},
          year         = {2021},
          url          = {https://www.w3.org/TR/audio-eq-cookbook/},
        }
        """
)]
public sealed class Equaliser(EqualiserOptions options) : WaveformCorruption
{
    private const double Quality = 0.7;
    private static readonly double[] Centres = [125, 500, 2000, 8000];
    private readonly SeverityScale _decibels = new("equaliser", "decibels", options.Decibels, [2, 4, 6, 9, 12], 0, 24);

    /// <inheritdoc/>
    protected override float[] Corrupt(float[] clip, CorruptionContext context, RandomStream random, CancellationToken cancel)
    {
        double decibels = _decibels.At(context.Severity);
        float[] filtered = [.. clip];
        foreach (double centre in Centres)
        {
            double signed = random.NextInt32(2) == 0 ? decibels : -decibels;
            if (centre < context.SampleRate / 2.0)
                Biquad.Peaking(centre, Quality, signed, context.SampleRate).Apply(filtered);
        }

        return Energy.Match(filtered, clip);
    }
}
