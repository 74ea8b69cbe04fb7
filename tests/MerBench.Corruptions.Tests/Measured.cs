using static TorchSharp.torch;

namespace MerBench.Corruptions.Tests;

/// <summary>Properties of sounds.</summary>
internal static class Measured
{
    public static double Energy(ReadOnlySpan<float> sound)
    {
        double sum = 0;
        foreach (float x in sound)
            sum += (double)x * x;
        return sum;
    }

    public static double Rms(ReadOnlySpan<float> sound) => Math.Sqrt(Energy(sound) / sound.Length);

    public static float[] Difference(float[] after, float[] before) => [.. after.Zip(before, (a, b) => a - b)];

    /// <summary><c>10 log10(sum x^2 / sum d^2)</c> in dB.</summary>
    public static double Snr(float[] after, float[] before) => 10 * Math.Log10(Energy(before) / Energy(Difference(after, before)));

    /// <summary>Amplitude of a sine of a frequency in Hz within a sound, by correlation under a Hann window.</summary>
    public static double Amplitude(ReadOnlySpan<float> sound, double frequency)
    {
        double cosine = 0,
            sine = 0,
            weights = 0;
        for (int i = 0; i < sound.Length; i++)
        {
            double weight = 1 - Math.Cos(2 * Math.PI * (i + 0.5) / sound.Length),
                angle = 2 * Math.PI * frequency * i / Corrupted.SampleRate;
            (cosine, sine, weights) = (
                cosine + (weight * sound[i] * Math.Cos(angle)),
                sine + (weight * sound[i] * Math.Sin(angle)),
                weights + weight
            );
        }

        return 2 * Math.Sqrt((cosine * cosine) + (sine * sine)) / weights;
    }

    /// <summary>The strongest frequency in Hz: the largest bin of a Hann-windowed spectrum, refined by a parabola through the logarithms of
    /// three bins.</summary>
    public static double Frequency(float[] sound)
    {
        double[] power = Power(sound);
        int peak = Array.IndexOf(power, power.Max());
        double low = Math.Log(power[peak - 1]),
            top = Math.Log(power[peak]),
            high = Math.Log(power[peak + 1]);
        return (peak + (0.5 * (low - high) / (low - (2 * top) + high))) * Corrupted.SampleRate / sound.Length;
    }

    /// <summary>Share of the energy at and above a frequency in Hz.</summary>
    public static double ShareAbove(float[] sound, double frequency)
    {
        double[] power = Power(sound);
        return power.Skip((int)Math.Ceiling(frequency * sound.Length / Corrupted.SampleRate)).Sum() / power.Sum();
    }

    /// <summary>By how many samples a sound comes after another one: where their cross-correlation is largest.</summary>
    public static int Delay(float[] after, float[] before)
    {
        using var scope = NewDisposeScope();
        long size = 2 * before.Length;
        float[] correlation = fft.irfft(fft.rfft(tensor(after), size) * fft.rfft(tensor(before), size).conj(), size)
            .data<float>()
            .ToArray();
        int place = Array.IndexOf(correlation, correlation.Max());
        return place < before.Length ? place : place - (int)size;
    }

    private static double[] Power(float[] sound)
    {
        using var scope = NewDisposeScope();
        Tensor samples = tensor(sound).to(ScalarType.Float64) * hann_window(sound.Length, dtype: ScalarType.Float64);
        return fft.rfft(samples).abs().square().data<double>().ToArray();
    }
}
