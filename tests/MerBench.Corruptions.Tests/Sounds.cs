namespace MerBench.Corruptions.Tests;

/// <summary>Sounds whose properties are known, at <see cref="Corrupted.SampleRate"/>.</summary>
internal static class Sounds
{
    public static float[] Sine(double frequency, double seconds = 1, double amplitude = 0.5)
    {
        var sound = new float[(int)(seconds * Corrupted.SampleRate)];
        for (int i = 0; i < sound.Length; i++)
            sound[i] = (float)(amplitude * Math.Sin(2 * Math.PI * frequency * i / Corrupted.SampleRate));
        return sound;
    }

    public static float[] WhiteNoise(double seconds = 1, double amplitude = 0.1)
    {
        var sound = new float[(int)(seconds * Corrupted.SampleRate)];
        RandomStream.For("white noise").FillNormal(sound);
        return Array.ConvertAll(sound, x => (float)(amplitude * x));
    }

    /// <summary>Plucked notes at four a second over a scale, six decaying harmonics each, with a little breath noise: something for every
    /// corruption to spoil.</summary>
    public static float[] Music(double seconds = 2, string name = "music")
    {
        const int Rate = Corrupted.SampleRate,
            Step = Rate / 4;
        RandomStream random = RandomStream.For(name);
        var sound = new float[(int)(seconds * Rate)];
        int[] scale = [0, 2, 4, 5, 7, 9, 11, 12];
        for (int start = 0; start < sound.Length; start += Step)
        {
            double pitch = 220 * Math.Pow(2, scale[random.NextInt32(scale.Length)] / 12.0);
            for (int i = start; i < Math.Min(sound.Length, start + (2 * Step)); i++)
            {
                double t = (i - start) / (double)Rate,
                    tone = 0.05 * random.NextNormal();
                for (int k = 1; k <= 6; k++)
                    tone += Math.Sin(2 * Math.PI * k * pitch * t) / k * Math.Exp(-2 * k * t);
                sound[i] += (float)(0.2 * Math.Min(1, t * 200) * Math.Exp(-3 * t) * tone);
            }
        }

        return sound;
    }
}
