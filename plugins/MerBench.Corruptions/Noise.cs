using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using static TorchSharp.torch;

namespace MerBench.Corruptions;

/// <summary>The spectrum of noise.</summary>
public enum NoiseColor
{
    /// <summary>Equal power at all frequencies.</summary>
    White,

    /// <summary>Power falling as 1/f, 10 dB a decade.</summary>
    Pink,

    /// <summary>Power falling as 1/f^2, 20 dB a decade.</summary>
    Brown,
}

/// <summary>Which noise <see cref="Noise"/> adds, and how much.</summary>
public sealed record NoiseOptions(
    [Description("white: equal power at all frequencies; pink: power falling as 1/f; brown: as 1/f^2.")]
        NoiseColor Color = NoiseColor.White,
    [Description("Signal-to-noise ratio in dB of severity 1, 2, ... up to 5. Default: 40, 30, 20, 10, 0.")]
    [Length(1, 5)]
        double[]? Snr = null
);

/// <summary>
/// Adds noise at an exact signal-to-noise ratio, <c>10 log10(sum x^2 / sum n^2)</c> over all elements of a clip, as
/// <see cref="Norm.Snr"/> measures it. The default ratios, 40 to 0 dB, run from barely audible to as loud as the music.
/// <list type="bullet">
/// <item>Waveform: white noise is Gaussian; pink noise has amplitude <c>1/sqrt(f)</c> and a random phase at each frequency of the clip,
/// brown noise
/// amplitude <c>1/f</c> from 20 Hz, below which nobody hears.</item>
/// <item>
/// Features (standardised, so that x^2 is measured from the mean): white noise is Gaussian and independent in each frame and band; pink
/// and brown noise are so along time and independent between bands: slow drifts of a band, as by changing background sound.
/// </item>
/// </list>
/// A silent clip stays silent. Where the domain has a box, clamping to it afterwards may remove some noise of loud clips.
/// </summary>
[Corruption("noise", Summary = "White, pink or brown noise at a given signal-to-noise ratio", Source = "Timmer and König 1995")]
[Reference(
    """
        @article{timmer1995,
          author  = {Timmer, Jens and König, Michel},
          title   = {On Generating Power Law Noise},
          journal = {Astronomy and Astrophysics},
          volume  = {300},
          pages   = {707--710},
          year    = {1995},
        }
        """
)]
public sealed class Noise : DifferentiableCorruption
{
    private const double LowestAudible = 20;
    private readonly NoiseColor _color;
    private readonly SeverityScale _snr;

    /// <summary>Creates the corruption.</summary>
    /// <param name="options">Which noise, and how much.</param>
    /// <exception cref="PluginUserException">A ratio is not finite.</exception>
    public Noise(NoiseOptions options) =>
        (_color, _snr) = (options.Color, new SeverityScale("noise", "snr", options.Snr, [40, 30, 20, 10, 0]));

    /// <inheritdoc/>
    public override IReadOnlyList<Domain> Domains { get; } = [Domain.Waveform, Domain.Features];

    /// <inheritdoc/>
    public override bool IsExact => true;

    /// <inheritdoc/>
    public override Tensor Approach(CorruptionContext context)
    {
        double snr = _snr.At(context.Severity);
        using var scope = NewDisposeScope();
        var corrupted = new Tensor[context.Random.Count];
        for (int i = 0; i < corrupted.Length; i++)
        {
            using var clipScope = NewDisposeScope();
            Tensor clip = context.Input[i];
            corrupted[i] = (clip + AtSnr(Draw(clip.detach(), context, context.Random[i]), clip, snr)).MoveToOuterDisposeScope();
        }

        return stack(corrupted).MoveToOuterDisposeScope();
    }

    private Tensor Draw(Tensor clip, CorruptionContext context, RandomStream random)
    {
        if (_color == NoiseColor.Pink)
            return ColoredNoise.Like(clip, random, exponent: 1);
        if (_color == NoiseColor.Brown)
        {
            double lowest = context.Domain == Domain.Waveform ? LowestAudible * clip.shape[0] / context.SampleRate : 1;
            return ColoredNoise.Like(clip, random, exponent: 2, (long)Math.Ceiling(lowest));
        }

        var values = new float[clip.numel()];
        random.FillNormal(values);
        return tensor(values).reshape(clip.shape).to(clip.device);
    }

    // Energies in float64: the squares of half a minute of samples lose digits in float32.
    private static Tensor AtSnr(Tensor noise, Tensor clip, double snr)
    {
        Tensor signalNorm = clip.to(ScalarType.Float64).norm(),
            noiseNorm = noise.to(ScalarType.Float64).norm();
        Tensor gain = signalNorm / noiseNorm.clamp_min(1e-30) * Math.Pow(10, -snr / 20);
        return (noise * gain).to(clip.dtype);
    }
}
