namespace MerBench.Corruptions;

/// <summary>A second-order recursive filter; coefficients of Bristow-Johnson's <em>Cookbook formulae for audio EQ biquad filter
/// coefficients</em>, divided by a0.</summary>
internal readonly record struct Biquad(double B0, double B1, double B2, double A1, double A2)
{
    /// <summary>Passes what is below a frequency; gain Q at the frequency itself.</summary>
    public static Biquad LowPass(double frequency, double q, int sampleRate)
    {
        (double cosine, double alpha) = Angle(frequency, q, sampleRate);
        return Normalised((1 - cosine) / 2, 1 - cosine, (1 - cosine) / 2, 1 + alpha, -2 * cosine, 1 - alpha);
    }

    /// <summary>Passes what is above a frequency; gain Q at the frequency itself.</summary>
    public static Biquad HighPass(double frequency, double q, int sampleRate)
    {
        (double cosine, double alpha) = Angle(frequency, q, sampleRate);
        return Normalised((1 + cosine) / 2, -1 - cosine, (1 + cosine) / 2, 1 + alpha, -2 * cosine, 1 - alpha);
    }

    /// <summary>Raises or lowers a band: exactly <paramref name="decibels"/> at its centre, 0 dB far from it.</summary>
    public static Biquad Peaking(double frequency, double q, double decibels, int sampleRate)
    {
        (double cosine, double alpha) = Angle(frequency, q, sampleRate);
        double a = Math.Pow(10, decibels / 40);
        return Normalised(1 + (alpha * a), -2 * cosine, 1 - (alpha * a), 1 + (alpha / a), -2 * cosine, 1 - (alpha / a));
    }

    /// <summary>Filters a sound in place, from rest (transposed direct form II, in double precision).</summary>
    public void Apply(Span<float> sound)
    {
        double s1 = 0,
            s2 = 0;
        foreach (ref float sample in sound)
        {
            double x = sample,
                y = (B0 * x) + s1;
            s1 = (B1 * x) - (A1 * y) + s2;
            s2 = (B2 * x) - (A2 * y);
            sample = (float)y;
        }
    }

    /// <summary>The same in double precision throughout.</summary>
    public void Apply(Span<double> sound)
    {
        double s1 = 0,
            s2 = 0;
        foreach (ref double x in sound)
        {
            double y = (B0 * x) + s1;
            s1 = (B1 * x) - (A1 * y) + s2;
            s2 = (B2 * x) - (A2 * y);
            x = y;
        }
    }

    private static (double Cosine, double Alpha) Angle(double frequency, double q, int sampleRate)
    {
        double angle = 2 * Math.PI * frequency / sampleRate;
        return (Math.Cos(angle), Math.Sin(angle) / (2 * q));
    }

    private static Biquad Normalised(double b0, double b1, double b2, double a0, double a1, double a2) =>
        new(b0 / a0, b1 / a0, b2 / a0, a1 / a0, a2 / a0);
}
