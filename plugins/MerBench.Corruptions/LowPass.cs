using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MerBench.Corruptions;

/// <summary>Where <see cref="LowPass"/> cuts.</summary>
public sealed record LowPassOptions(
    [Description(
        "Cutoff in Hz (10..96000, below half the sample rate) of severity 1, 2, ... up to 5. Default: 8000, 4000, 2000, 1000, 500."
    )]
    [Length(1, 5)]
        double[]? Cutoff = null
);

/// <summary>Removes treble: a Butterworth low-pass of fourth order, 3 dB down at the cutoff and 24 dB an octave beyond (Butterworth
/// 1930).</summary>
/// <param name="options">Where it cuts.</param>
/// <exception cref="PluginUserException">A cutoff is out of range.</exception>
[Corruption("low-pass", Summary = "Treble removed by a Butterworth filter of fourth order", Source = "Butterworth 1930")]
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
public sealed class LowPass(LowPassOptions options) : LinearFilter
{
    private readonly SeverityScale _cutoff = new("low-pass", "cutoff", options.Cutoff, [8000, 4000, 2000, 1000, 500], 10, 96_000);

    /// <inheritdoc/>
    protected override float[] Corrupt(float[] clip, CorruptionContext context, RandomStream random, CancellationToken cancel) =>
        Butterworth.LowPass(
            clip,
            Butterworth.RequireBelowNyquist("low-pass", _cutoff.At(context.Severity), context.SampleRate),
            context.SampleRate
        );
}
