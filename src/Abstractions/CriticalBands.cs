namespace MerBench;

/// <summary>The ear's critical bands, in quarters of a Bark, and how far a sound masks its neighbours.</summary>
internal static class CriticalBands
{
    private const double Step = 0.25;

    /// <summary>The band of each frequency bin, and the centre of each band in Bark.</summary>
    public static (int[] BandOfBin, double[] Centres) Divide(int bins, int sampleRate)
    {
        int[] bands = [.. Enumerable.Range(0, bins).Select(bin => (int)(Bark(bin * sampleRate / 2.0 / (bins - 1)) / Step))];
        return (bands, [.. Enumerable.Range(0, bands[^1] + 1).Select(b => (b + 0.5) * Step)]);
    }

    /// <summary>Which band each bin belongs to, as a matrix of ones and zeros, row by row a bin.</summary>
    public static float[] Assign(int[] bandOfBin, int bands)
    {
        var assign = new float[bandOfBin.Length * bands];
        for (int bin = 0; bin < bandOfBin.Length; bin++)
            assign[(bin * bands) + bandOfBin[bin]] = 1;
        return assign;
    }

    /// <summary>The share of the power in a band that reaches each band, row by row a masker; rows sum to 1.</summary>
    public static float[] SpreadMatrix(double[] centres)
    {
        var spread = new float[centres.Length * centres.Length];
        for (int from = 0; from < centres.Length; from++)
        {
            double[] shares = [.. centres.Select(to => Spread(to - centres[from]))];
            double all = shares.Sum();
            for (int to = 0; to < centres.Length; to++)
                spread[(from * centres.Length) + to] = (float)(shares[to] / all);
        }

        return spread;
    }

    /// <summary>Frequency in Bark (Zwicker and Terhardt 1980).</summary>
    public static double Bark(double hertz) => (13 * Math.Atan(0.00076 * hertz)) + (3.5 * Math.Atan(Math.Pow(hertz / 7500, 2)));

    /// <summary>Share of a masker's power that reaches a band <paramref name="distance"/> Bark above it (Schroeder, Atal and Hall 1979,
    /// equation for the spreading function).</summary>
    public static double Spread(double distance) =>
        Math.Pow(10, (15.81 + (7.5 * (distance + 0.474)) - (17.5 * Math.Sqrt(1 + Math.Pow(distance + 0.474, 2)))) / 10);

    /// <summary>The threshold in quiet in dB SPL (Terhardt 1979).</summary>
    public static double InQuiet(double hertz)
    {
        double kilo = Math.Max(hertz, 20) / 1000;
        return (3.64 * Math.Pow(kilo, -0.8)) - (6.5 * Math.Exp(-0.6 * Math.Pow(kilo - 3.3, 2))) + (1e-3 * Math.Pow(kilo, 4));
    }
}
