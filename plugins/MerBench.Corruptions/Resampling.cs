using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MerBench.Corruptions;

/// <summary>Through which sample rate <see cref="Resampling"/> goes.</summary>
public sealed record ResamplingOptions(
    [Description("Sample rate in Hz (500..192000, whole) of severity 1, 2, ... up to 5. Default: 16000, 11025, 8000, 5512, 4000.")]
    [Length(1, 5)]
        double[]? Rate = null
);

/// <summary>
/// Down to a lower sample rate and back, by band-limited interpolation (windowed sinc; Smith 2002): nothing is left above half that rate,
/// and what is below is kept.
/// A rate not below the clip's changes nothing that can be heard.
/// </summary>
/// <param name="options">Through which rate.</param>
/// <exception cref="PluginUserException">A rate is out of range.</exception>
[Corruption("resampling", Summary = "Down to a lower sample rate and back", Source = "Smith 2002 (band-limited interpolation)")]
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
public sealed class Resampling(ResamplingOptions options) : WaveformCorruption
{
    private readonly SeverityScale _rate = new("resampling", "rate", options.Rate, [16_000, 11_025, 8000, 5512, 4000], 500, 192_000);

    /// <inheritdoc/>
    protected override float[] Corrupt(float[] clip, CorruptionContext context, RandomStream random, CancellationToken cancel)
    {
        int rate = (int)_rate.At(context.Severity);
        return ClipLength.Keep(Playback.Resample(Playback.Resample(clip, context.SampleRate, rate), rate, context.SampleRate), clip.Length);
    }
}
