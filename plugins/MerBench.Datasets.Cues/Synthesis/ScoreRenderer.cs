using MerBench.Datasets.Cues.Design;
using MerBench.Datasets.Cues.Music;

namespace MerBench.Datasets.Cues.Synthesis;

/// <summary>Turns a score into 16-bit samples. The loudest sample stands at 0.9 of full scale for +10 dB and falls with the dynamics, so
/// nothing clips.</summary>
internal static class ScoreRenderer
{
    private const double PeakAtLoudest = 0.9,
        FadeSeconds = 0.02;
    private const double SmallRoom = 0.05,
        LargeRoom = 0.12;

    public static short[] Render(Score score, int sampleRate) => Render([score], sampleRate);

    /// <summary>Several sections of one clip; the loudest stands where it would stand alone, and the others below it by their
    /// dynamics.</summary>
    public static short[] Render(IReadOnlyList<Score> sections, int sampleRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1000);
        int length = (int)Math.Floor((sections[0].Seconds * sampleRate) + 0.5);
        double dynamics = sections.Max(s => s.Dynamics);
        var mix = new double[length + ToneRenderer.Block];
        foreach (Score section in sections)
            Add(mix, section, section.Dynamics - dynamics, sampleRate);
        Span<double> sound = mix.AsSpan(0, length);
        Reverberation.Apply(sound, sampleRate, sections[0].Style == CueStyle.Band ? SmallRoom : LargeRoom);
        FadeOut(sound, sampleRate);

        double peak = 1e-9;
        foreach (double sample in sound)
            peak = Math.Max(peak, Math.Abs(sample));
        double gain = 32767 * PeakAtLoudest * DeterministicMath.FromDecibels(dynamics - Cue.LoudestDynamics) / peak;
        var samples = new short[length];
        for (int i = 0; i < length; i++)
            samples[i] = (short)Math.Floor((sound[i] * gain) + 0.5);
        return samples;
    }

    private static void Add(Span<double> mix, Score section, double decibels, int sampleRate)
    {
        double gain = DeterministicMath.FromDecibels(decibels);
        foreach (Note note in section.Notes)
            ToneRenderer.Add(mix, note with { Amplitude = note.Amplitude * gain }, section.Dynamics, sampleRate);
    }

    private static void FadeOut(Span<double> sound, int sampleRate)
    {
        int fade = Math.Min(sound.Length, (int)(FadeSeconds * sampleRate));
        for (int i = 1; i <= fade; i++)
            sound[^i] *= DeterministicMath.SmoothStep((double)i / fade);
    }
}
