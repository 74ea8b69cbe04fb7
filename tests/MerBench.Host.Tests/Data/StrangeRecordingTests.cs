using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using CliWrap;
using MerBench.Host;
using MerBench.Host.Data;

namespace MerBench.Tests.Data;

/// <summary>Files that other programs write, and that decoders read in silence as something else.</summary>
public sealed class StrangeRecordingTests
{
    private const int Rate = 22_050;
    private static readonly short[] Sound = Sounds.Noise(2 * Rate);

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [TestCase(0u)]
    [TestCase(0x7fff_f000u)]
    [TestCase(0x8000_0000u)]
    [TestCase(0xffff_ffffu)]
    public async Task A_wav_file_that_was_written_to_a_pipe_is_read_to_its_end(uint length)
    {
        DecodedAudio decoded = await Decode(Wave(1, 16, 2, MemoryMarshal.AsBytes<short>(Sound).ToArray(), length));
        Assert.That(decoded.Samples, Is.EqualTo(Sound));
        Assert.That(decoded.Remarks, Is.Empty);
    }

    [TestCase("RF64", 0, 0)]
    [TestCase("RF64", -1, 0)]
    [TestCase("BW64", 0, 10)]
    [TestCase("RF64", 88_200, 0)]
    public async Task Lengths_of_64_bits_are_read_where_they_are_known_and_where_not(string kind, long length, int shift)
    {
        int wordBytes = shift == 0 ? 2 : 4;
        byte[] words = shift == 0 ? MemoryMarshal.AsBytes<short>(Sound).ToArray() : InWords(wordBytes, shift: 16);
        DecodedAudio decoded = await Decode(Long(kind, Wave(1, 8 * wordBytes, wordBytes, words, uint.MaxValue), length));
        Assert.That(decoded.Samples, Is.EqualTo(Sound));
        Assert.That(decoded.Remarks, Is.Empty);
    }

    [Test]
    public async Task A_file_that_lacks_some_of_its_64_bit_length_is_cut_off() =>
        Assert.That(
            (
                await Assert.ThrowsAsync<UserErrorException>(() =>
                    Decode(Long("RF64", Wave(1, 16, 2, MemoryMarshal.AsBytes<short>(Sound).ToArray(), uint.MaxValue), 4 * Rate + 88_200))
                )
            )!.Message,
            Does.Contain("damaged or cut off: it declares 4 s but holds 2 s")
        );

    [TestCase(24, 4, 16)]
    [TestCase(16, 4, 16)]
    [TestCase(20, 3, 8)]
    [TestCase(12, 2, 0)]
    public async Task Samples_in_larger_words_are_read(int bits, int wordBytes, int shift)
    {
        Assert.That((await Decode(Wave(1, bits, wordBytes, InWords(wordBytes, shift)))).Samples, Is.EqualTo(Sound));
    }

    private static byte[] InWords(int wordBytes, int shift) =>
        [
            .. Sound.SelectMany(s =>
            {
                byte[] word = new byte[4];
                BinaryPrimitives.WriteInt32LittleEndian(word, s << shift);
                return word[..wordBytes];
            }),
        ];

    // The same file with its lengths in a chunk of their own, between the file's header and its format.
    private static byte[] Long(string kind, byte[] wave, long length)
    {
        byte[] lengths = new byte[36];
        "ds64"u8.CopyTo(lengths);
        lengths[4] = 28;
        BinaryPrimitives.WriteInt64LittleEndian(lengths.AsSpan(8), length <= 0 ? length : wave.Length + lengths.Length - 8);
        BinaryPrimitives.WriteInt64LittleEndian(lengths.AsSpan(16), length);
        return [.. Encoding.ASCII.GetBytes(kind), .. wave[4..12], .. lengths, .. wave[12..]];
    }

    [Test]
    public async Task An_ogg_file_that_is_cut_off_is_refused_or_remarked_though_ffmpeg_takes_it_for_whole()
    {
        byte[] whole = await Encoded("ogg", "libvorbis");
        Assert.That((await Decode(whole)).Remarks, Is.Empty);
        int lastPage = whole.AsSpan().LastIndexOf("OggS"u8);
        foreach (byte[] cut in new[] { whole[..(whole.Length / 2)], whole[..^1], whole[..(lastPage + 10)] })
            Assert.That(
                (await Assert.ThrowsAsync<UserErrorException>(() => Decode(cut)))!.Message,
                Does.Contain("damaged or cut off: it ends within a page of Ogg")
            );
        Assert.That((await Decode(whole[..lastPage])).Remarks.Single(), Does.StartWith("it ends without the page that Ogg files end with"));
    }

    [Test]
    public async Task A_flac_file_that_is_cut_off_is_refused_where_it_tells_its_length_and_remarked_where_not()
    {
        byte[] whole = await Encoded("flac", "flac");
        byte[] cut = whole[..(whole.Length / 2)];
        Assert.That((await Assert.ThrowsAsync<UserErrorException>(() => Decode(cut)))!.Message, Does.Contain("damaged or cut off"));
        // The number of samples in the first block, which programs that write to a pipe leave at 0.
        cut.AsSpan(22, 4).Clear();
        cut[21] &= 0xf0;
        Assert.That((await Decode(cut)).Remarks.Single(), Does.StartWith("decoded with ").And.Contains("how much is lost is not known"));
    }

    [Test]
    public async Task What_stands_behind_the_declared_length_is_said()
    {
        DecodedAudio decoded = await Decode(Wave(1, 16, 2, MemoryMarshal.AsBytes<short>(Sound).ToArray(), (uint)Rate));
        Assert.That(decoded.Samples, Has.Length.EqualTo(Rate / 2));
        Assert.That(
            decoded.Remarks.Single(),
            Is.EqualTo("its header says 0.5 s, and 66 150 bytes more stand behind them, which are not read")
        );
    }

    [Test]
    public async Task Chunks_behind_the_samples_are_no_sound()
    {
        byte[] file = [.. Wave(1, 16, 2, MemoryMarshal.AsBytes<short>(Sound).ToArray()), .. "LIST"u8, 40, 0, 0, 0, .. new byte[40]];
        DecodedAudio decoded = await Decode(file);
        Assert.That(decoded.Samples, Has.Length.EqualTo(Sound.Length));
        Assert.That(decoded.Remarks, Is.Empty);
    }

    [TestCase(1f / 32768, null, null)]
    [TestCase(1f / 8192, null, "of its 44 100 samples lie beyond full scale (up to 2) and are clipped")]
    [TestCase(1f, "most of its samples lie beyond full scale", null)]
    [TestCase(float.NaN, "44 100 of its 44 100 samples are NaN or infinite", null)]
    public async Task Floats_are_looked_at_before_they_are_rounded(float scale, string? refused, string? remark)
    {
        byte[] file = Wave(3, 32, 4, MemoryMarshal.AsBytes<float>(Array.ConvertAll(Sound, s => s * scale)).ToArray());
        if (refused is not null)
        {
            Assert.That((await Assert.ThrowsAsync<UserErrorException>(() => Decode(file)))!.Message, Does.Contain(refused));
            return;
        }

        IReadOnlyList<string> remarks = (await Decode(file)).Remarks;
        if (remark is null)
            Assert.That(remarks, Is.Empty);
        else
            Assert.That(remarks.Single(), Does.EndWith(remark));
    }

    [TestCase(0, Rate, "no channel")]
    [TestCase(1, 0, "0 samples a second")]
    public async Task A_header_that_cannot_be_is_refused(int channels, int rate, string reason)
    {
        byte[] file = Wave(1, 16, 2, MemoryMarshal.AsBytes<short>(Sound).ToArray());
        file[22] = (byte)channels;
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(24), rate);
        Assert.That((await Assert.ThrowsAsync<UserErrorException>(() => Decode(file)))!.Message, Does.Contain(reason));
    }

    [Test]
    public async Task A_page_under_the_name_of_a_recording_is_called_what_it_is() =>
        Assert.That(
            (await Assert.ThrowsAsync<UserErrorException>(() => Decode("<!DOCTYPE html><html>"u8.ToArray())))!.Message,
            Does.Contain("a page of the web (HTML)")
        );

    [Test]
    public async Task An_mp3_with_damage_inside_is_used_with_a_remark_on_how_much_is_lost()
    {
        byte[] damaged = File.ReadAllBytes(SharedData.Path("golden/frontend/chords44k_stereo.mp3"));
        damaged.AsSpan(damaged.Length / 2, 2000).Fill(0x55);
        DecodedAudio decoded = await Decode(damaged);
        DecodedAudio whole = await InstalledDecoder
            .OrSkip()
            .DecodeAsync(SharedData.Path("golden/frontend/chords44k_stereo.mp3"), Rate, default);
        int lost = 1000 * (whole.Samples.Length - decoded.Samples.Length) / Rate;
        Assert.That(whole.Remarks, Is.Empty);
        Assert.That(lost, Is.GreaterThan(20));
        Assert.That(decoded.Remarks.Single(), Does.StartWith("decoded with ").And.Contains("Header missing").And.Contains(" ms of its "));
        int said = int.Parse(decoded.Remarks[0].Split("about ")[1].Split(" ms")[0], CultureInfo.InvariantCulture);
        Assert.That(said, Is.EqualTo(lost).Within(20));
    }

    // Some seconds of noise, so that there are several pages.
    private async Task<byte[]> Encoded(string format, string encoder)
    {
        string wave = Sounds.WriteWav(_folder.File("whole.wav"), Sounds.Noise(10 * Rate), Rate),
            file = _folder.File($"whole.{format}");
        await Cli.Wrap(InstalledDecoder.OrSkip().Probe().Path)
            .WithArguments(["-nostdin", "-v", "error", "-y", "-i", wave, "-c:a", encoder, file])
            .ExecuteAsync();
        return File.ReadAllBytes(file);
    }

    private Task<DecodedAudio> Decode(byte[] content)
    {
        FfmpegDecoder decoder = InstalledDecoder.OrSkip();
        string file = _folder.File("strange.wav");
        File.WriteAllBytes(file, content);
        return decoder.DecodeAsync(file, Rate, default);
    }

    private static byte[] Wave(int format, int bits, int wordBytes, byte[] samples, uint? length = null)
    {
        byte[] file = new byte[44 + samples.Length];
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(4), length ?? (uint)file.Length - 8);
        "WAVEfmt "u8.CopyTo(file.AsSpan(8));
        file[16] = 16;
        file[20] = (byte)format;
        file[22] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(24), Rate);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(28), wordBytes * Rate);
        file[32] = (byte)wordBytes;
        file[34] = (byte)bits;
        "data"u8.CopyTo(file.AsSpan(36));
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(40), length ?? (uint)samples.Length);
        samples.CopyTo(file.AsSpan(44));
        return file;
    }
}
