using System.Globalization;
using System.Text;
using MerBench.Datasets.AudioCsv.Soundtracks;

namespace MerBench.Tests;

public sealed class SoundtracksTests
{
    private static readonly string[] s_testClips = (
        "146,310,335,329,057,257,167,174,308,034,065,219,357,187,069,049,076,122,"
        + "019,008,093,126,021,301,298,190,323,324,263,313,175,325,229,132,340,111"
    ).Split(',');

    private string _root = "";

    [SetUp]
    public void CreateTree() => _root = Directory.CreateTempSubdirectory("merbench-").FullName;

    [TearDown]
    public void DeleteTree() => Directory.Delete(_root, recursive: true);

    [Test]
    public void The_split_is_the_published_one_in_order_whatever_variant_of_the_table()
    {
        foreach (
            string header in (string[])
                [
                    "number,valence,energy,tension,anger,fear,happy,sad,tender,TARGET",
                    "Number,valence,energy,tension,anger,fear,happy,sad,tender,TARGET,,",
                ]
        )
        {
            WriteTree(header);
            DatasetContent content = Load(new SoundtracksOptions(_root));
            Assert.That(content.Clips.Where(c => c.Split == Split.Test).Select(c => c.Id), Is.EqualTo(s_testClips));
            Assert.That(
                (content.Clips.Count(c => c.Split == Split.Train), content.Clips.Count(c => c.Split == Split.Validation)),
                Is.EqualTo((288, 36))
            );
            Assert.That(
                content.Clips.First(c => c.Id == "001").Emotion,
                Is.EqualTo(new[] { 0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f, 0.7f, 0.783f }).Within(1e-7f)
            );
            Assert.That(
                content.Emotions.Names,
                Is.EqualTo(new[] { "valence", "energy", "tension", "anger", "fear", "happy", "sad", "tender" })
            );
        }
    }

    [Test]
    public void The_published_preparation_is_the_default_and_a_leak_free_one_is_an_option()
    {
        WriteTree();
        Preparation published = new(10, ExcerptPlacement.Random, StandardiseOnAllClips: true)
        {
            StandardiseFrom = StandardisationSource.Recordings,
        };
        Assert.That(Load(new SoundtracksOptions(_root)).Preparation, Is.EqualTo(published));
        Assert.That(
            new SoundtracksDataset(new SoundtracksOptions(_root)).Inspect(CancellationToken.None).Preparation,
            Is.EqualTo(published)
        );
        Preparation leakFree = Load(new SoundtracksOptions(_root, Standardise: Standardisation.TrainingClips)).Preparation;
        Assert.That(leakFree, Is.EqualTo(published with { StandardiseOnAllClips = false }));
    }

    [Test]
    public void Concepts_are_joined_by_source_and_id()
    {
        WriteTree();
        WriteMidlevel();
        DatasetContent without = Load(new SoundtracksOptions(_root)),
            content = Load(new SoundtracksOptions(_root, Path.Combine(_root, "midlevel")));
        Assert.That(content.Concepts!.Names, Has.Count.EqualTo(7));
        Assert.That(
            content.Clips.First(c => c.Id == "007").Concepts,
            Is.EqualTo(new[] { 0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f, 0.97f }).Within(1e-6f)
        );
        Assert.That(content.Fingerprint, Is.Not.EqualTo(without.Fingerprint));
    }

    [Test]
    public void Clips_without_annotations_are_listed()
    {
        WriteTree();
        WriteMidlevel(clips: 358);
        string message = Assert
            .Throws<PluginUserException>(() => Load(new SoundtracksOptions(_root, Path.Combine(_root, "midlevel"))))!
            .Message;
        Assert.That(message, Does.Contain("'359'").And.Contain("'360'").And.Contain("2 problems"));
    }

    [Test]
    public void A_missing_table_missing_audio_and_missing_rows_say_what_to_do()
    {
        Assert.That(Refusal(), Does.Contain("mean_ratings_set1.csv"));
        WriteTree();
        File.Delete(Path.Combine(_root, "Set1", "017.mp3"));
        Assert.That(Refusal(), Does.Contain("017.mp3"));
        WriteTree(clips: 359);
        Assert.That(Refusal(), Does.Contain("'360'"));
        Directory.Delete(Path.Combine(_root, "Set1"), recursive: true);
        Assert.That(Refusal(), Does.Contain("Unpack Set1.zip"));
    }

    [Test]
    public void The_logs_of_the_paper_attack_these_clips_in_this_order()
    {
        string log = SharedData.Path("paper-logs/A2E/seed6/log.csv");
        string[] attacked = [.. File.ReadAllLines(log).Where(l => l.StartsWith("['", StringComparison.Ordinal)).Select(l => l[2..5])];
        Assert.That(attacked, Is.EqualTo(PublishedSplit.Order.Skip(324)));
    }

    [Test]
    public void The_published_ratings_are_read()
    {
        string published = SharedData.Path("soundtracks/mean_ratings_set1.csv");
        WriteTree();
        File.Copy(published, Path.Combine(_root, "mean_ratings_set1.csv"), overwrite: true);
        DatasetContent content = Load(new SoundtracksOptions(_root));
        Assert.That(
            content.Clips.First(c => c.Id == "001").Emotion,
            Is.EqualTo(new[] { 0.483f, 0.683f, 0.317f, 0.1f, 0.1f, 0.733f, 0.1f, 0.1f }).Within(1e-6f)
        );
    }

    private string Refusal() => Assert.Throws<PluginUserException>(() => Load(new SoundtracksOptions(_root)))!.Message;

    private static DatasetContent Load(SoundtracksOptions options) => new SoundtracksDataset(options).Load(CancellationToken.None);

    private void WriteTree(string header = "number,valence,energy,tension,anger,fear,happy,sad,tender,TARGET", int clips = 360)
    {
        var table = new StringBuilder(header).Append("\r\n");
        Directory.CreateDirectory(Path.Combine(_root, "Set1"));
        for (int i = 1; i <= clips; i++)
        {
            table.Append(
                CultureInfo.InvariantCulture,
                $"{i:000},1.00,2.00,3.00,4.00,5.00,6.00,7.00,7.83,HAPPY{new string(',', header.Length - header.TrimEnd(',').Length)}\r\n"
            );
            File.WriteAllText(Path.Combine(_root, "Set1", $"{i:000}.mp3"), "audio of clip " + i.ToString(CultureInfo.InvariantCulture));
        }

        File.WriteAllText(
            Path.Combine(_root, "mean_ratings_set1.csv"),
            table.ToString(),
            new UTF8Encoding(encoderShouldEmitUTF8Identifier: true)
        );
    }

    private void WriteMidlevel(int clips = 360)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_root, "midlevel", "metadata_annotations")).FullName;
        var metadata = new StringBuilder("song id;Source;ID at file source;Title;Artist;Album name\n1;magnatune;7;A, B;C;D\n");
        var annotations = new StringBuilder(
            "song_id, melody, articulation, rhythm_complexity, rhythm_stability, dissonance, atonality, mode\n1,9,9,9,9,9,9,9\n"
        );
        for (int i = 1; i <= clips; i++)
        {
            metadata.Append(CultureInfo.InvariantCulture, $"{i + 1000};soundtracks;{i};Title;Artist;Album\n");
            annotations.Append(CultureInfo.InvariantCulture, $"{i + 1000},1,2,3,4,5,6,9.7\n");
        }

        File.WriteAllText(Path.Combine(folder, "metadata.csv"), metadata.ToString());
        File.WriteAllText(Path.Combine(folder, "annotations.csv"), annotations.ToString());
    }
}
