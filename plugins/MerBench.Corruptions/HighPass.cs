using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MerBench.Corruptions;

/// <summary>Where <see cref="HighPass"/> cuts.</summary>
public sealed record HighPassOptions(
    [Description("Cutoff in Hz (1..96000, below half the sample rate) of severity 1, 2, ... up to 5. Default: 50, 100, 200, 400, 800.")]
    [Length(1, 5)]
        double[]? Cutoff = null
);

/// <summary>Removes bass, as small loudspeakers do: a Butterworth high-pass of fourth order, 3 dB down at the cutoff and 24 dB an octave
/// below (Butterworth 1930).</summary>
/// <param name="options">Where it cuts.</param>
/// <exception cref="PluginUserException">A cutoff is out of range.</exception>
[Corruption("high-pass", Summary = "Bass removed by a Butterworth filter of fourth order", Source = "Butterworth 1930")]
[Reference(
    """
        @article{butterworth1930,
          author  = {Butterworth, Stephen},
          title   = {On the Theory of Filter Amplifiers},
          journal = {Experimental Wireless \& the Wireless Engineer},
          volume  = {7},
          pages   = {536--541},
          year    = {1930},
        }
        """
)]
public sealed class HighPass(HighPassOptions options) : LinearFilter
{
    private readonly SeverityScale _cutoff = new("high-pass", "cutoff", options.Cutoff, [50, 100, 200, 400, 800], 1, 96_000);

    /// <inheritdoc/>
    protected override float[] Corrupt(float[] clip, CorruptionContext context, RandomStream random, CancellationToken cancel) =>
        Butterworth.HighPass(
            clip,
            Butterworth.RequireBelowNyquist("high-pass", _cutoff.At(context.Severity), context.SampleRate),
            context.SampleRate
        );
}
