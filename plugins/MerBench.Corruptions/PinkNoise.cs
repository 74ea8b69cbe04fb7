using static TorchSharp.torch;

namespace MerBench.Corruptions;

/// <summary>Noise whose power falls as 1/f, made in the frequency domain (Timmer and König 1995, with fixed amplitudes): no mean, amplitude 1/sqrt(f), uniform phases.</summary>
internal static class PinkNoise
{
    /// <summary>Pink noise along the first dimension of a clip, independent in each band; of arbitrary scale.</summary>
    /// <param name="clip">A waveform <c>[N]</c> or features <c>[T, F]</c>.</param>
    /// <param name="random">Where the phases come from.</param>
    public static Tensor Like(Tensor clip, RandomStream random)
    {
        long length = clip.shape[0], bands = clip.numel() / length, bins = (length / 2) + 1;
        var phases = new float[bins * bands];
        random.FillUniform(phases, -Math.PI, Math.PI);
        Tensor frequency = arange(1, bins, ScalarType.Float32);
        Tensor amplitude = cat([zeros(1), frequency.rsqrt()]).unsqueeze(1);
        Tensor spectrum = polar(amplitude.expand(bins, bands).contiguous(), tensor(phases).reshape(bins, bands));
        return fft.irfft(spectrum, length, dim: 0).reshape(clip.shape).to(clip.device);
    }
}
