namespace MerBench.Corruptions;

/// <summary>Impulses between samples: each is a sinc under a Hann window of 32 samples a side (Peterson 1986), which at a whole sample is
/// that sample alone.</summary>
/// <param name="length">How many samples from time 0 on; what lies behind is left out.</param>
internal sealed class BandLimitedImpulses(int length)
{
    private const int Reach = 32;
    private readonly double[] _sum = new double[length + (2 * Reach)];

    /// <param name="delay">Time in samples, not negative.</param>
    /// <param name="amplitude">Its height.</param>
    public void Add(double delay, double amplitude)
    {
        int nearest = (int)Math.Round(delay);
        if (nearest >= length)
            return;
        double behind = delay - nearest;
        if (behind == 0)
        {
            _sum[nearest + Reach] += amplitude;
            return;
        }

        // sin(pi (k - behind)) changes nothing but its sign from sample to sample, and cosines follow from the two before.
        double sine = -Math.Sin(Math.PI * behind) * amplitude / Math.PI,
            step = Math.PI / (Reach + 1),
            twice = 2 * Math.Cos(step);
        double cosine = Math.Cos((-Reach - behind) * step),
            before = Math.Cos((-Reach - 1 - behind) * step);
        Span<double> around = _sum.AsSpan(nearest, (2 * Reach) + 1);
        for (int i = 0; i < around.Length; i++)
        {
            int k = i - Reach;
            double signed = (k & 1) == 0 ? sine : -sine;
            around[i] += signed / (k - behind) * 0.5 * (1 + cosine);
            (before, cosine) = (cosine, (twice * cosine) - before);
        }
    }

    /// <summary>Their sum.</summary>
    public RoomResponse ToResponse() => new(_sum, Reach);
}
