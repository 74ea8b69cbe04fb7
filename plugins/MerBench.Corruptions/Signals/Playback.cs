namespace MerBench.Corruptions;

/// <summary>
/// Sound read faster or slower by band-limited interpolation (Smith 2002, <em>Digital Audio Resampling Home Page</em>): a sinc under a Hann
/// window of 32 zero crossings a
/// side, from a table that is interpolated linearly. Tempo and pitch move together.
/// </summary>
internal static class Playback
{
    private const int ZeroCrossings = 32,
        TableSteps = 512;

    // Room for the filter's slope below half the lower rate.
    private const double Rolloff = 0.95;
    private static readonly double[] Sinc = [.. Enumerable.Range(0, (ZeroCrossings * TableSteps) + 2).Select(WindowedSinc)];

    /// <summary>The sound at another sample rate.</summary>
    public static float[] Resample(float[] sound, double from, double to) => At(sound, from / to);

    /// <summary>The sound at a speed; <c>1 / speed</c> times as long.</summary>
    public static float[] At(float[] sound, double speed)
    {
        double cutoff = Math.Min(1, Rolloff / speed),
            reach = ZeroCrossings / cutoff;
        var played = new float[(int)Math.Ceiling(sound.Length / speed)];
        for (int n = 0; n < played.Length; n++)
        {
            double place = n * speed,
                sum = 0;
            int last = Math.Min(sound.Length - 1, (int)(place + reach));
            for (int k = Math.Max(0, (int)Math.Ceiling(place - reach)); k <= last; k++)
                sum += sound[k] * At(cutoff * Math.Abs(place - k));
            played[n] = (float)(cutoff * sum);
        }

        return played;
    }

    private static double At(double crossings)
    {
        double step = crossings * TableSteps;
        int index = (int)step;
        return Sinc[index] + ((step - index) * (Sinc[index + 1] - Sinc[index]));
    }

    private static double WindowedSinc(int step)
    {
        if (step > ZeroCrossings * TableSteps)
            return 0;
        if (step == 0)
            return 1;
        double x = Math.PI * step / TableSteps;
        double window = Math.Cos(x / (2 * ZeroCrossings));
        return Math.Sin(x) / x * window * window;
    }
}
