using MerBench.Host;
using MerBench.Host.Data;
using MerBench.Host.Storage;
using static MerBench.Tests.Data.SyntheticDataset;
using static TorchSharp.torch;

namespace MerBench.Tests.Data;

/// <summary>What the host says of datasets that it cannot use.</summary>
public sealed class UnusableDatasetTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void A_rating_that_is_not_a_number_names_clip_row_and_emotion() =>
        AssertRefused(
            With(Clip("x", Split.Train) with { Emotion = [0.5f, float.NaN] }),
            "clip 'x' (ratings.csv, row of x)",
            "energy is NaN"
        );

    [TestCase(1.01f, true)]
    [TestCase(-0.5f, true)]
    [TestCase(1.00001f, false)]
    public void A_rating_outside_of_the_scale_is_refused_but_rounding_is_not(float rating, bool refused)
    {
        DatasetContent content = With(Clip("x", Split.Train) with { Emotion = [0.5f, rating] });
        if (refused)
            AssertRefused(content, "clip 'x'", "outside of the scale 0 to 1");
        else
            Prepare(content).Dispose();
    }

    [Test]
    public void A_rating_too_many_is_refused() =>
        AssertRefused(
            With(Clip("x", Split.Train) with { Emotion = [0, 0, 0] }),
            "clip 'x'",
            "3 emotion ratings, but there are 2 labels: valence, energy"
        );

    [TestCase("Valence", "the emotions 'valence' and 'Valence' differ by case alone")]
    [TestCase("e\u001b[31m", @"the emotion 'e\u001b[31m' holds characters that nobody sees")]
    [TestCase("a\nb", @"the emotion 'a\nb' holds characters that nobody sees")]
    public void A_label_that_cannot_be_a_column_is_refused(string label, string reason) =>
        AssertRefused(Content(Clips()) with { Emotions = new LabelSpace(["valence", label]) }, reason);

    [Test]
    public void A_repeated_id_names_both_rows() =>
        AssertRefused(
            With(Clip("a", Split.Train) with { Origin = "ratings.csv, row 99" }),
            "row 99",
            "taken already, at ratings.csv, row of a"
        );

    [TestCase(Split.Train, "train")]
    [TestCase(Split.Test, "test")]
    public void A_split_without_clips_is_refused(Split split, string name) =>
        AssertRefused(Content([.. Clips().Where(c => c.Split != split)]), $"in the {name} split");

    [Test]
    public void No_validation_clips_are_needed()
    {
        using PreparedDataset prepared = Prepare(Content([.. Clips().Where(c => c.Split != Split.Validation)]));
        Assert.That(prepared.Features(Split.Validation).Count, Is.Zero);
        Assert.That(prepared.Waveforms(Split.Validation).Input.shape, Is.EqualTo(new long[] { 0, 500 }));
    }

    [Test]
    public void Concepts_are_rated_for_all_clips_or_for_none()
    {
        DatasetContent some = Content([.. Clips(), Clip("x", Split.Train) with { Concepts = [0.5f] }]);
        AssertRefused(some, "clip 'x'", "declares no concepts");
        AssertRefused(some with { Concepts = new LabelSpace(["melody"]) }, "5 problems", "clip 'a'", "all clips need them");
    }

    [Test]
    public void A_recording_that_is_too_short_names_clip_and_row() =>
        AssertRefused(With(Clip("x", Split.Train, length: 99)), "clip 'x' (ratings.csv, row of x)", "too short: 0.099 s");

    [Test]
    public void A_renderer_that_fails_names_its_clip() =>
        AssertRefused(
            With(Clip("x", Split.Test) with { Audio = new AudioSource.Rendered(_ => throw new InvalidOperationException("no strings")) }),
            "clip 'x'",
            "InvalidOperationException: no strings"
        );

    [Test]
    public void All_problems_come_at_once_twenty_of_them_in_full()
    {
        Clip[] bad = [.. Enumerable.Range(0, 25).Select(i => Clip($"short {i}", Split.Train, length: 5))];
        AssertRefused(Content([.. Clips(), .. bad]), "25 problems", "short 0", "short 19", "... and 5 more");
    }

    [Test]
    public void Audio_files_that_cannot_be_used_are_named_with_their_rows()
    {
        FfmpegDecoder decoder = InstalledDecoder.OrSkip();
        File.WriteAllText(_folder.File("text.wav"), "no music");
        Sounds.WriteWav(_folder.File("short.wav"), Sounds.Noise(50), SampleRate);
        DatasetContent content = Content([.. Clips(), FileClip("missing"), FileClip("text"), FileClip("short")]);
        AssertRefused(
            content,
            decoder,
            "3 problems",
            $"clip 'missing' (ratings.csv, row of missing): {_folder.File("missing.wav")}: no such file",
            $"clip 'text' (ratings.csv, row of text): {_folder.File("text.wav")}: ffmpeg cannot decode it as audio: ",
            $"clip 'short' (ratings.csv, row of short): {_folder.File("short.wav")}: too short: 0.05 s"
        );
    }

    [Test]
    public void A_missing_decoder_is_an_error_of_the_environment_not_of_a_clip()
    {
        Sounds.WriteWav(_folder.File("good.wav"), Sounds.Noise(2000), SampleRate);
        var decoder = new FfmpegDecoder(() => FfmpegLocation.Find(_ => null));
        var error = Assert.Throws<UserErrorException>(() => Prepare(With(FileClip("good")), decoder: decoder))!;
        Assert.That(error.Kind, Is.EqualTo(ErrorKind.Environment));
        Assert.That(error.Message, Does.Contain("apt install ffmpeg"));
    }

    [Test]
    public void Once_features_are_cached_no_decoder_is_needed_until_a_waveform_is()
    {
        Sounds.WriteWav(_folder.File("good.wav"), Sounds.Noise(2000), SampleRate);
        Prepare(With(FileClip("good")), decoder: InstalledDecoder.OrSkip()).Dispose();
        using PreparedDataset prepared = Prepare(With(FileClip("good")), decoder: new FfmpegDecoder(() => FfmpegLocation.Find(_ => null)));
        Assert.That(
            () => prepared.Waveforms(Split.Train),
            Throws.TypeOf<UserErrorException>().With.Property("Kind").EqualTo(ErrorKind.Environment)
        );
        Assert.That(prepared.Waveforms(Split.Test).Count, Is.EqualTo(1));
    }

    [Test]
    public void A_remark_on_a_recording_is_made_again_when_its_features_are_cached()
    {
        byte[] wave = File.ReadAllBytes(Sounds.WriteWav(_folder.File("short.wav"), Sounds.Noise(4000), SampleRate));
        BitConverter.TryWriteBytes(wave.AsSpan(40), 4000);
        File.WriteAllBytes(_folder.File("short.wav"), wave);
        using PreparedDataset first = Prepare(With(FileClip("short")), decoder: InstalledDecoder.OrSkip());
        using PreparedDataset second = Prepare(With(FileClip("short")), decoder: new FfmpegDecoder(() => FfmpegLocation.Find(_ => null)));
        Assert.That(
            first.Remarks.Single(),
            Is.EqualTo(
                $"clip 'short' (ratings.csv, row of short): {_folder.File("short.wav")}: its header says 2 s, and 4 000 bytes more stand "
                    + $"behind them, which are not read."
            )
        );
        Assert.That(second.Remarks, Is.EqualTo(first.Remarks));
    }

    [Test]
    public void A_file_that_changes_during_the_run_is_noticed()
    {
        FfmpegDecoder decoder = InstalledDecoder.OrSkip();
        Sounds.WriteWav(_folder.File("good.wav"), Sounds.Noise(2000), SampleRate);
        using PreparedDataset prepared = Prepare(With(FileClip("good")), decoder: decoder);
        Sounds.WriteWav(_folder.File("good.wav"), Sounds.Noise(2000, "other"), SampleRate);
        Assert.That(
            () => prepared.Waveforms(Split.Train),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("clip 'good'").And.Message.Contains("changed")
        );
    }

    [Test]
    public void Silence_everywhere_is_refused() =>
        AssertRefused(Content([.. Clips().Select(c => c with { Audio = new AudioSource.Rendered(_ => new short[800]) })]), "silent");

    [Test]
    public void Features_that_are_not_finite_name_the_clip()
    {
        var error = Assert.Throws<UserErrorException>(() => Prepare(Content(Clips()), new InfiniteFrontEnd()))!;
        Assert.That(error.Message, Does.Contain("clip 'a'").And.Contain("not finite"));
    }

    private static DatasetContent With(Clip clip) => Content([.. Clips(), clip]);

    private Clip FileClip(string id) => Clip(id, Split.Train) with { Audio = new AudioSource.File(_folder.File(id + ".wav")) };

    private void AssertRefused(DatasetContent content, params string[] parts) => AssertRefused(content, new FfmpegDecoder(), parts);

    private void AssertRefused(DatasetContent content, FfmpegDecoder decoder, params string[] parts)
    {
        var error = Assert.Throws<UserErrorException>(() => Prepare(content, decoder: decoder))!;
        Assert.That(error.Kind, Is.EqualTo(ErrorKind.Input));
        foreach (string part in parts)
            Assert.That(error.Message, Does.Contain(part));
    }

    private PreparedDataset Prepare(DatasetContent content, IFrontEnd? frontEnd = null, FfmpegDecoder? decoder = null) =>
        new DatasetPreparer(new StoreFolder(_folder.File("cache")), decoder).Prepare(
            content,
            frontEnd ?? new TripleFrontEnd(),
            "triple",
            HalfSecond
        );

    private sealed class InfiniteFrontEnd : IFrontEnd
    {
        public int SampleRate => SyntheticDataset.SampleRate;

        public float[] Condition(ReadOnlySpan<short> pcm) => new float[pcm.Length];

        public Tensor Transform(Tensor waveform) => full([waveform.shape[0], 3, 4], double.PositiveInfinity);
    }
}
