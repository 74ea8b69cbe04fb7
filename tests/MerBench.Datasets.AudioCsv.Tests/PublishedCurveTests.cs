using System.Globalization;
using MerBench.Datasets.AudioCsv;
using MerBench.Datasets.AudioCsv.Deam;
using MerBench.Datasets.AudioCsv.EmoMusic;
using MerBench.Datasets.AudioCsv.Pmemo;

namespace MerBench.Tests;

/// <summary>Small trees laid out as the published datasets are, with ratings over time.</summary>
public sealed class PublishedCurveTests
{
    private const string DeamTables = "annotations/annotations averaged per song/dynamic (per second annotations)/";
    private const string EmoMusicTables = "annotations/";

    private static readonly SplitOptions Halves = new(Ratio: [0.5, 0, 0.5]);

    [TestCase(DeamTables)]
    [TestCase("annotations/annotations_averaged_per_song/dynamic_(per_second_annotations)/")]
    [TestCase("annotations/annotations_averaged_per_song/dynamic/")]
    public void Deam_reads_ragged_rows_and_names_with_spaces_on_its_own_scale(string tables)
    {
        using DatasetFolder folder = Deam(tables);
        DatasetContent content = LoadDeam(folder);
        Assert.That(content.Emotions.Names, Is.EqualTo(new[] { "valence", "arousal" }));
        Assert.That((content.Emotions.Minimum, content.Emotions.Maximum), Is.EqualTo((-1, 1)));
        Assert.That(content.Emotions.Source, Is.EqualTo("-1 to 1 in valence.csv and arousal.csv, over time"));
        Assert.That(content.Clips.Select(c => c.Id), Is.EqualTo(new[] { "2", "3" }));
        RatedCurve curve = content.Clips[0].EmotionCurve!;
        Assert.That((curve.StartSeconds, curve.HopSeconds), Is.EqualTo((15, 0.5)));
        Assert.That(curve.Ratings, Is.EqualTo(new float[][] { [0.25f, -0.5f], [float.NaN, -0.25f], [0.75f, 0] }));
        Assert.That(curve.Sd, Is.Null);
        Assert.That(content.Clips[0].Emotion, Is.EqualTo(new[] { 0.5f, -0.25f }));
        Assert.That(content.Clips[0].EmotionSd, Is.Null);
        Assert.That(content.Clips[1].EmotionCurve!.Ratings, Is.EqualTo(new float[][] { [-1, 1], [-1, 0.5f] }));
        Assert.That(content.Clips[1].EmotionCurve!.StartSeconds, Is.EqualTo(15.5));
        Assert.That(content.Clips[1].Origin, Is.EqualTo("arousal.csv, row 3"));
    }

    [Test]
    public void Deam_takes_standard_deviations_where_the_tree_has_them_for_both()
    {
        using DatasetFolder folder = Deam(DeamTables);
        string without = LoadDeam(folder).Fingerprint;
        folder.Text(DeamTables + "arousal_std.csv", "song_id, sample_15000ms, sample_15500ms\n2,0.5,0.125\n");
        Assert.That(LoadDeam(folder).Fingerprint, Is.EqualTo(without), "one of two is of no use");
        folder.Text(DeamTables + "valence_std.csv", "song_id, sample_15000ms, sample_15500ms\n2,0.25,\n");
        DatasetContent content = LoadDeam(folder);
        Assert.That(
            content.Clips[0].EmotionCurve!.Sd,
            Is.EqualTo(new float[][] { [0.25f, 0.5f], [float.NaN, 0.125f], [float.NaN, float.NaN] })
        );
        Assert.That(content.Fingerprint, Is.Not.EqualTo(without));
    }

    [Test]
    public void Deam_leaves_out_songs_that_are_not_rated_over_time_and_says_so()
    {
        using DatasetFolder folder = Deam(DeamTables);
        folder.Audio("MEMD_audio/99.mp3");
        Assert.That(
            Found(new DeamDataset(new DeamOptions(folder.Root, Halves, OverTime: true))),
            Is.EqualTo(
                new[]
                {
                    "Extra: arousal.csv, row 4: clip '4' has no rating of 'valence' at any moment; it is left out.",
                    "Extra: row 5: clip '5' has no rating of 'valence' at any moment; it is left out.",
                    "Extra: valence.csv, row 5: clip '6' has no row in 'arousal.csv'; it is left out.",
                    "Extra: no row uses the file '99.mp3'.",
                }
            )
        );
    }

    [TestCase("2,x\n", "arousal.csv, row 2: 'arousal' of clip '2' at 15 s is 'x', which is not a number.")]
    [TestCase("2,-1.5\n", "arousal.csv, row 2: 'arousal' of clip '2' at 15 s is -1.5, outside of the scale -1 to 1.")]
    [TestCase("2,0,0\n3,0,0\n2,0,0\n", "arousal.csv, row 4: song '2' stands in arousal.csv, row 2 already.")]
    [TestCase("2,0,0\n3,0,0\n7,0,0\n", "row 4: clip '7' has no audio file '7.mp3'")]
    public void Deam_says_what_is_wrong_with_file_and_row(string rows, string problem)
    {
        using DatasetFolder folder = Deam(DeamTables);
        folder.Text(DeamTables + "arousal.csv", "song_id, sample_15000ms, sample_15500ms\n" + rows);
        folder.Text(DeamTables + "valence.csv", "song_id, sample_15000ms, sample_15500ms\n2,0,0\n3,0,0\n7,0,0\n");
        Assert.That(Refusal(() => LoadDeam(folder)), Does.Contain(problem));
    }

    [Test]
    public void Deam_needs_columns_that_are_moments_evenly_spaced()
    {
        using DatasetFolder folder = Deam(DeamTables);
        folder.Text(DeamTables + "arousal.csv", "song_id,a\n2,0\n");
        Assert.That(Refusal(() => LoadDeam(folder)), Does.Contain("arousal.csv' has no column named as 'sample_15000ms' is"));
        const string Header = "song_id,sample_15000ms,sample_15500ms,sample_16000ms,sample_17000ms\n";
        folder.Text(DeamTables + "arousal.csv", Header + "2,0,0,0,0\n3,0,0,0,0\n");
        folder.Text(DeamTables + "valence.csv", Header + "2,0,0,0,0\n3,0,0,0,0\n");
        Assert.That(
            Refusal(() => LoadDeam(folder)),
            Does.Contain(
                "valence.csv, row 2: clip '2' is rated at 17 s, 1 s after the moment before, but moments are 0.5 s apart elsewhere"
            )
        );
    }

    [Test]
    public void Deam_over_time_needs_no_ratings_of_whole_songs_and_says_which_table_it_misses()
    {
        using DatasetFolder folder = Deam(DeamTables);
        File.Delete(Path.Combine(folder.Root, DeamTables, "valence.csv"));
        Assert.That(
            Refusal(() => LoadDeam(folder)),
            Does.StartWith($"deam: there is no file '{DeamTables}valence.csv' or ").And.Contain("Unpack the dataset there")
        );
    }

    [TestCase("")]
    [TestCase(EmoMusicTables)]
    public void EmoMusic_reads_its_four_tables_and_keeps_its_split(string tables)
    {
        using DatasetFolder folder = EmoMusic(tables, songs: 60);
        DatasetContent content = new EmoMusicDataset(new EmoMusicOptions(folder.Root, OverTime: true)).Load(CancellationToken.None);
        Assert.That((content.Emotions.Minimum, content.Emotions.Maximum), Is.EqualTo((-1, 1)));
        Assert.That(content.Clips, Has.Count.EqualTo(60));
        Assert.That(content.Clips.Count(c => c.Split == Split.Test), Is.EqualTo(10));
        Clip clip = content.Clips.Single(c => c.Id == "7");
        Assert.That((clip.EmotionCurve!.StartSeconds, clip.EmotionCurve.HopSeconds), Is.EqualTo((15, 0.5)));
        Assert.That(clip.EmotionCurve.Ratings, Is.EqualTo(new float[][] { [0.5f, -0.25f], [0.25f, -0.75f] }));
        Assert.That(clip.EmotionCurve.Sd, Is.EqualTo(new float[][] { [0.125f, 0.375f], [0.25f, 0.5f] }));
        Assert.That(clip.Emotion, Is.EqualTo(new[] { 0.375f, -0.5f }));
    }

    [Test]
    public void EmoMusic_does_without_deviations_and_reports_a_song_that_the_list_lacks()
    {
        using DatasetFolder folder = EmoMusic(EmoMusicTables, songs: 60);
        File.Delete(Path.Combine(folder.Root, EmoMusicTables, "arousal_cont_std.csv"));
        var dataset = new EmoMusicDataset(new EmoMusicOptions(folder.Root, OverTime: true));
        Assert.That(dataset.Load(CancellationToken.None).Clips[0].EmotionCurve!.Sd, Is.Null);
        string arousal = Path.Combine(folder.Root, EmoMusicTables, "arousal_cont_average.csv");
        File.AppendAllText(arousal, "99,0,0\n");
        Assert.That(Refusal(() => dataset.Load(CancellationToken.None)), Does.Contain("row 62: song '99' has no row in "));
    }

    [Test]
    public void Pmemo_reads_moments_and_deviations_of_choruses()
    {
        using DatasetFolder folder = Pmemo();
        DatasetContent content = LoadPmemo(folder, overTime: true);
        Assert.That((content.Emotions.Minimum, content.Emotions.Maximum), Is.EqualTo((0, 1)));
        Assert.That(content.Clips.Select(c => c.Id), Is.EqualTo(new[] { "1", "4" }));
        RatedCurve curve = content.Clips[0].EmotionCurve!;
        Assert.That((curve.StartSeconds, curve.HopSeconds), Is.EqualTo((15.5, 0.5)));
        Assert.That(curve.Ratings, Is.EqualTo(new float[][] { [0.5f, 0.25f], [0.75f, 0.375f] }));
        Assert.That(curve.Sd, Is.EqualTo(new float[][] { [0.125f, 0.0625f], [0.25f, 0.5f] }));
        Assert.That(content.Clips[0].Emotion, Is.EqualTo(new[] { 0.625f, 0.3125f }));
        Assert.That(content.Clips[1].EmotionCurve!.Sd![1], Is.EqualTo(new[] { float.NaN, float.NaN }), "a row that the deviations lack");
        Assert.That(content.Clips[1].Origin, Is.EqualTo("dynamic_annotations.csv, row 4"));
        Assert.That(
            Found(new PmemoDataset(new PmemoOptions(folder.Root, Halves, OverTime: true))),
            Is.EqualTo(new[] { "Extra: no row uses the file '5.mp3'." })
        );
    }

    [Test]
    public void Pmemo_refuses_deviations_of_moments_that_nobody_rated()
    {
        using DatasetFolder folder = Pmemo();
        folder.Text(
            "annotations/dynamic_annotations_std.csv",
            "musicId,frameTime,Arousal(std),Valence(std)\n1,15.5,0.1,0.1\n1,99.5,0.1,0.1\n1,15.5,0.1,0.1\n"
        );
        Assert.That(
            Refusal(() => LoadPmemo(folder, overTime: true)),
            Does.Contain("dynamic_annotations_std.csv, row 3: musicId '1', frameTime '99.5' has no row in the table that it belongs to.")
                .And.Contain("row 4: musicId '1', frameTime '15.5' stands in dynamic_annotations_std.csv, row 2 already.")
        );
    }

    [Test]
    public void Pmemo_takes_the_deviations_of_whole_choruses_where_they_are()
    {
        using DatasetFolder folder = Pmemo();
        DatasetContent content = LoadPmemo(folder, overTime: false);
        Assert.That(content.Clips.Select(c => c.EmotionSd), Is.EqualTo(new float[][] { [0.25f, 0.125f], [0.5f, 0.375f] }));
        Assert.That(content.Clips.Select(c => c.EmotionCurve), Is.All.Null);
        folder.Text("annotations/static_annotations_std.csv", "musicId,Arousal(std),Valence(std)\n1,0.125,0.25\n4,0.375,0.25\n");
        Assert.That(LoadPmemo(folder, overTime: false).Fingerprint, Is.Not.EqualTo(content.Fingerprint));
        folder.Text("annotations/static_annotations_std.csv", "musicId,Arousal(std),Valence(std)\n1,0.125,0.25\n");
        Assert.That(
            Refusal(() => LoadPmemo(folder, overTime: false)),
            Does.Contain("row 3: 'Valence(std)' of clip '4' is ''; a standard deviation is a number of at least 0.")
        );
    }

    private static DatasetContent LoadDeam(DatasetFolder folder) =>
        new DeamDataset(new DeamOptions(folder.Root, Halves, OverTime: true)).Load(CancellationToken.None);

    private static DatasetContent LoadPmemo(DatasetFolder folder, bool overTime) =>
        new PmemoDataset(new PmemoOptions(folder.Root, Halves, overTime)).Load(CancellationToken.None);

    private static string Refusal(Func<DatasetContent> load) => Assert.Throws<PluginUserException>(() => load())!.Message;

    private static string[] Found(IInspectable dataset) =>
        [.. dataset.Inspect(CancellationToken.None).Issues.Select(i => $"{i.Kind}: {i.Message}".Replace('\\', '/'))];

    // Songs 2 and 3 are rated, 4 for arousal alone, 5 not at all, and 6 for valence alone.
    private static DatasetFolder Deam(string tables)
    {
        var folder = new DatasetFolder();
        folder.Text(
            tables + "arousal.csv",
            "song_id, sample_15000ms, sample_15500ms, sample_16000ms, sample_16500ms\r\n"
                + "2,-0.5,-0.25,0,\r\n3,,1.0,0.5\r\n4,0.1,0.1,0.1,0.1\r\n5,,,,\r\n"
        );
        folder.Text(
            tables + "valence.csv",
            "song_id, sample_15000ms, sample_15500ms, sample_16000ms\r\n2,0.25,,0.75\r\n3,,-1,-1\r\n5\r\n6,0,0,0\r\n"
        );
        folder.Audio("MEMD_audio/2.mp3", "MEMD_audio/3.mp3");
        return folder;
    }

    private static DatasetFolder EmoMusic(string tables, int songs)
    {
        var folder = new DatasetFolder();
        int[] ids = [.. Enumerable.Range(1, songs)];
        Wide("arousal_cont_average.csv", "-0.25,-0.75");
        Wide("valence_cont_average.csv", "0.5,0.25");
        Wide("arousal_cont_std.csv", "0.375,0.5");
        Wide("valence_cont_std.csv", "0.125,0.25");
        folder.Text(
            tables + "songs_info.csv",
            "song_id,file_name,Artist,Song title,start of the segment (min.sec),end of the segment (min.sec),Genre,Mediaeval 2013 set\n"
                + string.Concat(
                    ids.Select(i =>
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{i},{i}.mp3,\"\tArtist {i % 20}, the\t\",\"\tA title\t\",\"0.48\",1.33,\"Rock\t\","
                                + $"{(i > 50 ? "evaluation" : "development")}\n"
                        )
                    )
                )
        );
        foreach (int i in ids)
            folder.Audio(FormattableString.Invariant($"clips_45seconds/{i}.mp3"));
        return folder;

        void Wide(string table, string row) =>
            folder.Text(
                tables + table,
                "song_id,sample_15000ms,sample_15500ms\n" + string.Concat(ids.Select(i => FormattableString.Invariant($"{i},{row}\n")))
            );
    }

    // Chorus 5 is too short to be rated over time.
    private static DatasetFolder Pmemo()
    {
        var folder = new DatasetFolder();
        folder.Text("annotations/static_annotations.csv", "musicId,Arousal(mean),Valence(mean)\n1,0.4,0.575\n4,0.2875,0.6\n");
        folder.Text("annotations/static_annotations_std.csv", "musicId,Arousal(std),Valence(std)\n1,0.125,0.25\n4,0.375,0.5\n");
        folder.Text(
            "annotations/dynamic_annotations.csv",
            "musicId,frameTime,Arousal(mean),Valence(mean)\n1,15.5,0.25,0.5\n1,16.0,0.375,0.75\n4,15.5,0.1,0.2\n4,16.0,0.1,0.2\n",
            byteOrderMark: true
        );
        folder.Text(
            "annotations/dynamic_annotations_std.csv",
            "musicId,frameTime,Arousal(std),Valence(std)\n1,16.0,0.5,0.25\n1,15.5,0.0625,0.125\n4,15.5,0.5,0.5\n"
        );
        folder.Audio("chorus/1.mp3", "chorus/4.mp3", "chorus/5.mp3");
        return folder;
    }
}
