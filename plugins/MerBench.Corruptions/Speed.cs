using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MerBench.Corruptions;

/// <summary>How fast <see cref="Speed"/> plays.</summary>
public sealed record SpeedOptions(
    [Description(
        "Speed over the clip's (0.25..4) of severity 1, 2, ... up to 5; below 1 is slower and lower. Default: 0.98, 0.95, 0.9, 0.8, 0.7."
    )]
    [Length(1, 5)]
        double[]? Factor = null
);

/// <summary>
/// Played at another speed, as a tape: tempo and pitch move together, by band-limited interpolation. The length stays the clip's: slower
/// music is cut at the end,
/// faster music starts over. Pitch and tempo move felt emotion, so labels may no longer hold.
/// </summary>
/// <param name="options">How fast.</param>
/// <exception cref="PluginUserException">A speed is out of range.</exception>
[Corruption(
    "speed",
    Summary = "Played at another speed, tempo and pitch together",
    Source = "Smith 2002 (band-limited interpolation)",
    LabelPreserving = false
)]
[Reference(
    """
        @misc{smith2002,
          author       = {Smith, Julius O.},
          title        = {Digital Audio Resampling Home Page},
          howpublished = {Center for Computer Research in Music and Acoustics (CCRMA), Stanford University},
          year         = {2002},
          url          = {https://ccrma.stanford.edu/~jos/resample/},
        }
        """
)]
public sealed class Speed(SpeedOptions options) : WaveformCorruption
{
    private readonly SeverityScale _factor = new("speed", "factor", options.Factor, [0.98, 0.95, 0.9, 0.8, 0.7], 0.25, 4);

    /// <inheritdoc/>
    protected override float[] Corrupt(float[] clip, CorruptionContext context, RandomStream random, CancellationToken cancel) =>
        ClipLength.Keep(Playback.At(clip, _factor.At(context.Severity)), clip.Length);
}
