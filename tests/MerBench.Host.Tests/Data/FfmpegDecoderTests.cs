using System.Runtime.InteropServices;
using MerBench.Host;
using MerBench.Host.Data;

namespace MerBench.Tests.Data;

public sealed class FfmpegDecoderTests
{
    [Test]
    public void The_decoder_says_where_and_which_it_is()
    {
        DecoderInfo info = InstalledDecoder.OrSkip().Probe();
        Assert.That(info.Path, Does.Exist);
        Assert.That(info.Version, Is.Not.Empty);
    }

    [Test]
    public async Task A_wav_file_of_the_right_rate_comes_out_sample_by_sample()
    {
        FfmpegDecoder decoder = InstalledDecoder.OrSkip();
        using var folder = new TemporaryFolder();
        short[] samples = [short.MinValue, short.MaxValue, .. Sounds.Noise(5000)];
        string file = Sounds.WriteWav(folder.File("a noise; with 'odd' name.wav"), samples, 22_050);
        Assert.That((await decoder.DecodeAsync(file, 22_050, default)).Samples, Is.EqualTo(samples));
    }

    [TestCase("melody22k_mono.wav")]
    [TestCase("noise22k_mono.wav")]
    [TestCase("silence_padded22k_mono.wav")]
    public async Task The_reference_recordings_come_out_sample_by_sample(string recording)
    {
        FfmpegDecoder decoder = InstalledDecoder.OrSkip();
        string file = SharedData.Path($"golden/frontend/{recording}");
        short[] expected = MemoryMarshal.Cast<byte, short>(File.ReadAllBytes(file).AsSpan(44)).ToArray();
        Assert.That((await decoder.DecodeAsync(file, 22_050, default)).Samples, Is.EqualTo(expected));
    }

    [Test]
    public async Task Another_rate_is_resampled()
    {
        FfmpegDecoder decoder = InstalledDecoder.OrSkip();
        using var folder = new TemporaryFolder();
        string file = Sounds.WriteWav(folder.File("a.wav"), Sounds.Noise(44_100), 44_100);
        Assert.That((await decoder.DecodeAsync(file, 22_050, default)).Samples, Has.Length.EqualTo(22_050));
    }

    [Test]
    public Task A_missing_file_is_named() => AssertRefused("missing.wav", null, "no such file");

    [Test]
    public Task An_empty_file_is_named() => AssertRefused("empty.wav", [], "empty");

    [Test]
    public Task A_file_that_is_not_audio_is_named_with_ffmpegs_reason() =>
        AssertRefused("text.wav", "This is not music."u8.ToArray(), "Invalid data");

    [Test]
    public async Task A_wav_file_without_samples_is_named()
    {
        using var folder = new TemporaryFolder();
        await AssertRefused("none.wav", File.ReadAllBytes(Sounds.WriteWav(folder.File("none.wav"), [], 22_050)), "no samples");
    }

    [Test]
    public async Task A_wav_file_that_is_cut_off_is_named()
    {
        using var folder = new TemporaryFolder();
        byte[] whole = File.ReadAllBytes(Sounds.WriteWav(folder.File("whole.wav"), Sounds.Noise(50_000), 22_050));
        await AssertRefused("half.wav", whole[..(whole.Length / 2)], "cut off");
    }

    [Test]
    public async Task An_mp3_file_that_is_cut_off_is_named()
    {
        byte[] whole = File.ReadAllBytes(SharedData.Path("golden/frontend/chords44k_stereo.mp3"));
        await AssertRefused("half.mp3", whole[..(whole.Length / 2)], "declares 6.03 s");
    }

    [Test]
    public async Task Decoding_can_be_cancelled()
    {
        FfmpegDecoder decoder = InstalledDecoder.OrSkip();
        using var folder = new TemporaryFolder();
        string file = Sounds.WriteWav(folder.File("a.wav"), Sounds.Noise(1000), 22_050);
        await Assert.ThrowsAsync(
            Is.InstanceOf<OperationCanceledException>(),
            () => decoder.DecodeAsync(file, 22_050, new CancellationToken(canceled: true))
        );
    }

    private static async Task AssertRefused(string name, byte[]? content, string reason)
    {
        FfmpegDecoder decoder = InstalledDecoder.OrSkip();
        using var folder = new TemporaryFolder();
        if (content is not null)
            File.WriteAllBytes(folder.File(name), content);
        UserErrorException error = (
            await Assert.ThrowsAsync<UserErrorException>(() => decoder.DecodeAsync(folder.File(name), 22_050, default))
        )!;
        Assert.That(error.Kind, Is.EqualTo(ErrorKind.Input));
        Assert.That(error.Message, Does.StartWith(folder.File(name) + ":").And.Contain(reason));
    }
}
