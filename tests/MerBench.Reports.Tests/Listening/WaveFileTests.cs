using MerBench.Host;
using MerBench.Host.Data;
using MerBench.Reports.Listening;
using MerBench.Tests.Data;

namespace MerBench.Tests.Listening;

[Parallelizable(ParallelScope.All)]
public sealed class WaveFileTests
{
    [Test]
    public void What_is_written_is_read_back_within_half_a_step()
    {
        float[] samples = Tones.Sine(440, 0.7f);
        byte[] file = WaveFile.Encode(samples, Tones.SampleRate);
        (float[] read, int rate) = WaveFile.Decode(file, "a.wav");
        Assert.That((rate, read.Length, file.Length), Is.EqualTo((Tones.SampleRate, samples.Length, 44 + (2 * samples.Length))));
        Assert.That(samples.Zip(read, (a, b) => Math.Abs(a - b)).Max(), Is.LessThanOrEqualTo(0.5001 / 32768));
        Assert.That(
            WaveFile.Decode(WaveFile.Encode([1, -1, 2, -2], 8000), "a.wav").Samples,
            Is.EqualTo(new[] { 32767 / 32768f, -1, 32767 / 32768f, -1 })
        );
        Assert.That(() => WaveFile.Decode(new byte[100], "b.wav"), Throws.TypeOf<UserErrorException>().With.Message.Contains("b.wav"));
    }

    // ffmpeg, which knows nothing of this code, reads the same samples from WAV and FLAC, and the same length from MP3.
    [TestCase(AudioFormat.Wav)]
    [TestCase(AudioFormat.Flac)]
    [TestCase(AudioFormat.Mp3)]
    public async Task Another_program_reads_what_was_written(AudioFormat format)
    {
        InstalledFfmpeg.OrSkip();
        using var folder = new TemporaryFolder();
        float[] samples = Tones.Sine(440, 0.7f);
        string path = folder.File($"tone.{AudioWriter.Extension(format)}");
        AudioWriter.Write(path, samples, Tones.SampleRate, format);
        short[] read = (await new FfmpegDecoder().DecodeAsync(path, Tones.SampleRate, CancellationToken.None)).Samples;
        if (format == AudioFormat.Mp3)
            Assert.That(read.Length, Is.EqualTo(samples.Length).Within(3000));
        else
            Assert.That(read, Is.EqualTo(samples.Select(s => (short)Math.Round(s * 32768))));
    }
}
