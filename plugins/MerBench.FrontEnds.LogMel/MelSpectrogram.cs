using static TorchSharp.torch;

namespace MerBench.FrontEnds.LogMel;

/// <summary>
/// Mel spectrograms as librosa and torchaudio compute them: periodic Hann window, magnitude or power, triangular filters, decibels or
/// logarithm. Differentiable with respect to the waveform; silence has a gradient of 0.
/// </summary>
[FrontEnd(
    "log-mel",
    Summary = "Mel spectrogram in decibels or as logarithm, as computed by librosa and torchaudio",
    Source = "McFee et al. 2015, librosa; Yang et al. 2022, torchaudio"
)]
[Reference(
    """
        @inproceedings{mcfee2015,
          author    = {McFee, Brian and Raffel, Colin and Liang, Dawen and Ellis, Daniel P. W. and McVicar, Matt and Battenberg, Eric
                       and Nieto, Oriol},
          title     = {librosa: Audio and Music Signal Analysis in {Python}},
          booktitle = {Python in Science Conference},
          year      = {2015},
          pages     = {18--24},
          doi       = {10.25080/Majora-7b98e3ed-003},
        }
        """
)]
public sealed class MelSpectrogram : IFrontEnd, IDisposable
{
    // As librosa, soundfile and torchaudio read 16-bit samples.
    private const float FullScale = 32_768;

    private readonly LogMelOptions _options;
    private readonly StftOptions _stft;
    private readonly OutputOptions _output;
    private readonly SpectrogramConstants _constants;

    /// <summary>Creates the front end.</summary>
    /// <param name="options">Rate, frames, filters and output.</param>
    /// <exception cref="PluginUserException">The options do not fit each other.</exception>
    public MelSpectrogram(LogMelOptions options)
    {
        _options = options;
        _stft = options.Stft ?? new StftOptions();
        _output = options.Output ?? new OutputOptions();
        if (_stft.WinLength > _stft.NFft)
            throw new PluginUserException(
                FormattableString.Invariant($"log-mel: a window of win-length {_stft.WinLength} does not fit into n-fft {_stft.NFft}.")
            );
        var filterbank = new MelFilterbank(options.Mel ?? new MelOptions(), options.SampleRate, _stft.NFft);
        float[] window = PeriodicHann(_stft.WinLength ?? _stft.NFft, _stft.NFft);
        _constants = new SpectrogramConstants(window, filterbank.Weights.ToArray(), filterbank.BandCount);
    }

    /// <inheritdoc/>
    public int SampleRate => _options.SampleRate;

    /// <inheritdoc/>
    /// <remarks>Neither normalises nor trims, as <c>librosa.load</c> and <c>torchaudio.load</c> do not.</remarks>
    public float[] Condition(ReadOnlySpan<short> pcm)
    {
        var samples = new float[pcm.Length];
        for (int i = 0; i < samples.Length; i++)
            samples[i] = pcm[i] / FullScale;
        return samples;
    }

    /// <inheritdoc/>
    /// <remarks><c>T = 1 + floor(N / hop)</c> for centred frames, <c>1 + floor((N - n_fft) / hop)</c> for others; <c>F</c> is the number
    /// of filters.</remarks>
    /// <exception cref="PluginUserException">A clip is shorter than a frame needs.</exception>
    public Tensor Transform(Tensor waveform)
    {
        if (waveform.dim() != 2)
            throw new ArgumentException($"Expected a waveform [B, N], not {waveform.dim()} dimensions.", nameof(waveform));
        using var scope = NewDisposeScope();
        (Tensor window, Tensor filters) = _constants.For(waveform);
        Tensor spectrum = fft.rfft(Pad(waveform).unfold(1, _stft.NFft, _stft.HopLength) * window);
        // The gradient of abs is 0 at 0, where that of a root is not finite.
        Tensor strength = _stft.Power == 1 ? spectrum.abs() : spectrum.real.square() + spectrum.imag.square();
        Tensor features = Loudness.Convert(strength.matmul(filters), _output);
        return Loudness.Normalise(features, _options.PerClip).MoveToOuterDisposeScope();
    }

    /// <summary>Disposes the constants of every device and format.</summary>
    public void Dispose() => _constants.Dispose();

    private Tensor Pad(Tensor waveform)
    {
        long samples = waveform.shape[1],
            half = _stft.NFft / 2;
        long needed = _stft.Center switch
        {
            Center.Reflect => half + 1,
            Center.None => _stft.NFft,
            _ => 1,
        };
        if (samples < needed)
            throw new PluginUserException(
                FormattableString.Invariant($"log-mel: clips of {samples} samples are too short for frames of {_stft.NFft}.")
            );
        if (_stft.Center == Center.None)
            return waveform;
        return _stft.Center == Center.Constant
            ? nn.functional.pad(waveform, [half, half])
            : nn.functional.pad(waveform.unsqueeze(1), [half, half], TorchSharp.PaddingModes.Reflect).squeeze(1);
    }

    // In the middle of the frame, as both libraries put one that is shorter.
    private static float[] PeriodicHann(int length, int frame)
    {
        var window = new float[frame];
        int start = (frame - length) / 2;
        for (int n = 0; n < length; n++)
            window[start + n] = (float)(0.5 - (0.5 * Math.Cos(2 * Math.PI * n / length)));
        return window;
    }
}
