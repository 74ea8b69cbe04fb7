using System.Globalization;
using MerBench.Datasets.AudioCsv;
using MerBench.Datasets.AudioCsv.Deam;
using MerBench.Datasets.AudioCsv.EmoMusic;
using MerBench.Datasets.AudioCsv.Emotify;
using MerBench.Datasets.AudioCsv.Pmemo;

namespace MerBench.Tests;

/// <summary>Small trees laid out as the published datasets are, with the quirks of their tables.</summary>
public sealed class PublishedDatasetTests
{
    private const string DeamTables = "annotations/annotations averaged per song/song_level/static_annotations_averaged_songs_";

    private static readonly SplitOptions Halves = new(Ratio: [0.5, 0, 0.5]);

    [TestCase(DeamTables)]
    [TestCase("annotations/annotations_averaged_per_song/song_level/static_annotations_averaged_songs_")]
    public void Deam_joins_two_tables_with_spaces_before_names_and_other_columns(string tables)
    {
        using DatasetFolder folder = Deam(tables);
        DatasetContent content = new DeamDataset(new DeamOptions(folder.Root, Halves)).Load(CancellationToken.None);
        Assert.That(content.Emotions.Names, Is.EqualTo(new[] { "valence", "arousal" }));
        Assert.That(content.Emotions.Source, Does.StartWith("1 to 9 in static_annotations_averaged_songs_1_2000.csv"));
        Assert.That(content.Clips.Select(c => c.Id), Is.EqualTo(new[] { "2", "3", "2001" }));
        Assert.That(content.Clips[0].Emotion, Is.EqualTo(new[] { 0.2625f, 0.25f }).Within(1e-6f));
        Assert.That(content.Clips[2].Emotion, Is.EqualTo(new[] { 1f, 0f }).Within(1e-6f));
        Assert.That(
            content.Clips[0].EmotionSd,
            Is.EqualTo(new[] { 0.94f / 8, 0.63f / 8 }).Within(1e-6f),
            "annotators' sd on the scale 0..1"
        );
        Assert.That(content.Clips[2].Origin, Is.EqualTo("static_annotations_averaged_songs_2000_2058.csv, row 2"));
    }

    [Test]
    public void Deam_names_the_table_of_a_fault()
    {
        using DatasetFolder folder = Deam(DeamTables);
        folder.Text(
            DeamTables + "2000_2058.csv",
            "song_id, valence_mean, valence_std, valence_max_mean, arousal_mean, arousal_std\r\n2001,9.5,1,9,1.0,1\r\n"
        );
        Assert.That(
            Assert
                .Throws<PluginUserException>(() => new DeamDataset(new DeamOptions(folder.Root, Halves)).Load(CancellationToken.None))!
                .Message,
            Does.Contain(
                "static_annotations_averaged_songs_2000_2058.csv, row 2: 'valence_mean' of clip '2001' is 9.5, outside of the scale 1 to 9."
            )
        );
    }

    [Test]
    public void Pmemo_reads_its_order_and_scale_and_reports_the_choruses_that_are_not_rated_as_extra()
    {
        using var folder = new DatasetFolder();
        folder.Text(
            "annotations/static_annotations.csv",
            "musicId,Arousal(mean),Valence(mean)\n1,0.4,0.575\n4,0.2875,0.6\n",
            byteOrderMark: true
        );
        folder.Audio("chorus/1.mp3", "chorus/4.mp3", "chorus/5.mp3", "chorus/6.mp3");
        var dataset = new PmemoDataset(new PmemoOptions(folder.Root, Halves));
        Assert.That(dataset.Load(CancellationToken.None).Clips[0].Emotion, Is.EqualTo(new[] { 0.575f, 0.4f }).Within(1e-6f));
        Assert.That(Found(dataset), Is.EqualTo(new[] { "Extra: no row uses the file '5.mp3'.", "Extra: no row uses the file '6.mp3'." }));
    }

    [Test]
    public void EmoMusic_tests_on_the_evaluation_set_and_keeps_artists_whole()
    {
        using DatasetFolder folder = EmoMusic(songs: 60);
        DatasetContent content = new EmoMusicDataset(new EmoMusicOptions(folder.Root)).Load(CancellationToken.None);
        Assert.That(
            content.Clips.Where(c => c.Split == Split.Test).Select(c => c.Id),
            Is.EqualTo(Enumerable.Range(51, 10).Select(i => i.ToString(CultureInfo.InvariantCulture)))
        );
        Assert.That(content.Clips.Count(c => c.Split == Split.Validation), Is.InRange(1, 15));
        Assert.That(
            content
                .Clips.Where(c => c.Split != Split.Test)
                .GroupBy(c => int.Parse(c.Id, CultureInfo.InvariantCulture) % 20)
                .Select(artist => artist.Select(c => c.Split).Distinct().Count()),
            Is.All.EqualTo(1)
        );
        Assert.That(content.Clips[0].Emotion, Is.EqualTo(new[] { 0.5f, 0.25f }).Within(1e-6f));
    }

    [Test]
    public void EmoMusic_reports_a_rated_song_that_the_list_of_songs_lacks()
    {
        using DatasetFolder folder = EmoMusic(songs: 60);
        folder.Text("static_annotations.csv", File.ReadAllText(Path.Combine(folder.Root, "static_annotations.csv")) + "99,3,1,5,1\n");
        string[] found = Found(new EmoMusicDataset(new EmoMusicOptions(folder.Root)));
        Assert.That(found, Has.Length.EqualTo(2));
        Assert.That(found[0], Does.StartWith("Missing: row 62: song '99' has no row in "));
        Assert.That(found[1], Does.StartWith("Missing: row 62: clip '99' has no audio file '99.mp3'"));
    }

    [Test]
    public void Emotify_makes_shares_of_votes_and_finds_files_that_restart_in_each_genre()
    {
        using DatasetFolder folder = Emotify(
            "1,classical,0,1,0,0,0,0,1,1,0,3\n1,classical,0,1,0,1,0,0,0,0,0,3\n301,pop,1,0,0,0,0,0,0,0,0,3\n"
        );
        DatasetContent content = new EmotifyDataset(new EmotifyOptions(folder.Root, Halves)).Load(CancellationToken.None);
        Assert.That(
            content.Emotions.Names,
            Is.EqualTo(
                new[]
                {
                    "amazement",
                    "solemnity",
                    "tenderness",
                    "nostalgia",
                    "calmness",
                    "power",
                    "joyful-activation",
                    "tension",
                    "sadness",
                }
            )
        );
        Assert.That(content.Clips.Select(c => c.Id), Is.EqualTo(new[] { "1", "301" }));
        Assert.That(content.Clips[0].Emotion, Is.EqualTo(new[] { 0, 1, 0, 0.5f, 0, 0, 0.5f, 0.5f, 0 }).Within(1e-6f));
        Assert.That(
            content.Clips.Select(c => Path.GetRelativePath(folder.Root, ((AudioSource.File)c.Audio).Path).Replace('\\', '/')),
            Is.EqualTo(new[] { "classical/1.mp3", "pop/1.mp3" })
        );
    }

    [Test]
    public void Emotify_reports_all_that_does_not_fit()
    {
        using DatasetFolder folder = Emotify(
            "1,classical,0,1,0,0,0,0,1,1,0,3\n1,rock,0,2,0,1,0,0,0,0,0,3\n302,pop,1,0,0,0,0,0,0,0,0,3\nx,pop,1,0,0,0,0,0,0,0,0,3\n"
        );
        string[] found = Found(new EmotifyDataset(new EmotifyOptions(folder.Root, Halves)));
        Assert.That(
            found,
            Does.Contain("Mismatching: row 3: clip '1' is of the genre 'rock', but 'classical' in row 2.")
                .And.Contain("Mismatching: row 3: 'solemnity' of clip '1' is '2'; expected 0 or 1.")
                .And.Contain("Mismatching: row 5: the track id is 'x'; expected a number from 1.")
        );
    }

    [Test]
    public void Any_table_is_inspected_to_the_end()
    {
        using var folder = new DatasetFolder();
        folder.Text("ratings.csv", "id,valence\na,1\nb,12\nc,\nd,5\n");
        folder.Audio("a.wav", "b.wav", "e.wav", "more/f.mp3");
        string[] found = Found(
            new AudioCsvDataset(
                new AudioCsvOptions(
                    folder.Root,
                    Path.Combine(folder.Root, "ratings.csv"),
                    ["valence"],
                    new RatingScale(1, 9),
                    Split: new SplitOptions(Train: ["a", "b"], Test: ["c", "missing-clip"])
                )
            )
        );
        Assert.That(
            found,
            Is.EqualTo(
                new[]
                {
                    "Missing: split: test lists clip 'missing-clip', which has no row.",
                    "Mismatching: row 3: 'valence' of clip 'b' is 12, outside of the scale 1 to 9.",
                    "Mismatching: row 4: 'valence' of clip 'c' is missing.",
                    $"Missing: row 4: clip 'c' has no audio file 'c.wav' or 'c.flac' or 'c.mp3' or 'c.ogg' in '{folder.Root}'.",
                    "Extra: row 5: clip 'd' is in no split.",
                    "Extra: no row uses the file 'e.wav'.",
                    "Extra: no row uses the file 'more/f.mp3'.",
                }
            )
        );
    }

    [TestCase(typeof(DeamDataset), "deam: there is no file 'annotations/annotations averaged per song")]
    [TestCase(typeof(PmemoDataset), "pmemo: there is no folder 'chorus'")]
    [TestCase(typeof(EmoMusicDataset), "emomusic: there is no file 'static_annotations.csv' or")]
    [TestCase(typeof(EmotifyDataset), "emotify: there is no file 'data.csv'")]
    public void An_empty_folder_says_what_is_looked_for(Type dataset, string message)
    {
        using var folder = new DatasetFolder();
        object options = dataset.GetConstructors()[0].GetParameters()[0].ParameterType.GetConstructors()[0] is var constructor
            ? constructor.Invoke([folder.Root, .. constructor.GetParameters().Skip(1).Select(_ => (object?)null)])
            : null!;
        var created = (IInspectable)Activator.CreateInstance(dataset, options)!;
        Assert.That(
            Assert.Throws<PluginUserException>(() => created.Inspect(CancellationToken.None))!.Message,
            Does.StartWith(message).And.Contain("Unpack the dataset there")
        );
    }

    private static string[] Found(IInspectable dataset) =>
        [.. dataset.Inspect(CancellationToken.None).Issues.Select(i => $"{i.Kind}: {i.Message}".Replace('\\', '/'))];

    private static DatasetFolder Deam(string tables)
    {
        var folder = new DatasetFolder();
        folder.Text(
            tables + "1_2000.csv",
            "song_id, valence_mean, valence_std, arousal_mean, arousal_std\r\n2,3.1,0.94,3.0,0.63\r\n3,3.5,1.75,3.3,1.62\r\n"
        );
        folder.Text(
            tables + "2000_2058.csv",
            "song_id, valence_mean, valence_std, valence_max_mean, arousal_mean, arousal_std\r\n2001,9,0.8,9,1.0,0.4\r\n"
        );
        folder.Audio("MEMD_audio/2.mp3", "MEMD_audio/3.mp3", "MEMD_audio/2001.mp3");
        return folder;
    }

    private static DatasetFolder EmoMusic(int songs)
    {
        var folder = new DatasetFolder();
        IEnumerable<int> ids = Enumerable.Range(1, songs);
        folder.Text(
            "static_annotations.csv",
            "song_id,mean_arousal,std_arousal,mean_valence,std_valence\n"
                + string.Concat(ids.Select(i => FormattableString.Invariant($"{i},3,1.2,5,1.1\n")))
        );
        folder.Text(
            "songs_info.csv",
            "song_id,file_name,Artist,Song title,start of the segment (min.sec),end of the segment (min.sec),Genre,Mediaeval 2013 set\n"
                + string.Concat(
                    ids.Select(i =>
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{i},{i}.mp3,\"\tArtist {i % 20}, the\t\",\"A, "
                                + $"\"\"title\"\"\",\"0.48\",1.33,\"Rock\t\",{(i > 50 ? "evaluation" : "development")}\n"
                        )
                    )
                )
        );
        foreach (int i in ids)
            folder.Audio(FormattableString.Invariant($"clips_45seconds/{i}.mp3"));
        return folder;
    }

    private static DatasetFolder Emotify(string votes)
    {
        var folder = new DatasetFolder();
        folder.Text(
            "data.csv",
            "track id, genre, amazement, solemnity, tenderness, nostalgia, calmness, power, joyful_activation, tension, sadness, mood\n"
                + votes
        );
        folder.Audio("classical/1.mp3", "rock/1.mp3", "electronic/1.mp3", "pop/1.mp3");
        return folder;
    }
}
