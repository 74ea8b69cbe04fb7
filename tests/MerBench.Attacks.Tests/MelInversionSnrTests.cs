using MerBench.Host.Cells;
using MerBench.Host.Weights;
using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>Against <c>mel_spec_snr</c> as the published code computes it.</summary>
public sealed class MelInversionSnrTests
{
    // librosa 0.11's filters.mel, feature.inverse.mel_to_stft (scipy 1.10.1's fmin_l_bfgs_b makes 0 iterations) and amplitude_to_db, in
    // float32:
    // np.mean(amplitude_to_db(mel_to_stft(x, sr=22050)) - amplitude_to_db(mel_to_stft(delta, sr=22050))), both [313, 149]
    [TestCase("a2e", "released", 0, 1, 13.146086)]
    [TestCase("a2e", "released", 0, 20, 1.2465122)]
    [TestCase("a2e", "released", 1, 20, 2.11713)]
    [TestCase("a2e", "configured", 0, 20, 15.912931)]
    [TestCase("a2m2e", "released", 1, 1, 13.6244)]
    [TestCase("a2m2e", "configured", 1, 20, 16.803265)]
    public void The_published_code_says_the_same(string system, string kind, int clip, int steps, double expected)
    {
        using var scope = NewDisposeScope();
        Tensor input = SafetensorsFile.Read(SharedData.Path("golden/seed6/batch.safetensors")).Tensors["x"].ToTensor()[clip];
        Tensor delta = SafetensorsFile
            .Read(SharedData.Path($"golden/seed6/{system}_attack_as_{kind}.safetensors"))
            .Tensors[$"clip{clip}.delta_{steps}"]
            .ToTensor()
            .reshape(input.shape);
        Assert.That(MelInversionSnr.Measure(input, delta).Single(), Is.EqualTo(expected).Within(1e-3));
    }

    [Test]
    public void A_tenth_of_the_perturbation_is_ten_decibels_and_batches_do_not_matter()
    {
        using var scope = NewDisposeScope();
        RandomStream random = RandomStream.For("mel inversion");
        var values = new float[2 * 40 * 30];
        random.FillNormal(values);
        Tensor delta = tensor(values).reshape(2, 40, 30),
            input = delta.roll(7, 2);
        double[] all = MelInversionSnr.Measure(input, delta),
            smaller = MelInversionSnr.Measure(input, delta / 10);
        // Decibels of amplitudes that are square roots: a tenth is 10 dB, but for the least power, which nothing here is near.
        Assert.That(smaller.Zip(all, (s, a) => s - a), Is.All.EqualTo(10).Within(1e-3));
        Assert.That(MelInversionSnr.Measure(input[1..], delta[1..]).Single(), Is.EqualTo(all[1]).Within(1e-9));
    }
}
