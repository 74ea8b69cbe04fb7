using TorchSharp;
using static TorchSharp.torch;

namespace MerBench;

/// <summary>
/// How much power a listener does not hear beside a clip, in each cell (bin and frame) of a short-time Fourier transform (Johnston 1988,
/// IEEE J. Sel. Areas Commun. 6(2)): power in critical bands is spread over its neighbours, lowered by an offset between that of a
/// noise masking a tone (5.5 dB) and of a tone masking noise (14.5 dB + the band's number), by the frame's spectral flatness, and never
/// below the threshold in quiet. Full scale counts as 96 dB SPL.
/// </summary>
/// <remarks>The host measures by it how far perturbations of waveforms lie above what is masked (<c>docs/audibility.md</c>). It belongs to
/// the dispose scope in which it is made.</remarks>
public sealed class MaskingThreshold
{
    /// <summary>Samples of a frame where nobody chooses.</summary>
    public const int StandardFrame = 2048;

    private const double FullScaleSpl = 96,
        NoiseOffset = 5.5,
        ToneOffset = 14.5,
        FlatnessOfTone = -60;
    private const double Floor = 1e-20;

    private readonly Tensor _window;
    private readonly int _frame;
    private readonly long _length;

    /// <summary>Finds the threshold of clean clips.</summary>
    /// <param name="clean">Clean waveforms <c>[B, N]</c>, samples in -1..1; N is more than half a frame.</param>
    /// <param name="sampleRate">In Hz.</param>
    /// <param name="frame">Samples of a frame, even; a quarter of it is the hop.</param>
    /// <param name="marginDb">How far below the threshold to stay; negative is above it.</param>
    public MaskingThreshold(Tensor clean, int sampleRate, int frame = StandardFrame, double marginDb = 0)
    {
        (_frame, _length) = (frame, clean.shape[1]);
        _window = hann_window(frame, device: clean.device);

        // A sine of full scale has half the sum of the window as its magnitude.
        double sum = _window.sum().item<float>() / 2;
        double powerOfFullScale = sum * sum;
        int bins = (frame / 2) + 1;
        (int[] bandOfBin, double[] centres) = CriticalBands.Divide(bins, sampleRate);
        Tensor assign = tensor(CriticalBands.Assign(bandOfBin, centres.Length)).reshape(bins, centres.Length).to(clean.device),
            spread = tensor(CriticalBands.SpreadMatrix(centres)).reshape(centres.Length, centres.Length).to(clean.device);
        Tensor power = Spectrum(clean).abs().square().transpose(1, 2);
        Tensor inBands = power.matmul(assign).matmul(spread);
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
                            powerOfFullScale
                            * Math.Pow(10, (CriticalBands.InQuiet(bin * sampleRate / 2.0 / (bins - 1)) - FullScaleSpl) / 10)
                        )
                    )
                    .ToArray()
            )
            .to(clean.device);
        Power = (maximum(masked.matmul(assign.transpose(0, 1)), quiet) * Math.Pow(10, -marginDb / 10)).transpose(1, 2).contiguous();
    }

    /// <summary>The power allowed in each cell, <c>[B, bins, frames]</c>: squares of magnitudes of <see cref="Spectrum"/>.</summary>
    public Tensor Power { get; }

    /// <summary>The spectrum in which the threshold is given, complex, <c>[B, bins, frames]</c>.</summary>
    /// <param name="waveform">Waveforms <c>[B, N]</c>, as long as the clean ones.</param>
    public Tensor Spectrum(Tensor waveform) =>
        stft(waveform, _frame, _frame / 4, _frame, _window, center: true, pad_mode: PaddingModes.Reflect, return_complex: true);

    /// <summary>The waveforms <c>[B, N]</c> of a spectrum.</summary>
    /// <param name="spectrum">Complex, <c>[B, bins, frames]</c>.</param>
    public Tensor Waveform(Tensor spectrum) => istft(spectrum, _frame, _frame / 4, _frame, _window, center: true, length: _length);

    /// <summary>A perturbation's power in multiples of the power allowed, <c>[B, bins, frames]</c>; at most 1 is not heard.</summary>
    /// <param name="delta">Perturbation <c>[B, N]</c>.</param>
    public Tensor Ratio(Tensor delta) => Spectrum(delta).abs().square() / Power;
}
