namespace MerBench.Datasets.Cues.Synthesis;

/// <summary>A small room: four parallel damped comb filters and two all-pass filters (Schroeder 1962, Moorer 1979), added softly to the dry
/// sound.</summary>
internal static class Reverberation
{
    private const double Feedback = 0.72,
        Damping = 0.35,
        AllPassGain = 0.7;
    private static readonly double[] s_combSeconds = [0.0297, 0.0371, 0.0411, 0.0437];
    private static readonly double[] s_allPassSeconds = [0.005, 0.0017];

    /// <param name="sound">What sounds in the room.</param>
    /// <param name="sampleRate">Hz.</param>
    /// <param name="wet">How much of the room is added.</param>
    public static void Apply(Span<double> sound, int sampleRate, double wet)
    {
        var tail = new double[sound.Length];
        foreach (double seconds in s_combSeconds)
            AddComb(sound, tail, DelayOf(seconds, sampleRate));
        foreach (double seconds in s_allPassSeconds)
            PassAll(tail, DelayOf(seconds, sampleRate));
        for (int i = 0; i < sound.Length; i++)
            sound[i] += wet * tail[i];
    }

    private static int DelayOf(double seconds, int sampleRate) => Math.Max(1, (int)Math.Floor(seconds * sampleRate));

    private static void AddComb(ReadOnlySpan<double> input, double[] output, int delay)
    {
        var line = new double[delay];
        double low = 0;
        for (int i = 0, at = 0; i < input.Length; i++, at = at + 1 == delay ? 0 : at + 1)
        {
            double echo = line[at];
            low = (echo * (1 - Damping)) + (low * Damping);
            line[at] = input[i] + (low * Feedback);
            output[i] += echo;
        }
    }

    private static void PassAll(double[] sound, int delay)
    {
        var line = new double[delay];
        for (int i = 0, at = 0; i < sound.Length; i++, at = at + 1 == delay ? 0 : at + 1)
        {
            double echo = line[at],
                value = sound[i] + (AllPassGain * echo);
            line[at] = value;
            sound[i] = echo - (AllPassGain * value);
        }
    }
}
