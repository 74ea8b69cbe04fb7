using static TorchSharp.torch;

namespace MerBench.Models.Exported.Adapter;

/// <summary>
/// Another sample rate by a windowed sinc (Hann, 6 zero crossings, 99 % of the lower band), as a polyphase filter: what
/// <c>torchaudio.functional.resample</c> computes by default. Differentiable; in the format of its input.
/// </summary>
internal sealed class Resampler : IDisposable
{
    private const int ZeroCrossings = 6;
    private const double RollOff = 0.99;

    private readonly int _from,
        _to,
        _width;
    private readonly Tensor _kernels;

    /// <param name="from">Samples a second of what comes in.</param>
    /// <param name="to">Samples a second of what goes out.</param>
    public Resampler(int from, int to)
    {
        int divisor = (int)System.Numerics.BigInteger.GreatestCommonDivisor(from, to);
        (_from, _to) = (from / divisor, to / divisor);
        double cutOff = Math.Min(_from, _to) * RollOff;
        _width = (int)Math.Ceiling(ZeroCrossings * _from / cutOff);
        _kernels = Kernels(cutOff);
    }

    /// <summary>How many samples come out for so many.</summary>
    public long Length(long samples) => (long)Math.Ceiling((double)(samples * _to) / _from);

    /// <summary>Resamples waveforms <c>[B, N]</c>.</summary>
    public Tensor Resample(Tensor waveforms)
    {
        Tensor padded = nn.functional.pad(waveforms, [_width, _width + _from]);
        // A matrix product, since convolutions are wrong on some processors.
        Tensor phases = padded.unfold(1, (2 * _width) + _from, _from).matmul(_kernels.to(waveforms.dtype, waveforms.device));
        return phases.flatten(1)[.., ..(int)Length(waveforms.shape[1])];
    }

    public void Dispose() => _kernels.Dispose();

    // [2 * width + from, to], a column for each phase.
    private Tensor Kernels(double cutOff)
    {
        using var scope = NewDisposeScope();
        Tensor sample = arange(-_width, _width + _from, dtype: float64).unsqueeze(1) / _from;
        Tensor phase = arange(0, _to, dtype: float64) / _to;
        Tensor time = ((sample - phase) * cutOff).clamp(-ZeroCrossings, ZeroCrossings);
        Tensor window = (time * (Math.PI / ZeroCrossings / 2)).cos().square();
        Tensor angle = time * Math.PI;
        Tensor sinc = where(angle == 0, ones_like(angle), angle.sin() / angle);
        return (sinc * window * (cutOff / _from)).DetachFromDisposeScope();
    }
}
