using TorchSharp;
using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient;

/// <summary>
/// How much power a listener does not hear beside a clip, in each bin of a short-time Fourier transform (Johnston 1988, IEEE J. Sel. Areas
/// Commun. 6(2)): power in critical bands is spread over its neighbours, lowered by an offset between that of a
/// noise masking a tone (5.5 dB) and of a tone masking noise (14.5 dB + the band's number), by the frame's spectral flatness, and never
/// below the threshold in quiet. Full scale counts as 96 dB SPL.
/// </summary>
internal sealed class MaskingThreshold
{
    private const double FullScaleSpl = 96,
        NoiseOffset = 5.5,
        ToneOffset = 14.5,
        FlatnessOfTone = -60;
    private const double Floor = 1e-20;

    private readonly Tensor _window;
    private readonly double _powerOfFullScale;

    /// <param name="clean">Clean waveforms <c>[B, N]</c>.</param>
    /// <param name="sampleRate">In Hz.</param>
    /// <param name="frame">Samples of a frame; a quarter of it is the hop.</param>
    /// <param name="marginDb">How far below the threshold to stay.</param>
    public MaskingThreshold(Tensor clean, int sampleRate, int frame, double marginDb)
    {
        (Frame, Length) = (frame, clean.shape[1]);
        _window = hann_window(frame, device: clean.device);

        // A sine of full scale has half the sum of the window as its magnitude.
        double sum = _window.sum().item<float>() / 2;
        _powerOfFullScale = sum * sum;
        int bins = (frame / 2) + 1;
        (int[] bandOfBin, double[] centres) = CriticalBands.Divide(bins, sampleRate);
        Tensor assign = zeros(bins, centres.Length, device: clean.device);
        for (int bin = 0; bin < bins; bin++)
            assign[bin, bandOfBin[bin]] = 1;
        var spread = new float[centres.Length * centres.Length];
        for (int from = 0; from < centres.Length; from++)
        {
            double all = Enumerable.Range(0, centres.Length).Sum(to => CriticalBands.Spread(centres[to] - centres[from]));
            for (int to = 0; to < centres.Length; to++)
                spread[(from * centres.Length) + to] = (float)(CriticalBands.Spread(centres[to] - centres[from]) / all);
        }

        Tensor power = Spectrum(clean).abs().square().transpose(1, 2);
        Tensor inBands = power.matmul(assign).matmul(tensor(spread).reshape(centres.Length, centres.Length).to(clean.device));
        Tensor flatness = 10 * ((power + Floor).log().mean([2], keepdim: true).exp() / (power.mean([2], keepdim: true) + Floor)).log10();
        Tensor tonality = (flatness / FlatnessOfTone).clamp(0, 1);
        Tensor offset =
            (tonality * (ToneOffset + tensor(centres.Select(c => (float)c).ToArray()).to(clean.device))) + ((1 - tonality) * NoiseOffset);
        Tensor masked = inBands * (-offset / 10 * Math.Log(10)).exp() / assign.sum(0).clamp_min(1);
        Tensor quiet = tensor(
                Enumerable
                    .Range(0, bins)
                    .Select(bin =>
                        (float)(
                            _powerOfFullScale
                            * Math.Pow(10, (CriticalBands.InQuiet(bin * sampleRate / 2.0 / (bins - 1)) - FullScaleSpl) / 10)
                        )
                    )
                    .ToArray()
            )
            .to(clean.device);
        Power = (maximum(masked.matmul(assign.transpose(0, 1)), quiet) * Math.Pow(10, -marginDb / 10)).transpose(1, 2).contiguous();
    }

    /// <summary>The power allowed in each bin and frame, <c>[B, bins, frames]</c>.</summary>
    public Tensor Power { get; }

    private int Frame { get; }

    private long Length { get; }

    /// <summary>
    /// A perturbation of which every bin stays below the threshold: bins are lowered to it and transformed back, twice, for overlapping
    /// frames disturb each other; what is still above is met by lowering the whole clip.
    /// </summary>
    /// <param name="delta">Perturbation <c>[B, N]</c>.</param>
    public Tensor Project(Tensor delta)
    {
        for (int pass = 0; pass < 2; pass++)
        {
            Tensor spectrum = Spectrum(delta);
            Tensor gain = (Power / spectrum.abs().square().clamp_min(Floor)).sqrt().clamp_max(1);
            delta = istft(spectrum * gain, Frame, Frame / 4, Frame, _window, center: true, length: Length);
        }

        return delta / Excess(delta).sqrt().clamp_min(1).unsqueeze(1);
    }

    /// <summary>A step along a gradient: in each bin the threshold's amplitude with the gradient's phase; zero where the gradient is
    /// zero.</summary>
    /// <param name="gradient">Finite gradients <c>[B, N]</c>.</param>
    public Tensor Steepest(Tensor gradient)
    {
        // Scaled first: the squares of small gradients vanish in float32.
        Tensor spectrum = Spectrum(SteepestStep.DividedByClip(gradient, gradient.abs().amax([1])));
        Tensor length = spectrum.abs();
        return istft(
            spectrum * where(length > 1e-12, Power.sqrt() / length.clamp_min(1e-12), zeros_like(length)),
            Frame,
            Frame / 4,
            Frame,
            _window,
            center: true,
            length: Length
        );
    }

    /// <summary>The largest ratio of a perturbation's power to the power allowed, over bins and frames, <c>[B]</c>; at most 1 is below the
    /// threshold.</summary>
    public Tensor Excess(Tensor delta) => (Spectrum(delta).abs().square() / Power).flatten(1).amax([1]);

    private Tensor Spectrum(Tensor waveform) =>
        stft(waveform, Frame, Frame / 4, Frame, _window, center: true, pad_mode: PaddingModes.Reflect, return_complex: true);
}
