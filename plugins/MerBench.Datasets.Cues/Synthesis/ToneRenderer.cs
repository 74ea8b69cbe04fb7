using System.Numerics;
using System.Runtime.CompilerServices;
using MerBench.Datasets.Cues.Music;

namespace MerBench.Datasets.Cues.Synthesis;

/// <summary>
/// Adds a note to a mix. The harmonic series is summed by Clenshaw's recurrence, which needs one sine and one cosine a sample however many
/// partials sound.
/// Samples are independent lanes and each lane does the same operations in the same order, so the width of the processor's vectors changes
/// no bit.
/// </summary>
internal static class ToneRenderer
{
    /// <summary>Samples between points of the envelopes; amplitudes run straight between them.</summary>
    public const int Block = 32;

    private const double Inaudible = 3e-5;

    /// <param name="mix">Where to add; has <see cref="Block"/> spare samples at its end.</param>
    /// <param name="note">What to play.</param>
    /// <param name="dynamics">dB, for the spectrum.</param>
    /// <param name="sampleRate">Hz.</param>
    public static void Add(Span<double> mix, Note note, double dynamics, int sampleRate)
    {
        Instrument instrument = note.Instrument;
        double frequency = DeterministicMath.Frequency(note.Pitch);
        int partials = Math.Min(Instrument.MostPartials, (int)Math.Floor(0.48 * sampleRate / frequency));
        if (partials < 1)
            return;
        double[] spectrum = instrument.Spectrum(frequency, dynamics, Instrument.MostPartials)[..partials];
        while (partials > 1 && spectrum[partials - 1] < Inaudible)
            partials--;

        // Signs + + - - keep the partials from peaking together.
        for (int k = 0; k < partials; k++)
            spectrum[k] *= note.Amplitude * ((k & 2) == 0 ? 1 : -1);

        int first = (int)Math.Floor(note.Start * sampleRate);
        int end = Math.Min(mix.Length - Block, first + (int)((note.Duration + instrument.Release) * sampleRate) + 1);
        Span<double> from = stackalloc double[partials],
            slope = stackalloc double[partials],
            to = stackalloc double[partials];
        Amplitudes(from, spectrum, instrument, 0, note.Duration);
        for (int start = first; start < end; start += Block)
        {
            Amplitudes(to, spectrum, instrument, (double)(start + Block - first) / sampleRate, note.Duration);
            for (int k = 0; k < partials; k++)
                slope[k] = (to[k] - from[k]) / Block;
            AddBlock(
                mix.Slice(start, Block),
                from[..partials],
                slope[..partials],
                start - first,
                frequency,
                instrument.Vibrato,
                sampleRate
            );
            to.CopyTo(from);
        }
    }

    private static void Amplitudes(Span<double> amplitudes, double[] spectrum, Instrument instrument, double time, double duration)
    {
        double level = instrument.LevelAt(time, duration),
            brightness = instrument.BrightnessAt(time, level);
        for (int k = 0; k < amplitudes.Length; k++)
        {
            amplitudes[k] = spectrum[k] * level;
            level *= brightness;
        }
    }

    // Code with vectors cannot be compiled ahead, and a short benchmark would be over before it is compiled well.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddBlock(
        Span<double> mix,
        ReadOnlySpan<double> amplitudes,
        ReadOnlySpan<double> slopes,
        int offset,
        double frequency,
        double vibrato,
        int sampleRate
    )
    {
        int width = Vector<double>.Count;
        // Two vectors at a time hide the latency of the recurrence.
        for (int i = 0; i < Block; i += 2 * width)
        {
            Vector<double> place = Vector<double>.Indices + new Vector<double>(i),
                next = place + new Vector<double>(width);
            Vector<double> cycles = Cycles(place + new Vector<double>(offset), frequency, vibrato, sampleRate);
            Vector<double> nextCycles = Cycles(next + new Vector<double>(offset), frequency, vibrato, sampleRate);
            Vector<double> turn = 2 * SineOfCycles(cycles + new Vector<double>(0.25)),
                nextTurn = 2 * SineOfCycles(nextCycles + new Vector<double>(0.25));
            Vector<double> b1 = default,
                b2 = default,
                c1 = default,
                c2 = default;
            for (int k = amplitudes.Length - 1; k >= 0; k--)
            {
                var amplitude = new Vector<double>(amplitudes[k]);
                var slope = new Vector<double>(slopes[k]);
                Vector<double> b = (turn * b1) + (amplitude + (place * slope) - b2);
                Vector<double> c = (nextTurn * c1) + (amplitude + (next * slope) - c2);
                (b2, b1, c2, c1) = (b1, b, c1, c);
            }

            Add(mix[i..], SineOfCycles(cycles) * b1);
            Add(mix[(i + width)..], SineOfCycles(nextCycles) * c1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Span<double> mix, Vector<double> value) => (new Vector<double>(mix) + value).CopyTo(mix);

    /// <summary>The phase of the first partial, in cycles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> Cycles(Vector<double> sample, double frequency, double vibrato, int sampleRate)
    {
        Vector<double> time = sample / new Vector<double>(sampleRate);
        Vector<double> cycles = time * new Vector<double>(frequency);
        if (vibrato == 0)
            return cycles;
        Vector<double> grown = Vector.Min(time / new Vector<double>(Instrument.VibratoOnset), Vector<double>.One);
        double depth = vibrato * frequency / (DeterministicMath.Tau * Instrument.VibratoRate);
        return cycles + (grown * new Vector<double>(depth) * SineOfCycles(time * new Vector<double>(Instrument.VibratoRate)));
    }

    /// <summary><see cref="DeterministicMath.SineOfCycles"/> in lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> SineOfCycles(Vector<double> x)
    {
        x -= Vector.Floor(x + new Vector<double>(0.5));
        Vector<double> distance = Vector.Abs(x);
        Vector<double> angle = new Vector<double>(DeterministicMath.Tau) * Vector.Min(distance, new Vector<double>(0.5) - distance);
        Vector<double> square = angle * angle,
            sum = Vector<double>.Zero;
        ReadOnlySpan<double> series = DeterministicMath.SineSeries;
        for (int i = series.Length - 1; i >= 0; i--)
            sum = (sum * square) + new Vector<double>(series[i]);
        Vector<double> sine = angle + (angle * square * sum);
        return Vector.ConditionalSelect(Vector.LessThan(x, Vector<double>.Zero), -sine, sine);
    }
}
