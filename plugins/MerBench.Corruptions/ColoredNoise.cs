using static TorchSharp.torch;

namespace MerBench.Corruptions;

/// <summary>Noise whose power falls as a power of frequency, made in the frequency domain (Timmer and König 1995, with fixed amplitudes):
/// no mean, uniform phases.</summary>
internal static class ColoredNoise
{
    /// <summary>Coloured noise along the first dimension of a clip, independent in each band; of arbitrary scale.</summary>
    /// <param name="clip">A waveform <c>[N]</c> or features <c>[T, F]</c>.</param>
    /// <param name="random">Where the phases come from.</param>
    /// <param name="exponent">Power falls as <c>1 / f^exponent</c>: 1 is pink, 2 brown.</param>
    /// <param name="lowestBin">Frequencies below this one, in periods a clip, are left out.</param>
    public static Tensor Like(Tensor clip, RandomStream random, double exponent, long lowestBin = 1)
    {
        long length = clip.shape[0],
            bands = clip.numel() / length,
            bins = (length / 2) + 1;
        var phases = new float[bins * bands];
        random.FillUniform(phases, -Math.PI, Math.PI);
        lowestBin = Math.Clamp(lowestBin, 1, bins);
        Tensor frequency = arange(lowestBin, bins, ScalarType.Float32);
        Tensor amplitude = cat([zeros(lowestBin), frequency.pow(-exponent / 2)]).unsqueeze(1);
        Tensor spectrum = polar(amplitude.expand(bins, bands).contiguous(), tensor(phases).reshape(bins, bands));
        return fft.irfft(spectrum, length, dim: 0).reshape(clip.shape).to(clip.device);
    }
}
