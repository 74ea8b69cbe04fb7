namespace MerBench.Datasets.Cues;

/// <summary>
/// Elementary functions from +, -, *, / and exact bit operations alone. The platform's own sine, power and logarithm differ in the last bit
/// between
/// operating systems and processors, so nothing that reaches audio or ratings may use them.
/// </summary>
internal static class DeterministicMath
{
    internal const double Tau = 6.283185307179586;
    private const double Ln2 = 0.6931471805599453;
    private const double Log2OfE = 1.4426950408889634;
    private const double SquareRootOf2 = 1.4142135623730951;

    /// <summary>Coefficients of <c>(sin x - x) / x^3</c> in powers of x^2, to x^17: error below 1e-13 on [0, pi/2].</summary>
    internal static ReadOnlySpan<double> SineSeries =>
        [-1.0 / 6, 1.0 / 120, -1.0 / 5040, 1.0 / 362880, -1.0 / 39916800, 1.0 / 6227020800, -1.0 / 1307674368000, 1.0 / 355687428096000];

    /// <summary>sin(2 pi x).</summary>
    public static double SineOfCycles(double x)
    {
        x -= Math.Floor(x + 0.5);
        double distance = Math.Abs(x);
        double angle = Tau * Math.Min(distance, 0.5 - distance);
        double square = angle * angle,
            sum = 0;
        for (int i = SineSeries.Length - 1; i >= 0; i--)
            sum = (sum * square) + SineSeries[i];
        double sine = angle + (angle * square * sum);
        return x < 0 ? -sine : sine;
    }

    /// <summary>2^x.</summary>
    public static double Exp2(double x)
    {
        if (x < -1000)
            return 0;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(x, 1000);
        double whole = Math.Floor(x + 0.5);
        double y = (x - whole) * Ln2,
            sum = 1;
        for (int n = 14; n >= 1; n--)
            sum = 1 + (sum * y / n);
        return sum * BitConverter.Int64BitsToDouble(((long)whole + 1023) << 52);
    }

    /// <summary>The logarithm to base 2 of a positive, normal number.</summary>
    public static double Log2(double x)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(x, 1e-300);
        long bits = BitConverter.DoubleToInt64Bits(x);
        long exponent = (bits >> 52) - 1023;
        double mantissa = BitConverter.Int64BitsToDouble((bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000);
        if (mantissa > SquareRootOf2)
        {
            mantissa /= 2;
            exponent++;
        }

        double s = (mantissa - 1) / (mantissa + 1),
            square = s * s,
            sum = 0;
        for (int n = 23; n >= 1; n -= 2)
            sum = (sum * square) + (1.0 / n);
        return exponent + (2 * s * sum * Log2OfE);
    }

    /// <summary>x^y for x &gt;= 0 (0 for x = 0).</summary>
    public static double Power(double x, double y) => x < 1e-300 ? 0 : Exp2(y * Log2(x));

    /// <summary>e^x.</summary>
    public static double Exp(double x) => Exp2(x * Log2OfE);

    /// <summary>10^(dB/20).</summary>
    public static double FromDecibels(double decibels) => Exp2(decibels * 0.16609640474436813);

    /// <summary>The frequency of a MIDI pitch in Hz, equal temperament, A4 = 440 Hz.</summary>
    public static double Frequency(double midi) => 440 * Exp2((midi - 69) / 12);

    /// <summary>3x^2 - 2x^3, from 0 at x = 0 to 1 at x = 1, flat at both ends.</summary>
    public static double SmoothStep(double x) =>
        x switch
        {
            <= 0 => 0,
            >= 1 => 1,
            _ => x * x * (3 - (2 * x)),
        };

    /// <summary>
    /// A number of mean 0 and variance 1, nearly normal: the sum of twelve uniform numbers, less 6 (Irwin and Hall 1927).
    /// </summary>
    public static double NextBell(RandomStream random)
    {
        double sum = -6;
        for (int i = 0; i < 12; i++)
            sum += random.NextDouble();
        return sum;
    }
}
