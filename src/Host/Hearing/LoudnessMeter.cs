namespace MerBench.Host.Hearing;

/// <summary>
/// Loudness of mono clips by ITU-R BS.1770-5 (annex 1): K-weighted, in blocks of 400 ms that overlap by 75 %, gated at -70 LUFS and at
/// 10 LU below what is left. A clip shorter than a block is one block.
/// </summary>
/// <param name="sampleRate">In Hz, at least <see cref="LowestRate"/>.</param>
internal sealed class LoudnessMeter(int sampleRate)
{
    /// <summary>Below it the weighting's shelf has no place.</summary>
    public const int LowestRate = 4000;

    /// <summary>Rate of the standard's coefficients.</summary>
    public const int StandardRate = 48_000;

    private const double Offset = -0.691,
        AbsoluteGate = -70,
        RelativeGate = -10;
    private const double BlockSeconds = 0.4,
        StepSeconds = 0.1;

    // Keeps the filters' memories from numbers so small that processors are slow on them; the high-pass takes it out.
    private const double NoDenormals = 1e-30;

    // Tables 1 and 2 of the standard.
    private static readonly SecondOrderFilter StandardShelf = new(
        1.53512485958697,
        -2.69169618940638,
        1.19839281085285,
        -1.69065929318241,
        0.73248077421585
    );

    private static readonly SecondOrderFilter StandardHighPass = new(1, -2, 1, -1.99004745483398, 0.99007225036621);

    /// <summary>The head's effect: a shelf that raises treble by 4 dB.</summary>
    public SecondOrderFilter Shelf { get; } = StandardShelf.At(StandardRate, sampleRate);

    /// <summary>Takes out what is too low to sound loud.</summary>
    public SecondOrderFilter HighPass { get; } = StandardHighPass.At(StandardRate, sampleRate);

    /// <summary>Integrated loudness in LUFS; negative infinity where nothing is louder than the absolute gate.</summary>
    /// <param name="samples">Full scale is -1..1.</param>
    public double Integrated(ReadOnlySpan<float> samples)
    {
        double[] powers = BlockPowers(Weigh(samples));
        double[] heard = [.. powers.Where(p => Level(p) > AbsoluteGate)];
        if (heard.Length == 0)
            return double.NegativeInfinity;
        double relative = Level(heard.Average()) + RelativeGate;
        return Level(heard.Where(p => Level(p) > relative).Average());
    }

    /// <summary>K-weighted level of the whole clip in LUFS, without gates; negative infinity for silence.</summary>
    /// <param name="samples">Full scale is -1..1.</param>
    public double Ungated(ReadOnlySpan<float> samples) =>
        samples.ContainsAnyExcept(0f) ? Level(Weigh(samples).Average(y => y * y)) : double.NegativeInfinity;

    private static double Level(double power) => Offset + (10 * Math.Log10(power));

    private double[] Weigh(ReadOnlySpan<float> samples)
    {
        var weighted = new double[samples.Length];
        for (int i = 0; i < weighted.Length; i++)
            weighted[i] = samples[i] + NoDenormals;
        Shelf.Apply(weighted);
        HighPass.Apply(weighted);
        return weighted;
    }

    private double[] BlockPowers(double[] weighted)
    {
        int block = Math.Min(At(BlockSeconds), weighted.Length);
        int blocks = 1 + (int)((weighted.Length - block) / (StepSeconds * sampleRate));
        var powers = new double[blocks];
        for (int i = 0; i < blocks; i++)
        {
            double sum = 0;
            foreach (double y in weighted.AsSpan(Math.Min(At(i * StepSeconds), weighted.Length - block), block))
                sum += y * y;
            powers[i] = sum / block;
        }

        return powers;
    }

    private int At(double seconds) => (int)Math.Round(seconds * sampleRate);
}
