using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MerBench.Corruptions;

/// <summary>How long <see cref="Reverb"/> lasts.</summary>
public sealed record ReverbOptions(
    [Description("Reverberation time in seconds (0.01..20) of severity 1, 2, ... up to 5. Default: 0.1, 0.3, 0.8, 2, 5.")]
    [Length(1, 5)]
        double[]? Time = null
);

/// <summary>
/// A room: the clip convolved with a synthetic impulse response, exponentially decaying Gaussian noise after the direct sound (Polack
/// 1988). The time T is
/// that of a fall by 60 dB; reverberant over direct energy is T / 1 s. Another room for each clip. Energy stays the clip's, and so does the
/// length: what rings on after the end is cut.
/// </summary>
/// <param name="options">How long.</param>
/// <exception cref="PluginUserException">A time is out of range.</exception>
[Corruption("reverb", Summary = "A synthetic room of given reverberation time", Source = "Polack 1988")]
[Reference(
    """
        @phdthesis{polack1988,
          author = {Polack, Jean-Dominique},
          title  = {La transmission de l'énergie sonore dans les salles},
          school = {Université du Maine, Le Mans},
          year   = {1988},
        }
        """
)]
public sealed class Reverb(ReverbOptions options) : WaveformCorruption
{
    private readonly SeverityScale _time = new("reverb", "time", options.Time, [0.1, 0.3, 0.8, 2, 5], 0.01, 20);

    /// <inheritdoc/>
    protected override float[] Corrupt(float[] clip, CorruptionContext context, RandomStream random, CancellationToken cancel) =>
        Energy.Match(ImpulseResponse.Convolve(clip, ImpulseResponse.Draw(_time.At(context.Severity), context.SampleRate, random)), clip);
}
