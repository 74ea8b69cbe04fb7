using System.Collections.Concurrent;
using static TorchSharp.torch;

namespace MerBench.Host.Cells;

/// <summary>
/// The "SNR" of Hoedt, Flexer and Widmer (2025), <c>mel_spec_snr</c> of their published code, so that results can be set beside theirs:
/// clean spectrogram and perturbation are each inverted by
/// <c>librosa.feature.inverse.mel_to_stft</c>, as if they were Mel spectrograms, and the differences of the decibels are averaged over all
/// bins.
/// </summary>
/// <remarks>
/// It is no ratio of energies: what is inverted is standardised, partly negative, and not in Mel bands, and the published code hands frames
/// over where bands are expected. librosa's solver stops
/// where it starts, at the pseudo-inverse with negative values cut, because its gradient is divided by the number of values; so this is
/// that point.
/// </remarks>
public static class MelInversionSnr
{
    private const int SampleRate = 22050,
        FrameSize = 2048;
    private const double LeastPower = 1e-10,
        RangeDb = 80;

    // Powers lie between 1e-10 and far less than 1e30, so that products of eight stay within float64.
    private const int Halvings = 3;

    // Filters that hold no frequency bin have singular values of zero but for rounding.
    private const double RankTolerance = 1e-9;

    private static readonly ConcurrentDictionary<long, double[]> Inverses = new();

    /// <summary>In dB, one a clip.</summary>
    /// <param name="input">Clean features <c>[B, T, F]</c>.</param>
    /// <param name="delta">Perturbation, same shape.</param>
    public static double[] Measure(Tensor input, Tensor delta)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        Tensor inverse = tensor(Inverses.GetOrAdd(input.shape[1], PseudoInverse), dtype: float64)
            .reshape((FrameSize / 2) + 1, input.shape[1]);
        Tensor clean = input.cpu().to(float64),
            change = delta.cpu().to(float64);
        // Clip by clip, so that all of it stays in the cache.
        return
        [
            .. Enumerable
                .Range(0, (int)input.shape[0])
                .Select(clip => MeanDecibels(inverse, clean[clip]) - MeanDecibels(inverse, change[clip])),
        ];
    }

    // The power spectrogram is the square of librosa's amplitude: what is inverted itself. The inverse cancels much and needs float64.
    private static double MeanDecibels(Tensor inverse, Tensor spectrogram)
    {
        using var scope = NewDisposeScope();
        Tensor power = matmul(inverse, spectrogram).clamp_min_(LeastPower);
        power.clamp_min_(power.max().item<double>() * Math.Pow(10, -RangeDb / 10));
        // Logarithms take most of the time, and one of a product is the sum of many.
        Tensor left = power.flatten();
        double sum = 0;
        for (int i = 0; i < Halvings; i++)
        {
            long half = left.numel() / 2;
            if (left.numel() % 2 == 1)
                sum += Math.Log10(left[^1].item<double>());
            left = left[..(int)half] * left[(int)half..(int)(2 * half)];
        }

        sum += left.log10_().sum().item<double>();
        return 10 * sum / power.numel();
    }

    private static double[] PseudoInverse(long bands)
    {
        using var scope = NewDisposeScope();
        return linalg
            .pinv(tensor(MelFilters((int)bands)).reshape(bands, (FrameSize / 2) + 1), atol: 0, rtol: RankTolerance)
            .contiguous()
            .data<double>()
            .ToArray();
    }

    // librosa.filters.mel: Slaney's scale and normalisation, 0 Hz to half the sample rate.
    private static double[] MelFilters(int bands)
    {
        const int Bins = (FrameSize / 2) + 1;
        double highest = Mel(SampleRate / 2.0);
        double[] edges = [.. Enumerable.Range(0, bands + 2).Select(i => Hertz(highest * i / (bands + 1)))];
        var filters = new double[bands * Bins];
        for (int band = 0; band < bands; band++)
        {
            double low = edges[band],
                centre = edges[band + 1],
                high = edges[band + 2];
            for (int bin = 0; bin < Bins; bin++)
            {
                double frequency = (double)bin * SampleRate / FrameSize;
                filters[(band * Bins) + bin] =
                    Math.Max(0, Math.Min((frequency - low) / (centre - low), (high - frequency) / (high - centre))) * 2 / (high - low);
            }
        }

        return filters;
    }

    private const double LinearHertzPerMel = 200.0 / 3,
        LogarithmicFrom = 1000,
        LogarithmicStep = 0.06875177742094912;

    private static double Mel(double hertz) =>
        hertz < LogarithmicFrom
            ? hertz / LinearHertzPerMel
            : (LogarithmicFrom / LinearHertzPerMel) + (Math.Log(hertz / LogarithmicFrom) / LogarithmicStep);

    private static double Hertz(double mel) =>
        mel < LogarithmicFrom / LinearHertzPerMel
            ? mel * LinearHertzPerMel
            : LogarithmicFrom * Math.Exp(LogarithmicStep * (mel - (LogarithmicFrom / LinearHertzPerMel)));
}
