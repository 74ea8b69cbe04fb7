using System.Numerics;
using MathNet.Numerics;
using MathNet.Numerics.IntegralTransforms;

namespace MerBench.Reports.Figures;

/// <summary>Power over time and logarithmic frequency.</summary>
/// <param name="Db"><c>[rows, columns]</c> in dB, 0 for a sine of full scale; the first row is the highest frequency.</param>
/// <param name="Seconds">The length of the sound.</param>
/// <param name="Lowest">Frequency in Hz at the lower edge.</param>
/// <param name="Highest">At the upper edge: half the sample rate.</param>
internal sealed record Spectrogram(double[,] Db, double Seconds, double Lowest, double Highest)
{
    private const int Rows = 192,
        MostColumns = 480,
        Padding = 2;
    private const double WindowSeconds = 0.07,
        LowestFrequency = 60,
        Silence = -200;

    // Of the whole process, where nothing else uses threads of this library. Columns are computed side by side; threads of single
    // transforms would wait for each other most of the time.
    static Spectrogram() => Control.UseSingleThread();

    public static Spectrogram Compute(float[] samples, int sampleRate)
    {
        int window = (int)BitOperations.RoundUpToPowerOf2((uint)(WindowSeconds * sampleRate)),
            size = window * Padding;
        int columns = Math.Clamp(samples.Length * 8 / window, 1, MostColumns);
        double[] taper = Window.HannPeriodic(window);
        double highest = sampleRate / 2.0,
            lowest = Math.Min(LowestFrequency, highest / 2);
        double[] edges =
        [
            .. Enumerable.Range(0, Rows + 1).Select(i => lowest * Math.Pow(highest / lowest, i / (double)Rows) * size / sampleRate),
        ];
        var db = new double[Rows, columns];
        Parallel.For(
            0,
            columns,
            () => (Frame: new Complex[size], Power: new double[(size / 2) + 1]),
            (c, _, buffers) =>
            {
                (Complex[] frame, double[] power) = buffers;
                int start = (int)((c + 0.5) * samples.Length / columns) - (window / 2);
                for (int i = 0; i < size; i++)
                    frame[i] = i < window && start + i >= 0 && start + i < samples.Length ? samples[start + i] * taper[i] : 0;
                Fourier.Forward(frame, FourierOptions.AsymmetricScaling);
                // A sine of amplitude 1 has a quarter of the window's length, squared, at its peak: half for the taper, half for each of
                // both frequencies.
                for (int k = 0; k < power.Length; k++)
                    power[k] = frame[k].MagnitudeSquared() * 16 / ((double)window * window);
                for (int r = 0; r < Rows; r++)
                    db[Rows - 1 - r, c] = Math.Max(Silence, 10 * Math.Log10(Between(power, edges[r], edges[r + 1])));
                return buffers;
            },
            _ => { }
        );

        return new Spectrogram(db, samples.Length / (double)sampleRate, lowest, highest);
    }

    // The strongest bin of a row's frequencies; rows that are narrower than a bin lie between two.
    private static double Between(double[] power, double from, double to)
    {
        int first = (int)Math.Ceiling(from),
            end = Math.Min(power.Length, (int)Math.Ceiling(to));
        if (first < end)
            return power.AsSpan(first, end - first).ToArray().Max();
        double at = (from + to) / 2;
        int below = Math.Min((int)at, power.Length - 2);
        double share = at - below;
        return (power[below] * (1 - share)) + (power[below + 1] * share);
    }
}
