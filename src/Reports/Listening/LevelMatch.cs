namespace MerBench.Reports.Listening;

/// <summary>
/// Gains in dB at which three sounds are written. Clean and perturbed come out equally loud (RMS), so that the ear compares what changed
/// and not which is louder; the difference has a gain of its own, so that it can be heard
/// at all. What is written, divided by its gain, is what the model was given.
/// </summary>
public sealed record LevelMatch(double Clean, double Perturbed, double Difference)
{
    // Loud enough to hear details, and quieter than most music is mastered, so that peaks seldom decide.
    private const double Target = -20,
        HighestPeak = -1,
        LargestGainOfDifference = 80;

    /// <summary>How the difference compares with the clean sound beside it, for people.</summary>
    internal string DescribeDifference =>
        Math.Round(Difference - Clean) switch
        {
            > 0 and var louder => FormattableString.Invariant($"difference, made {louder} dB louder"),
            < 0 and var softer => FormattableString.Invariant($"difference, made {-softer} dB quieter"),
            _ => "difference, as loud as it is",
        };

    internal static LevelMatch Match(Sound sound)
    {
        double target = Math.Min(Target, Math.Min(Loudest(sound.Clean), Loudest(sound.Perturbed)));
        return new LevelMatch(
            Gain(sound.Clean, target),
            Gain(sound.Perturbed, target),
            Math.Min(LargestGainOfDifference, Gain(sound.Difference, Math.Min(target, Loudest(sound.Difference))))
        );
    }

    internal float[] OfClean(Sound sound) => Level.Amplified(sound.Clean, Clean);

    internal float[] OfPerturbed(Sound sound) => Level.Amplified(sound.Perturbed, Perturbed);

    internal float[] OfDifference(Sound sound) => Level.Amplified(sound.Difference, Difference);

    /// <summary>The perturbed sound as a 16-bit file gives it back, its gain undone.</summary>
    internal float[] Written(Sound sound) =>
        Array.ConvertAll(
            Level.Amplified(WaveFile.Decode(WaveFile.Encode(OfPerturbed(sound), 1), "").Samples, -Perturbed),
            s => Math.Clamp(s, -1, 1)
        );

    // The level at which the highest peak is reached.
    private static double Loudest(float[] samples)
    {
        double level = Level.Measure(samples);
        return double.IsFinite(level) ? level + HighestPeak - Level.Peak(samples) : Target;
    }

    private static double Gain(float[] samples, double target)
    {
        double level = Level.Measure(samples);
        return double.IsFinite(level) ? target - level : 0;
    }
}
