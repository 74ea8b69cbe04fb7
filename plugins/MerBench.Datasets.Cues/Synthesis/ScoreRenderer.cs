using MerBench.Datasets.Cues.Music;

namespace MerBench.Datasets.Cues.Synthesis;

/// <summary>Turns a score into 16-bit samples. The loudest sample stands at 0.9 of full scale for +10 dB and falls with the dynamics, so
/// nothing clips.</summary>
internal static class ScoreRenderer
{
    private const double PeakAtLoudest = 0.9,
        FadeSeconds = 0.02;

    public static short[] Render(Score score, int sampleRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1000);
        int length = (int)Math.Floor((score.Seconds * sampleRate) + 0.5);
        var mix = new double[length + ToneRenderer.Block];
        foreach (Note note in score.Notes)
            ToneRenderer.Add(mix, note, score.Dynamics, sampleRate);
        Span<double> sound = mix.AsSpan(0, length);
        Reverberation.Apply(sound, sampleRate);
        FadeOut(sound, sampleRate);

        double peak = 1e-9;
        foreach (double sample in sound)
            peak = Math.Max(peak, Math.Abs(sample));
        double gain = 32767 * PeakAtLoudest * DeterministicMath.FromDecibels(score.Dynamics - Design.Cue.LoudestDynamics) / peak;
        var samples = new short[length];
        for (int i = 0; i < length; i++)
            samples[i] = (short)Math.Floor((sound[i] * gain) + 0.5);
        return samples;
    }

    private static void FadeOut(Span<double> sound, int sampleRate)
    {
        int fade = Math.Min(sound.Length, (int)(FadeSeconds * sampleRate));
        for (int i = 1; i <= fade; i++)
            sound[^i] *= DeterministicMath.SmoothStep((double)i / fade);
    }
}
