using System.Globalization;
using static TorchSharp.torch;

namespace MerBench;

/// <summary>How the size of a perturbation is measured, a clip at a time.</summary>
public enum Norm
{
    /// <summary>Largest absolute value of any element.</summary>
    Linf,

    /// <summary>Euclidean norm over all elements.</summary>
    L2,

    /// <summary>Signal-to-noise ratio in dB, <c>10 log10(sum x^2 / sum d^2)</c>; a larger number is a smaller perturbation.</summary>
    Snr,
}

/// <summary>The valid range of a domain's elements; the waveform domain has <c>[-1, 1]</c>.</summary>
/// <param name="Minimum">Lowest valid value.</param>
/// <param name="Maximum">Highest valid value.</param>
public readonly record struct Box(double Minimum, double Maximum);

/// <summary>The largest perturbation that an attack may return. The host enforces it.</summary>
/// <param name="Norm">How size is measured.</param>
/// <param name="Size">Radius for <see cref="Norm.Linf"/> and <see cref="Norm.L2"/> (the domain's units, at least 0); least SNR in dB for
/// <see cref="Norm.Snr"/>.</param>
public readonly record struct Budget(Norm Norm, double Size)
{
    /// <summary>The radius of the ball of each clip, shaped <c>[B, 1, ...]</c> for broadcasting; for <see cref="Norm.Snr"/> it is <c>|x|_2
    /// 10^(-dB/20)</c>.</summary>
    /// <param name="input">Clean input <c>[B, ...]</c>.</param>
    public Tensor Radius(Tensor input)
    {
        long[] shape = [input.shape[0], .. Enumerable.Repeat(1L, (int)input.dim() - 1)];
        return Norm == Norm.Snr
            ? (input.flatten(1).norm(1) * Math.Pow(10, -Size / 20)).reshape(shape)
            : full(shape, Size, input.dtype, input.device);
    }

    /// <summary>The nearest perturbation within the budget; exact for the norm, and then for the box, which never leaves the
    /// ball.</summary>
    /// <param name="delta">Perturbation <c>[B, ...]</c>.</param>
    /// <param name="input">Clean input <c>[B, ...]</c>.</param>
    /// <param name="box">The domain's box, if it has one; the clean input must lie within it.</param>
    /// <returns>A new tensor <c>[B, ...]</c>.</returns>
    public Tensor Project(Tensor delta, Tensor input, Box? box = null)
    {
        Tensor radius = Radius(input);
        Tensor inBall;
        if (Norm == Norm.Linf)
        {
            inBall = delta.clamp(-radius, radius);
        }
        else
        {
            Tensor norm = delta.flatten(1).norm(1).reshape(radius.shape);
            inBall = delta * (radius / norm.clamp_min(1e-30)).clamp_max(1.0);
        }

        return box is { } b ? (input + inBall).clamp(b.Minimum, b.Maximum) - input : inBall;
    }

    /// <summary>The size of each clip's perturbation in this budget's norm, <c>[B]</c>; an all-zero perturbation has SNR
    /// +infinity.</summary>
    /// <param name="delta">Perturbation <c>[B, ...]</c>.</param>
    /// <param name="input">Clean input <c>[B, ...]</c>.</param>
    public Tensor Measure(Tensor delta, Tensor input) =>
        Norm switch
        {
            Norm.Linf => delta.flatten(1).abs().amax([1]),
            Norm.L2 => delta.flatten(1).norm(1),
            _ => SignalToNoise(input.flatten(1).norm(1), delta.flatten(1).norm(1)),
        };

    // Silence added to silence is 0 / 0, and yet no perturbation.
    private static Tensor SignalToNoise(Tensor signal, Tensor noise) =>
        where(noise == 0, tensor(float.PositiveInfinity, noise.dtype, noise.device), 20 * (signal / noise).log10());

    /// <summary>The budget as written in tables, for example <c>linf 0.03</c> or <c>snr 40 dB</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Norm.ToString().ToLowerInvariant()} {Size}{(Norm == Norm.Snr ? " dB" : "")}");
}
