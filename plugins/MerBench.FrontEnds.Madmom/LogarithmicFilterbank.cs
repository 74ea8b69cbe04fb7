namespace MerBench.FrontEnds.Madmom;

/// <summary>
/// Triangular filters at the FFT bins nearest to logarithmically spaced frequencies, each normalised to sum 1
/// (madmom.audio.filters.LogarithmicFilterbank with unique_filters and norm_filters). Frequencies above the last bin all fall on it.
/// </summary>
public sealed class LogarithmicFilterbank
{
    private const double ConcertPitch = 440;
    private readonly float[] _weights;

    /// <summary>Computes the filters.</summary>
    /// <exception cref="PluginUserException">The options leave no filter.</exception>
    public LogarithmicFilterbank(MadmomLogOptions options)
    {
        BinCount = options.FrameSize / 2;
        double binWidth = (double)options.SampleRate / options.FrameSize;
        int[] bins = [.. Frequencies(options).Select(f => NearestBin(f, binWidth)).Distinct()];
        BandCount = bins.Length - 2;
        if (BandCount < 1)
        {
            throw new PluginUserException(
                $"madmom-log: no filter fits between minimum-frequency {options.MinimumFrequency} and maximum-frequency "
                    + $"{options.MaximumFrequency} Hz "
                    + $"with frame-size {options.FrameSize}; widen the range or use a larger frame."
            );
        }

        _weights = new float[BinCount * BandCount];
        for (int band = 0; band < BandCount; band++)
            Fill(band, bins[band], bins[band + 1], bins[band + 2]);
        CenterFrequencies =
        [
            .. Enumerable.Range(0, BandCount).Select(band => CenterBin(bins[band], bins[band + 1], bins[band + 2]) * binWidth),
        ];
    }

    /// <summary>FFT bins that are filtered: all but the Nyquist bin.</summary>
    public int BinCount { get; }

    /// <summary>How many filters there are.</summary>
    public int BandCount { get; }

    /// <summary>Frequency of each filter's peak, in Hz.</summary>
    public IReadOnlyList<double> CenterFrequencies { get; }

    /// <summary>The weights <c>[bin, band]</c>, row by row.</summary>
    public ReadOnlySpan<float> Weights => _weights;

    private static IEnumerable<double> Frequencies(MadmomLogOptions options)
    {
        int first = (int)Math.Floor(Math.Log2(options.MinimumFrequency / ConcertPitch) * options.BandsPerOctave);
        int last = (int)Math.Ceiling(Math.Log2(options.MaximumFrequency / ConcertPitch) * options.BandsPerOctave);
        for (int k = first; k <= last; k++)
        {
            double frequency = ConcertPitch * Math.Pow(2, (double)k / options.BandsPerOctave);
            if (frequency >= options.MinimumFrequency && frequency <= options.MaximumFrequency)
                yield return frequency;
        }
    }

    private int NearestBin(double frequency, double binWidth)
    {
        // Bin 0 is never chosen, and a frequency half-way between two bins goes to the upper one, as in madmom.
        int upper = Math.Clamp((int)Math.Ceiling(frequency / binWidth), 1, BinCount - 1);
        return frequency - ((upper - 1) * binWidth) < (upper * binWidth) - frequency ? upper - 1 : upper;
    }

    private void Fill(int band, int start, int center, int stop)
    {
        double sum = 0;
        for (int bin = start; bin < stop; bin++)
            sum += Triangle(bin, start, center, stop);
        for (int bin = start; bin < stop; bin++)
            _weights[(bin * BandCount) + band] = (float)(Triangle(bin, start, center, stop) / sum);
    }

    // madmom looks for the peak in all bins of a filter but the last, unless there is only one.
    private static int CenterBin(int start, int center, int stop) => Math.Max(start + 1, Math.Min(center, stop - 2));

    private static double Triangle(int bin, int start, int center, int stop) =>
        bin < center ? (double)(bin - start) / (center - start) : 1 - ((double)(bin - center) / (stop - center));
}
