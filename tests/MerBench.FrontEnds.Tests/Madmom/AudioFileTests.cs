using MerBench.FrontEnds.Madmom;
using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>The whole way from an audio file to features: decoder, conditioning, spectrogram.</summary>
public sealed class AudioFileTests
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

    [TestCaseSource(nameof(s_recordings))]
    public async Task Spectrograms_of_audio_files_are_within_one_in_a_hundred_on_999_of_1000_values(string recording)
    {
        var (shape, expected) = NumpyFile.Read<float>(SharedData.Path($"golden/frontend/{recording}.spec.npy"));
        string file = SharedData.Path($"golden/frontend/{recording}");
        short[] pcm = (await InstalledDecoder.OrSkip().DecodeAsync(file, 22_050, default)).Samples;

        using var scope = NewDisposeScope();
        Tensor features = _frontEnd.Transform(tensor(_frontEnd.Condition(pcm)).unsqueeze(0));

        Assert.That(features.shape, Is.EqualTo(new long[] { 1, shape[0], shape[1] }));
        float[] differences = [.. features.data<float>().ToArray().Zip(expected, (a, e) => Math.Abs(a - e)).Order()];
        TestContext.Out.WriteLine(
            $"{recording}: largest {differences[^1]:G3}, 99.9 % below {differences[(int)(0.999 * differences.Length)]:G3}"
        );
        Assert.That(differences[(int)(0.999 * differences.Length)], Is.LessThanOrEqualTo(1e-2f));
    }

    [TestCase("chords44k_stereo.mp3")]
    [TestCase("chords44k_stereo.wav")]
    [TestCase("melody22k_mono.wav")]
    public async Task Conditioned_audio_files_are_the_reference_signal_but_for_rounding(string recording)
    {
        short[] expected = NumpyFile.Read<short>(SharedData.Path($"golden/frontend/{recording}.signal.npy")).Values;
        string file = SharedData.Path($"golden/frontend/{recording}");
        short[] pcm = (await InstalledDecoder.OrSkip().DecodeAsync(file, 22_050, default)).Samples;
        int[] actual = [.. _frontEnd.Condition(pcm).Select(x => (int)Math.Round(x * 32767))];
        Assert.That(actual, Has.Length.EqualTo(expected.Length));
        int[] differences = [.. actual.Zip(expected, (a, e) => Math.Abs(a - e))];
        TestContext.Out.WriteLine(
            $"{recording}: largest {differences.Max()}, {differences.Count(d => d > 0)} of {differences.Length} samples differ"
        );
        Assert.That(differences.Max(), Is.LessThanOrEqualTo(2));
    }
}
