using MathNet.Numerics.IntegralTransforms;
using MerBench.Datasets.Cues.Design;
using MerBench.Datasets.Cues.Music;
using MerBench.Datasets.Cues.Synthesis;

namespace MerBench.Datasets.Cues.Tests;

/// <summary>Probes to render and measurements of what came out.</summary>
internal static class Sound
{
    public const int SampleRate = 22050;

    public static readonly Cue PlainCue = new(65, false, 3, 0, 0.7, Timbre.Trumpet, MelodyCharacter.Sad);
    public static readonly Texture PlainTexture = new(0, 0, 0, 0, 0);

    public static Score Probe(Timbre timbre, double pitch, double dynamics = 0, double duration = 1, double seconds = 1.5) =>
        new([new Note(0.1, duration, pitch, 1, Instrument.Choose(timbre), Part.Melody)], dynamics, seconds);

    public static double[] Render(Score score) => [.. ScoreRenderer.Render(score, SampleRate).Select(s => s / 32768.0)];

    public static Score Compose(Cue cue, Texture texture, double seconds)
    {
        RandomStream Stream(string purpose) => RandomStream.For("test", purpose);
        return Composer.Compose(cue, texture, Harmony.Plan(cue, texture, Stream("harmony")), seconds, Stream);
    }

    /// <summary>Magnitudes of bins 0..1024 of Hann windows, one row a hop of 704 samples.</summary>
    public static List<double[]> Spectrogram(double[] sound)
    {
        var rows = new List<double[]>();
        for (int start = 0; start + 2048 <= sound.Length; start += 704)
        {
            var frame = new double[2050];
            for (int i = 0; i < 2048; i++)
                frame[i] = sound[start + i] * (0.5 - (0.5 * Math.Cos(2 * Math.PI * i / 2047)));
            Fourier.ForwardReal(frame, 2048, FourierOptions.NoScaling);
            rows.Add([
                .. Enumerable
                    .Range(0, 1025)
                    .Select(k => Math.Sqrt((frame[2 * k] * frame[2 * k]) + (frame[(2 * k) + 1] * frame[(2 * k) + 1]))),
            ]);
        }

        return rows;
    }

    /// <summary>The spectral centroid in Hz over the whole sound.</summary>
    public static double Centroid(double[] sound)
    {
        double weighted = 0,
            total = 0;
        foreach (double[] row in Spectrogram(sound))
        {
            for (int k = 0; k < row.Length; k++)
            {
                weighted += row[k] * k * SampleRate / 2048;
                total += row[k];
            }
        }

        return weighted / total;
    }

    /// <summary>The frequency near a guess at which the sound resonates most.</summary>
    public static double StrongestFrequencyNear(double[] sound, double guess)
    {
        double best = 0,
            at = 0;
        for (double frequency = guess * 0.95; frequency < guess * 1.05; frequency *= 1.0005)
        {
            double real = 0,
                imaginary = 0;
            for (int i = 0; i < sound.Length; i++)
            {
                double angle = 2 * Math.PI * frequency * i / SampleRate,
                    window = 0.5 - (0.5 * Math.Cos(2 * Math.PI * i / (sound.Length - 1)));
                real += sound[i] * window * Math.Cos(angle);
                imaginary += sound[i] * window * Math.Sin(angle);
            }

            double power = (real * real) + (imaginary * imaginary);
            if (power > best)
                (best, at) = (power, frequency);
        }

        return at;
    }

    public static double LargestStep(ReadOnlySpan<double> sound)
    {
        double largest = 0;
        for (int i = 1; i < sound.Length; i++)
            largest = Math.Max(largest, Math.Abs(sound[i] - sound[i - 1]));
        return largest;
    }

    /// <summary>How often the energy of 8 ms rises past a fifth of its peak after having been below a tenth.</summary>
    public static int CountOnsets(double[] sound)
    {
        const int frame = SampleRate / 125;
        double[] levels = [.. sound.Chunk(frame).Select(c => Math.Sqrt(c.Average(x => x * x)))];
        double peak = levels.Max();
        int onsets = 0;
        bool armed = true;
        foreach (double level in levels)
        {
            if (armed && level > 0.2 * peak)
            {
                onsets++;
                armed = false;
            }
            else if (level < 0.1 * peak)
            {
                armed = true;
            }
        }

        return onsets;
    }
}
