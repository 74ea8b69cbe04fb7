using static TorchSharp.torch;

namespace MerBench.Corruptions;

/// <summary>
/// A synthetic room (Polack 1988): direct sound of energy 1, then Gaussian noise that falls by 60 dB in the reverberation time T, with
/// energy T
/// over one second; for reverberant energy grows with T (Sabine), and at T = 1 s the listener sits where both are equal.
/// </summary>
internal static class ImpulseResponse
{
    public static float[] Draw(double reverberationTime, int sampleRate, RandomStream random)
    {
        var response = new float[1 + (int)Math.Ceiling(reverberationTime * sampleRate)];
        for (int i = 1; i < response.Length; i++)
            response[i] = (float)(random.NextNormal() * Math.Pow(10, -3 * i / (reverberationTime * sampleRate)));
        double gain = Math.Sqrt(reverberationTime / Energy.Measure(response));
        for (int i = 1; i < response.Length; i++)
            response[i] = (float)(response[i] * gain);
        response[0] = 1;
        return response;
    }

    /// <summary>The sound in the room, cut to its own length.</summary>
    public static float[] Convolve(float[] sound, float[] response)
    {
        using var scope = NewDisposeScope();
        long size = sound.Length + response.Length - 1;
        Tensor product = fft.rfft(tensor(sound), size) * fft.rfft(tensor(response), size);
        return fft.irfft(product, size)[TensorIndex.Slice(0, sound.Length)].contiguous().data<float>().ToArray();
    }
}
