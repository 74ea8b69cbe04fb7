using System.Text;
using static TorchSharp.torch;

namespace MerBench.Corruptions.Tests;

/// <summary>Rooms from a folder of impulse responses.</summary>
public sealed class RecordedRoomTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory().FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Samples_of_every_format_are_read_alike([Values(16, 24, 32, -32, -64)] int bits, [Values] bool extensible)
    {
        double[] samples = [0, 0.5, -0.25, 0.125];
        string file = Write("a.wav", samples, 16_000, bits, channels: 2, extensible);
        (float[] read, int rate) = WaveFile.Read(file);
        Assert.That(rate, Is.EqualTo(16_000));
        Assert.That(read, Is.EqualTo(samples).Within(1e-9), "the first channel");
    }

    [Test]
    public void A_clip_is_convolved_with_the_response_from_its_direct_sound_on()
    {
        // 40 samples on the way, then the direct sound and an echo of -0.5 after 100 samples.
        Write("a.wav", Response(40, (0, 0.4), (100, -0.2)), bits: -32);
        Write("b.wav", Response(10, (0, 0.4), (100, -0.2)), bits: -32);
        float[] music = Sounds.Music();
        float[] heard = Corrupted.Clip(Rooms(), music, severity: 2);
        double gain = 1 / Math.Sqrt(1.25);
        for (int i = 0; i < music.Length; i++)
            Assert.That(heard[i], Is.EqualTo(gain * (music[i] - (i < 100 ? 0 : 0.5 * music[i - 100]))).Within(1e-6));
    }

    [Test]
    public void A_response_of_another_rate_is_resampled()
    {
        Write("a.wav", Response(441, (0, 0.4), (4410, 0.3)), rate: 44_100);
        Write("b.wav", Response(441, (0, 0.4), (4410, 0.3)), rate: 44_100);
        float[] impulse = new float[8000];
        impulse[0] = 0.5f;
        float[] heard = Corrupted.Clip(Rooms(), impulse);
        Assert.That(Array.IndexOf(heard, heard.Max()), Is.Zero);
        Assert.That(Array.IndexOf(heard, heard.AsSpan(1000).ToArray().Max()), Is.EqualTo(2205), "0.1 s behind");
        Assert.That(heard[2205] / heard[0], Is.EqualTo(0.75).Within(0.02));
    }

    // Ten rooms whose echo says which they are, more reverberant from one to the next.
    [Test]
    public void Attacks_are_crafted_in_other_rooms_than_they_are_judged_in_and_severity_is_how_reverberant()
    {
        for (int room = 0; room < 10; room++)
            Write($"room {room}.wav", Response(0, (0, 0.5), (500 + (50 * room), 0.1 + (0.03 * room))));
        HashSet<int>[] judged = [.. Enumerable.Range(1, 5).Select(s => RoomsOf(s, CorruptionPurpose.Judging))],
            crafted = [.. Enumerable.Range(1, 5).Select(s => RoomsOf(s, CorruptionPurpose.Crafting))];
        Assert.That(judged.Select(s => s.Single()), Is.EqualTo(new[] { 0, 2, 4, 6, 8 }));
        Assert.That(crafted.Select(s => s.Single()), Is.EqualTo(new[] { 1, 3, 5, 7, 9 }));
    }

    [Test]
    public void Responses_of_a_sub_folder_are_one_room_and_stay_on_one_side()
    {
        for (int i = 0; i < 4; i++)
            Write(Path.Combine("hall", i < 2 ? "near" : "far", $"{i}.WAV"), Response(0, (0, 0.5), (500 + (50 * i), 0.3)));
        Write("cell.wav", Response(0, (0, 0.5), (750, 0.01)));
        HashSet<int> judged = RoomsOf(3, CorruptionPurpose.Judging);
        Assert.That(judged, Is.EqualTo(new[] { 5 }));
        HashSet<int> crafted = [.. Enumerable.Range(1, 5).SelectMany(s => RoomsOf(s, CorruptionPurpose.Crafting))];
        Assert.That(crafted, Is.EquivalentTo(new[] { 0, 1, 2, 3 }));
    }

    [TestCase("no WAV at all, but text", "it is no WAV file")]
    [TestCase("RIFF....WAVEfmt ", "its header says nothing of its samples")]
    public void What_is_no_response_is_named(string content, string complaint)
    {
        Write("good.wav", Response(0, (0, 0.5)));
        File.WriteAllText(Path.Combine(_folder, "bad.wav"), content);
        Refused("1 of 2 files of 'rooms'", $"'{Path.Combine(_folder, "bad.wav")}': {complaint}");
    }

    [Test]
    public void Responses_that_are_none_are_named()
    {
        Write("long.wav", Response(0, (0, 0.5), (25 * 8000, 0.1)), rate: 8000);
        Write("nan.wav", [0, double.NaN], bits: -32);
        Write("silent.wav", [0, 0, 0]);
        Write("8 bits.wav", [0, 0.5], bits: 8);
        string cut = Write("cut.wav", Response(0, (0, 0.5), (100, 0.1)));
        File.WriteAllBytes(cut, File.ReadAllBytes(cut)[..^50]);
        string[] complaints =
        [
            "its samples are of format 1 with 8 bits",
            "it is cut: its header promises",
            "it lasts 25 s",
            "5 of 5 files",
            "; ...",
        ];
        Refused(complaints);
        File.Delete(cut);
        File.Delete(Path.Combine(_folder, "long.wav"));
        Refused("its sample 1 is not finite", "it is silent");
    }

    [Test]
    public void One_room_is_too_few()
    {
        Write("only.wav", Response(0, (0, 0.5)));
        Refused("needs two rooms at least", "there is 1");
    }

    private void Refused(params string[] words)
    {
        PluginUserException refusal = Assert.Throws<PluginUserException>(() => Rooms())!;
        foreach (string word in words)
            Assert.That(refusal.Message, Does.Contain(word));
    }

    private OverTheAir Rooms() => new(new OverTheAirOptions(_folder));

    // Which rooms are drawn in many draws, by the place of their echo.
    private HashSet<int> RoomsOf(int severity, CorruptionPurpose purpose)
    {
        using var scope = NewDisposeScope();
        Tensor impulses = zeros(40, 4000);
        impulses[TensorIndex.Colon, 0] = 0.5f;
        RandomStream[] random = [.. Enumerable.Range(0, 40).Select(i => RandomStream.For("draw", $"{i}"))];
        var context = new CorruptionContext(impulses, Domain.Waveform, severity, Corrupted.SampleRate, random, null) { Purpose = purpose };
        Tensor heard = Rooms().Corrupt(context, CancellationToken.None);
        long[] echoes = heard.narrow(1, 300, 3000).argmax(1).data<long>().ToArray();
        return [.. echoes.Select(at => (int)(at + 300 - 500) / 50)];
    }

    private static double[] Response(int delay, params (int At, double Height)[] impulses)
    {
        var response = new double[delay + impulses.Max(i => i.At) + 1];
        foreach ((int at, double height) in impulses)
            response[delay + at] = height;
        return response;
    }

    // Bits below zero are those of floats. Other channels hold the samples' negatives.
    private string Write(
        string name,
        double[] samples,
        int rate = Corrupted.SampleRate,
        int bits = 16,
        int channels = 1,
        bool extensible = false
    )
    {
        string path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        int bytes = Math.Abs(bits) / 8,
            tag = bits < 0 ? 3 : 1,
            formatBytes = extensible ? 40 : 16;
        using var writer = new BinaryWriter(File.Create(path));
        writer.Write("RIFF"u8);
        writer.Write(20 + formatBytes + 4 + 9 + (samples.Length * channels * bytes));
        writer.Write("WAVEfmt "u8);
        writer.Write(formatBytes);
        writer.Write((ushort)(extensible ? 0xfffe : tag));
        writer.Write((ushort)channels);
        writer.Write(rate);
        writer.Write(rate * channels * bytes);
        writer.Write((ushort)(channels * bytes));
        writer.Write((ushort)Math.Abs(bits));
        if (extensible)
        {
            writer.Write((ushort)22);
            writer.Write((ushort)Math.Abs(bits));
            writer.Write(0);
            writer.Write((ushort)tag);
            writer.Write(Encoding.ASCII.GetBytes("the rest of it"));
        }

        // A chunk of an odd length that nobody knows.
        writer.Write("odd "u8);
        writer.Write(1);
        writer.Write((ushort)0);
        writer.Write("data"u8);
        writer.Write(samples.Length * channels * bytes);
        foreach (double sample in samples)
            for (int channel = 0; channel < channels; channel++)
                WriteSample(writer, channel == 0 ? sample : -sample, bits);
        return path;
    }

    private static void WriteSample(BinaryWriter writer, double sample, int bits)
    {
        if (bits == -64)
            writer.Write(sample);
        else if (bits == -32)
            writer.Write((float)sample);
        else
            writer.Write(BitConverter.GetBytes((long)(sample * Math.Pow(2, bits - 1)))[..(bits / 8)]);
    }
}
