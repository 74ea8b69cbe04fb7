namespace MerBench.FrontEnds.LogMel;

/// <summary>
/// Triangular filters whose corners are equally far apart on a Mel scale (librosa.filters.mel, torchaudio.functional.melscale_fbanks).
/// Where filters are narrower than the distance of two bins, some may hold none; their bands are silent then, as in both libraries.
/// </summary>
public sealed class MelFilterbank
{
    private const double LinearHertzPerMel = 200.0 / 3,
        LogarithmicFrom = 1000;
    private static readonly double LogarithmicStep = Math.Log(6.4) / 27;

    private readonly float[] _weights;

    /// <summary>Computes the filters.</summary>
    /// <param name="options">How many, and where.</param>
    /// <param name="sampleRate">In Hz.</param>
    /// <param name="frameSize">Samples a frame.</param>
    /// <exception cref="PluginUserException">The range is empty, or ends above half the sample rate.</exception>
    public MelFilterbank(MelOptions options, int sampleRate, int frameSize)
    {
        double highest = options.Fmax ?? sampleRate / 2.0;
        if (!(options.Fmin < highest) || highest > sampleRate / 2.0)
            throw new PluginUserException(
                FormattableString.Invariant(
                    $"log-mel: filters from fmin {options.Fmin} to fmax {highest} Hz are not possible at {sampleRate} Hz: fmax must lie "
                ) + FormattableString.Invariant($"above fmin and at most at half the sample rate, {sampleRate / 2.0}.")
            );
        (BinCount, BandCount) = ((frameSize / 2) + 1, options.NMels);
        double first = ToMel(options.Fmin, options.Scale),
            last = ToMel(highest, options.Scale);
        double[] corners =
        [
            .. Enumerable.Range(0, BandCount + 2).Select(i => ToHertz(first + ((last - first) * i / (BandCount + 1)), options.Scale)),
        ];
        _weights = new float[BinCount * BandCount];
        for (int bin = 0; bin < BinCount; bin++)
        for (int band = 0; band < BandCount; band++)
            _weights[(bin * BandCount) + band] = Weigh((double)bin * sampleRate / frameSize, corners.AsSpan(band, 3), options.Norm);
    }

    /// <summary>FFT bins that are filtered: all of them.</summary>
    public int BinCount { get; }

    /// <summary>How many filters there are.</summary>
    public int BandCount { get; }

    /// <summary>The weights <c>[bin, band]</c>, row by row.</summary>
    public ReadOnlySpan<float> Weights => _weights;

    private static float Weigh(double frequency, ReadOnlySpan<double> corners, MelNorm norm)
    {
        double rising = (frequency - corners[0]) / (corners[1] - corners[0]),
            falling = (corners[2] - frequency) / (corners[2] - corners[1]);
        double height = norm == MelNorm.Slaney ? 2 / (corners[2] - corners[0]) : 1;
        return (float)(Math.Max(0, Math.Min(rising, falling)) * height);
    }

    private static double ToMel(double hertz, MelScale scale)
    {
        if (scale == MelScale.Htk)
            return 2595 * Math.Log10(1 + (hertz / 700));
        return hertz < LogarithmicFrom
            ? hertz / LinearHertzPerMel
            : (LogarithmicFrom / LinearHertzPerMel) + (Math.Log(hertz / LogarithmicFrom) / LogarithmicStep);
    }

    private static double ToHertz(double mel, MelScale scale)
    {
        if (scale == MelScale.Htk)
            return 700 * (Math.Pow(10, mel / 2595) - 1);
        double bend = LogarithmicFrom / LinearHertzPerMel;
        return mel < bend ? mel * LinearHertzPerMel : LogarithmicFrom * Math.Exp(LogarithmicStep * (mel - bend));
    }
}
