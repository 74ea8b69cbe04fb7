using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MerBench.Corruptions;

/// <summary>How coarse <see cref="Quantisation"/> is.</summary>
public sealed record QuantisationOptions(
    [Description("Bits a sample (2..24) of severity 1, 2, ... up to 5. Default: 8, 7, 6, 5, 4.")] [Length(1, 5)] double[]? Bits = null
);

/// <summary>
/// Few bits a sample, without dither: <c>y = d round(x / d)</c> with the step <c>d = p 2^(1-bits)</c>, p the clip's peak, as by a recorder
/// set to it. The
/// error is at most d/2 (Bennett 1948).
/// </summary>
/// <param name="options">How coarse.</param>
/// <exception cref="PluginUserException">A number of bits is out of range.</exception>
[Corruption("quantisation", Summary = "Few bits a sample, without dither", Source = "Bennett 1948")]
[Reference(
    """
        @article{bennett1948,
          author  = {Bennett, William R.},
          title   = {Spectra of Quantized Signals},
          journal = {Bell System Technical Journal},
          volume  = {27},
          number  = {3},
          pages   = {446--472},
          year    = {1948},
          doi     = {10.1002/j.1538-7305.1948.tb01340.x},
        }
        """
)]
public sealed class Quantisation(QuantisationOptions options) : WaveformCorruption
{
    private readonly SeverityScale _bits = new("quantisation", "bits", options.Bits, [8, 7, 6, 5, 4], 2, 24);

    /// <inheritdoc/>
    protected override float[] Corrupt(float[] clip, CorruptionContext context, RandomStream random, CancellationToken cancel)
    {
        double step = clip.Max(Math.Abs) * Math.Pow(2, 1 - _bits.At(context.Severity));
        return step > 0 ? Array.ConvertAll(clip, x => (float)(step * Math.Round(x / step))) : clip;
    }
}
