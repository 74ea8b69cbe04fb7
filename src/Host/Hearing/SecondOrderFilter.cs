namespace MerBench.Host.Hearing;

/// <summary>A digital filter, <c>H(z) = (b0 + b1 z^-1 + b2 z^-2) / (1 + a1 z^-1 + a2 z^-2)</c>.</summary>
internal readonly record struct SecondOrderFilter(double B0, double B1, double B2, double A1, double A2)
{
    /// <summary>
    /// The filter of the same analogue prototype at another sample rate: the bilinear transform is undone and done again, warped so that
    /// the poles' natural frequency stays where it is.
    /// </summary>
    /// <param name="from">The filter's sample rate in Hz.</param>
    /// <param name="to">The other one; more than twice the natural frequency.</param>
    public SecondOrderFilter At(double from, double to)
    {
        (double n0, double n1, double n2) = Prototype(B0, B1, B2);
        (double d0, double d1, double d2) = Prototype(1, A1, A2);
        double warped = Math.Sqrt(d0 / d2);
        double c = warped / Math.Tan(Math.Atan(warped) * from / to);
        (double b0, double b1, double b2) = Digital(n0, n1 * c, n2 * c * c);
        (double a0, double a1, double a2) = Digital(d0, d1 * c, d2 * c * c);
        return new SecondOrderFilter(b0 / a0, b1 / a0, b2 / a0, a1 / a0, a2 / a0);
    }

    /// <summary>Filters in place, from rest.</summary>
    public void Apply(Span<double> samples)
    {
        double first = 0,
            second = 0;
        foreach (ref double sample in samples)
        {
            double x = sample,
                y = (B0 * x) + first;
            first = (B1 * x) - (A1 * y) + second;
            second = (B2 * x) - (A2 * y);
            sample = y;
        }
    }

    // With z^-1 = (1 - s) / (1 + s), a polynomial in z^-1 times (1 + s)^2 is one in s.
    private static (double, double, double) Prototype(double c0, double c1, double c2) => (c0 + c1 + c2, 2 * (c0 - c2), c0 - c1 + c2);

    private static (double, double, double) Digital(double p0, double p1, double p2) => (p0 + p1 + p2, 2 * (p0 - p2), p0 - p1 + p2);
}
