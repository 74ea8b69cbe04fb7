namespace MerBench.Corruptions;

/// <summary>
/// Waveform-similarity overlap-add (Verhelst and Roelands, ICASSP 1993): changes tempo and keeps pitch. Windows of 46 ms are laid at half
/// their length; each is taken from where the tempo asks for it, give or take a quarter of a window, at the place most like the
/// continuation of the one before.
/// </summary>
internal static class Wsola
{
    private const double WindowSeconds = 0.046;

    /// <param name="sound">Samples.</param>
    /// <param name="tempo">Above 1 is faster; the result is <c>1 / tempo</c> times as long.</param>
    /// <param name="sampleRate">In Hz.</param>
    public static float[] Stretch(float[] sound, double tempo, int sampleRate)
    {
        int hop = Math.Max(2, (int)(sampleRate * WindowSeconds / 2)),
            size = 2 * hop,
            tolerance = hop / 2;
        int length = (int)Math.Ceiling(sound.Length / tempo);
        double[] window = [.. Enumerable.Range(0, size).Select(i => Math.Pow(Math.Sin(Math.PI * (i + 0.5) / size), 2))];

        // Room before and after, so that every place that is looked at exists.
        var padded = new float[sound.Length + (4 * size)];
        sound.CopyTo(padded, size);
        var sum = new double[length + size];
        var weight = new double[length + size];
        int last = size;
        for (int start = 0; start < length; start += hop)
        {
            int wanted = size + (int)Math.Round(start * tempo);
            int place = start == 0 ? wanted : MostAlike(padded, last + hop, wanted, tolerance, size);
            for (int i = 0; i < size; i++)
            {
                sum[start + i] += window[i] * padded[place + i];
                weight[start + i] += window[i];
            }

            last = place;
        }

        return [.. sum.Take(length).Zip(weight, (s, w) => (float)(s / w))];
    }

    private static int MostAlike(float[] sound, int model, int wanted, int tolerance, int size)
    {
        (int place, double likeness) = (wanted, double.NegativeInfinity);
        double energy = Energy.Measure(sound.AsSpan(wanted - tolerance, size));
        for (int candidate = wanted - tolerance; candidate <= wanted + tolerance; candidate++)
        {
            double product = 0;
            for (int i = 0; i < size; i++)
                product += (double)sound[model + i] * sound[candidate + i];
            double normalised = product / Math.Sqrt(Math.Max(energy, 1e-12));
            if (normalised > likeness)
                (place, likeness) = (candidate, normalised);
            energy += Square(sound[candidate + size]) - Square(sound[candidate]);
        }

        return place;
    }

    private static double Square(float x) => (double)x * x;
}
