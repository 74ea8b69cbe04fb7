namespace MerBench.Datasets.Cues.Ratings;

/// <summary>A sinusoid of a sounding chord.</summary>
/// <param name="Frequency">Hz.</param>
/// <param name="Amplitude">Linear, above 0.</param>
internal readonly record struct Partial(double Frequency, double Amplitude);

/// <summary>
/// Sensory roughness of simultaneous partials after Vassilakis (2001): for each pair
/// <c>(A1 A2)^0.1 * 0.5 * (2 Amin / (A1 + A2))^3.11 * (e^(-3.5 s df) - e^(-5.75 s df))</c> with <c>s = 0.24 / (0.0207 fmin + 18.96)</c>.
/// </summary>
internal static class Roughness
{
    public static double Compute(IReadOnlyList<Partial> partials)
    {
        double sum = 0;
        for (int i = 0; i < partials.Count; i++)
        for (int j = i + 1; j < partials.Count; j++)
            sum += OfPair(partials[i], partials[j]);
        return sum;
    }

    private static double OfPair(Partial a, Partial b)
    {
        double difference = Math.Abs(a.Frequency - b.Frequency);
        double s = 0.24 / ((0.0207 * Math.Min(a.Frequency, b.Frequency)) + 18.96);
        // e^-14 is below a millionth: partials this far apart do not beat.
        if (3.5 * s * difference > 14)
            return 0;
        double weaker = Math.Min(a.Amplitude, b.Amplitude);
        return DeterministicMath.Power(a.Amplitude * b.Amplitude, 0.1)
            * 0.5
            * DeterministicMath.Power(2 * weaker / (a.Amplitude + b.Amplitude), 3.11)
            * (DeterministicMath.Exp(-3.5 * s * difference) - DeterministicMath.Exp(-5.75 * s * difference));
    }
}
