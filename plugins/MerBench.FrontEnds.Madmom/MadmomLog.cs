using static TorchSharp.torch;

namespace MerBench.FrontEnds.Madmom;

/// <summary>
/// Logarithmically filtered spectrograms as madmom computes them: frames without centring, symmetric Hann window, magnitude, triangular
/// filters, <c>log10(1 + x)</c>. Differentiable with respect to the waveform; where a magnitude is 0 its gradient is 0.
/// </summary>
[FrontEnd(
    "madmom-log",
    Summary = "Log-filtered spectrogram (24 bands an octave, 31.3 frames a second) as computed by madmom",
    Source = "Boeck et al. 2016, madmom; settings of Hoedt, Flexer and Widmer, SMC 2025"
)]
[Reference(
    """
        @inproceedings{boeck2016,
          author    = {Böck, Sebastian and Korzeniowski, Filip and Schlüter, Jan and Krebs, Florian and Widmer, Gerhard},
          title     = {madmom: A New {Python} Audio and Music Signal Processing Library},
          booktitle = {ACM International Conference on Multimedia},
          year      = {2016},
          pages     = {1174--1178},
          doi       = {10.1145/2964284.2973795},
          eprint    = {1605.07008},
        }
        """
)]
public sealed class MadmomLog : IFrontEnd, IDisposable
{
    private readonly MadmomLogOptions _options;
    private readonly LogarithmicFilterbank _filterbank;
    private readonly SpectrogramConstants _constants;
    private readonly double _hop;

    /// <summary>Creates the front end.</summary>
    /// <param name="options">Frame, rate and filter settings.</param>
    /// <exception cref="PluginUserException">The options leave no filter.</exception>
    public MadmomLog(MadmomLogOptions options)
    {
        if (options.FrameSize % 2 != 0)
            throw new PluginUserException($"madmom-log: frame-size {options.FrameSize} must be even.");
        _options = options;
        _filterbank = new LogarithmicFilterbank(options);
        _constants = new SpectrogramConstants(SymmetricHann(options.FrameSize), _filterbank.Weights.ToArray(), _filterbank.BandCount);
        _hop = options.SampleRate / options.FramesPerSecond;
    }

    /// <inheritdoc/>
    public int SampleRate => _options.SampleRate;

    /// <inheritdoc/>
    public float[] Condition(ReadOnlySpan<short> pcm) => SignalConditioning.NormaliseAndTrim(pcm);

    /// <inheritdoc/>
    /// <remarks>
    /// <c>T = ceil(N / H)</c> with <c>H = sample rate / frames a second</c>; frame <c>t</c> starts at <c>floor(t H)</c>, and the end is
    /// padded
    /// with zeros.
    /// </remarks>
    public Tensor Transform(Tensor waveform)
    {
        if (waveform.dim() != 2)
            throw new ArgumentException($"Expected a waveform [B, N], not {waveform.dim()} dimensions.", nameof(waveform));
        using var scope = NewDisposeScope();
        (Tensor window, Tensor filters) = _constants.For(waveform);
        int frames = (int)Math.Ceiling(waveform.shape[1] / _hop);
        Tensor framed = Frames(waveform, frames) * window;
        Tensor magnitude = fft.rfft(framed).narrow(2, 0, _filterbank.BinCount).abs();
        return (magnitude.matmul(filters) + 1).log10().MoveToOuterDisposeScope();
    }

    /// <summary>Disposes the constants of every device and format.</summary>
    public void Dispose() => _constants.Dispose();

    private Tensor Frames(Tensor waveform, int frames)
    {
        var starts = new long[frames];
        for (int t = 0; t < frames; t++)
            starts[t] = (long)Math.Floor(t * _hop);
        long missing = Math.Max(0, starts[^1] + _options.FrameSize - waveform.shape[1]);
        Tensor padded = nn.functional.pad(waveform, [0, missing]);
        Tensor index = (
            tensor(starts, device: waveform.device).unsqueeze(1) + arange(_options.FrameSize, device: waveform.device)
        ).flatten();

        // A clip at a time: the gradient of a one-dimensional gather is a fast scatter, that of a two-dimensional one is not.
        return stack(padded.unbind(0).Select(clip => clip.index_select(0, index).reshape(frames, _options.FrameSize)));
    }

    private static float[] SymmetricHann(int length)
    {
        var window = new float[length];
        for (int n = 0; n < length; n++)
            window[n] = (float)(0.5 - (0.5 * Math.Cos(2 * Math.PI * n / (length - 1))));
        return window;
    }
}
