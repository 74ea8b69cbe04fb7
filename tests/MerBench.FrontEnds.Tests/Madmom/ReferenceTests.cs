using System.Text.Json;
using MerBench.FrontEnds.Madmom;
using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>Against what madmom computed.</summary>
public sealed class ReferenceTests
{
    private static readonly string[] s_recordings =
    [
        "chords44k_stereo.mp3",
        "chords44k_stereo.wav",
        "melody22k_mono.wav",
        "noise22k_mono.wav",
        "silence_padded22k_mono.wav",
    ];

    private readonly MadmomLog _frontEnd = new(new MadmomLogOptions());

    [OneTimeTearDown]
    public void DisposeFrontEnd() => _frontEnd.Dispose();

    [Test]
    public void The_filterbank_is_madmoms()
    {
        var filterbank = new LogarithmicFilterbank(new MadmomLogOptions());
        var (shape, expected) = NumpyFile.Read<float>(SharedData.Path("golden/frontend/filterbank.npy"));
        Assert.That(new[] { filterbank.BinCount, filterbank.BandCount }, Is.EqualTo(shape));
        Assert.That(filterbank.Weights.ToArray(), Is.EqualTo(expected).Within(1e-7f));
    }

    [Test]
    public void The_center_frequencies_are_madmoms()
    {
        double[] expected = NumpyFile.Read<double>(SharedData.Path("golden/frontend/center_frequencies.npy")).Values;
        Assert.That(new LogarithmicFilterbank(new MadmomLogOptions()).CenterFrequencies, Is.EqualTo(expected).Within(1e-6));
    }

    [TestCaseSource(nameof(s_recordings))]
    public void Spectrograms_of_the_reference_signal_are_within_one_in_ten_thousand(string recording)
    {
        short[] signal = NumpyFile.Read<short>(SharedData.Path($"golden/frontend/{recording}.signal.npy")).Values;
        var (shape, expected) = NumpyFile.Read<float>(SharedData.Path($"golden/frontend/{recording}.spec.npy"));

        var (actualShape, actual) = Features([.. signal.Select(x => x / 32767f)]);

        Assert.That(actualShape, Is.EqualTo(shape.Select(n => (long)n)));
        Assert.That(actual, Is.EqualTo(expected).Within(1e-4f));
    }

    [Test]
    public void The_noise_of_a_linear_congruential_generator_gives_the_published_numbers()
    {
        JsonElement reference = Generated("lcg");
        var raw = new short[220_500];
        uint state = 12345;
        for (int i = 0; i < raw.Length; i++)
        {
            state = ((1103515245u * state) + 12345) & 0x7fffffff;
            raw[i] = (short)(((state >> 15) & 0x3fff) - 8192);
        }

        float[] conditioned = _frontEnd.Condition(raw);
        Assert.That(raw.Take(6), Is.EqualTo(Integers(reference, "first_raw")));
        Assert.That(conditioned.Take(6).Select(x => (int)Math.Round(x * 32767)), Is.EqualTo(Integers(reference, "first_normed")));
        AssertFrames(reference, conditioned, [("frame0", 0), ("frame100", 100), ("frame312", 312)]);
    }

    [Test]
    public void A_triangle_wave_gives_the_published_numbers()
    {
        JsonElement reference = Generated("triangle");
        var raw = new short[50_000];
        for (int i = 0; i < raw.Length; i++)
        {
            int phase = 7 * i % 400;
            raw[i] = (short)(80 * (phase < 200 ? phase - 100 : 300 - phase));
        }

        float[] conditioned = _frontEnd.Condition(raw);
        Assert.That(conditioned, Has.Length.EqualTo(reference.GetProperty("trimmed_len").GetInt32()));
        AssertFrames(reference, conditioned, [("frame0", 0), ("frame35", 35), ("last", reference.GetProperty("shape")[0].GetInt32() - 1)]);
    }

    private void AssertFrames(JsonElement reference, float[] conditioned, IEnumerable<(string Name, int Frame)> frames)
    {
        var (shape, actual) = Features(conditioned);
        Assert.That(shape, Is.EqualTo(Integers(reference, "shape").Select(n => (long)n)));
        foreach (var (name, frame) in frames)
        {
            float[] expected = [.. reference.GetProperty(name).EnumerateArray().Select(e => e.GetSingle())];
            Assert.That(actual.AsSpan(frame * 149, 149).ToArray(), Is.EqualTo(expected).Within(1e-5f), name);
        }
    }

    private (long[] Shape, float[] Values) Features(float[] samples)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        Tensor features = _frontEnd.Transform(tensor(samples).unsqueeze(0)).squeeze(0);
        return (features.shape, features.data<float>().ToArray());
    }

    private static JsonElement Generated(string name) =>
        JsonDocument.Parse(File.ReadAllText(SharedData.Path("golden/frontend/lcg_signal.json"))).RootElement.GetProperty(name);

    private static int[] Integers(JsonElement element, string name) =>
        [.. element.GetProperty(name).EnumerateArray().Select(e => e.GetInt32())];
}
