using System.Numerics;
using static TorchSharp.torch;

namespace MerBench.Corruptions;

/// <summary>An impulse response in which the direct sound stands at time 0.</summary>
/// <param name="Taps">Samples of the response.</param>
/// <param name="Direct">Where among them the direct sound is; what stands before anticipates it, as band-limited impulses do.</param>
internal sealed record RoomResponse(double[] Taps, int Direct)
{
    private const double LowestHertz = 50;

    /// <summary>Scaled to energy 1: white noise is then as loud behind the room as before.</summary>
    public RoomResponse AtUnitEnergy()
    {
        double gain = 1 / Math.Sqrt(Taps.Sum(x => x * x));
        return this with { Taps = Array.ConvertAll(Taps, x => x * gain) };
    }

    /// <summary>Without what no loudspeaker radiates: a Butterworth high-pass of second order at 50 Hz.</summary>
    public RoomResponse AsByLoudspeaker(int sampleRate)
    {
        double[] filtered = [.. Taps];
        Biquad.HighPass(LowestHertz, Math.Sqrt(0.5), sampleRate).Apply(filtered);
        return this with { Taps = filtered };
    }

    /// <summary>A sound in the room, in double precision; what rings on after its end is cut.</summary>
    /// <param name="sound"><c>[N]</c>; gradients go through.</param>
    /// <returns><c>[N]</c>, of the sound's type.</returns>
    public Tensor Convolve(Tensor sound)
    {
        using var scope = NewDisposeScope();
        long length = sound.shape[0];
        // What comes later is cut with what rings on.
        double[] heard = Taps[..(int)Math.Min(Taps.Length, Direct + length)];
        // Long enough that the end does not reach round to the beginning.
        long around = (long)BitOperations.RoundUpToPowerOf2((ulong)(length + heard.Length - 1));
        Tensor response = tensor(heard).to(sound.device);
        Tensor spectrum = fft.rfft(sound.to(ScalarType.Float64), around) * fft.rfft(response, around);
        return fft.irfft(spectrum, around).narrow(0, Direct, length).to(sound.dtype).MoveToOuterDisposeScope();
    }
}
