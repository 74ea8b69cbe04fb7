using static TorchSharp.torch;

namespace MerBench.FrontEnds.LogMel;

/// <summary>From what the filters give to what models read; each clip by itself. Gradients are finite everywhere.</summary>
internal static class Loudness
{
    private const double LeastPower = 1e-10,
        LeastAmplitude = 1e-5;

    // Of clips that do not vary.
    private const double LeastVariance = 1e-12,
        LeastRange = 1e-6;

    private static readonly long[] OfClip = [1, 2];

    /// <param name="energies">What the filters give, <c>[B, T, F]</c>, at least 0.</param>
    public static Tensor Convert(Tensor energies, OutputOptions options) =>
        options.As switch
        {
            OutputKind.PowerToDb => Decibels(energies, 10, options.Amin ?? LeastPower, options),
            OutputKind.AmplitudeToDb => Decibels(energies, 20, options.Amin ?? LeastAmplitude, options),
            OutputKind.Log => (energies + options.Eps).log(),
            _ => energies,
        };

    /// <param name="features"><c>[B, T, F]</c>.</param>
    public static Tensor Normalise(Tensor features, PerClip perClip)
    {
        switch (perClip)
        {
            case PerClip.ZScore:
                Tensor centred = features - features.mean(OfClip, keepdim: true);
                return centred / centred.square().mean(OfClip, keepdim: true).clamp_min(LeastVariance).sqrt();
            case PerClip.MinMax:
                Tensor least = features.amin(OfClip, keepdim: true);
                return (features - least) / (features.amax(OfClip, keepdim: true) - least).clamp_min(LeastRange);
            default:
                return features;
        }
    }

    private static Tensor Decibels(Tensor energies, double factor, double least, OutputOptions options)
    {
        Tensor decibels = factor * energies.clamp_min(least).log10();
        if (options.Ref == DecibelReference.Max)
            decibels = decibels - decibels.amax(OfClip, keepdim: true);
        return options.TopDb > 0 ? maximum(decibels, decibels.amax(OfClip, keepdim: true) - options.TopDb) : decibels;
    }
}
