using System.Text;
using MerBench.Datasets.AudioCsv;

namespace MerBench.Tests;

public sealed class ReadingTests
{
    private const string Plain = "id,valence,energy\na,1,9\nb,5,3\n";

    private static readonly string[] s_files = ["a.wav", "b.wav"];

    [Test]
    public void Ratings_are_mapped_linearly_to_zero_to_one_and_the_source_tells_the_scale()
    {
        using var collection = new Collection(Plain, s_files);
        DatasetContent content = collection.Load();
        Assert.That(content.Emotions.Names, Is.EqualTo(new[] { "valence", "energy" }));
        Assert.That((content.Emotions.Minimum, content.Emotions.Maximum), Is.EqualTo((0, 1)));
        Assert.That(content.Emotions.Source, Is.EqualTo("1 to 9 in ratings.csv, mapped linearly to 0..1"));
        Assert.That(content.Clips.Single(c => c.Id == "a").Emotion, Is.EqualTo(new[] { 0f, 1f }));
        Assert.That(content.Clips.Single(c => c.Id == "b").Emotion, Is.EqualTo(new[] { 0.5f, 0.25f }));
        Assert.That(content.Clips.Single(c => c.Id == "b").Origin, Is.EqualTo("ratings.csv, row 3"));
    }

    [Test]
    public void Columns_of_zero_and_one_are_tags()
    {
        using var collection = new Collection("id,happy,film\na,1,0\nb,0,1\n", s_files);
        collection.Options = collection.Options with { Emotions = ["happy", "film"], Scale = new RatingScale(0, 1) };
        DatasetContent content = collection.Load();
        Assert.That(content.Clips.Single(c => c.Id == "a").Emotion, Is.EqualTo(new[] { 1f, 0f }));
        Assert.That(content.Clips.Single(c => c.Id == "b").Emotion, Is.EqualTo(new[] { 0f, 1f }));
    }

    [TestCase("id;valence;energy\na;1;9\nb;5;3\n", TestName = "Semicolons")]
    [TestCase("id\tvalence\tenergy\na\t1\t9\nb\t5\t3\n", TestName = "Tabs")]
    [TestCase("id,valence,energy\r\na,1,9\r\nb,5,3\r\n", TestName = "Windows line ends")]
    [TestCase("id,valence,energy\na,1,9\nb,5,3", TestName = "No line end after the last row")]
    [TestCase("id, valence , energy\n a , 1,9 \nb,5,3\n", TestName = "Spaces around names and cells")]
    [TestCase("\"id\",\"valence\",\"energy\"\n\"a\",\"1\",\"9\"\n\"b\",\"5\",\"3\"\n", TestName = "Quotes")]
    [TestCase("id,valence,energy,,\na,1,9,,\nb,5,3,,\n", TestName = "Columns without a name")]
    [TestCase("id,valence,energy,remark\na,1,9\nb,5,3,fine\n", TestName = "A line that ends before a column that nobody reads")]
    [TestCase("id,valence,energy\n\na,1,9\n,,\nb,5,3\n\n", TestName = "Blank lines")]
    [TestCase("id,energy,other,valence\na,9,x,1\nb,3,y,5\n", TestName = "Another order of columns")]
    [TestCase(
        "id,title,valence,energy\na,\"one, two; three\",1,9\nb,\"a \"\"b\"\"\",5,3\n",
        TestName = "Delimiters and quotes within quotes"
    )]
    public void The_same_ratings_written_differently_are_the_same(string table)
    {
        using Collection plain = new(Plain, s_files),
            other = new(table, s_files);
        Assert.That(other.Load().Fingerprint, Is.EqualTo(plain.Load().Fingerprint));
    }

    [Test]
    public void A_byte_order_mark_is_no_part_of_the_first_column()
    {
        using var collection = new Collection("", s_files);
        File.WriteAllText(collection.Table, Plain, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        collection.Options = collection.Options with { IdColumn = "id" };
        Assert.That(collection.Load().Clips, Has.Count.EqualTo(2));
    }

    [Test]
    public void Rows_are_numbered_as_an_editor_numbers_lines()
    {
        using var collection = new Collection("id,text,valence,energy\na,\"two\nlines\",1,9\n\nb,x,5,3\n", s_files);
        Assert.That(collection.Load().Clips.Select(c => c.Origin), Is.EqualTo(new[] { "ratings.csv, row 2", "ratings.csv, row 5" }));
    }

    [Test]
    public void Labels_may_be_named_otherwise_than_columns_and_concepts_have_a_scale_of_their_own()
    {
        using var collection = new Collection("song,Valence(mean),energy,melody\na,1,9,2\nb,5,3,10\n", s_files);
        collection.Options = collection.Options with
        {
            Columns = new Dictionary<string, string> { ["valence"] = "Valence(mean)" },
            Concepts = ["melody"],
            ConceptScale = new RatingScale(0, 10),
        };
        DatasetContent content = collection.Load();
        Assert.That(content.Emotions.Names[0], Is.EqualTo("valence"));
        Assert.That(content.Concepts!.Names, Is.EqualTo(new[] { "melody" }));
        Assert.That(content.Clips.Select(c => c.Concepts![0]), Is.EqualTo(new[] { 0.2f, 1f }));
    }

    [Test]
    public void Audio_is_found_by_extension_by_pattern_or_by_column()
    {
        const string Table = "id,valence,energy,genre,path\n1,1,9,rock,x/one.ogg\n2,5,3,pop,x/two.ogg\n";
        using var collection = new Collection(Table, "1.mp3", "2.flac", "rock/1.mp3", "pop/2.mp3", "x/one.ogg", "x/two.ogg");
        AudioCsvOptions options = collection.Options;
        Assert.That(Files(options), Is.EqualTo(new[] { "1.mp3", "2.flac" }));
        Assert.That(Files(options with { File = "{genre}/{id}.mp3" }), Is.EqualTo(new[] { "rock/1.mp3", "pop/2.mp3" }));
        Assert.That(Files(options with { FileColumn = "path" }), Is.EqualTo(new[] { "x/one.ogg", "x/two.ogg" }));

        IEnumerable<string> Files(AudioCsvOptions with)
        {
            collection.Options = with;
            return collection
                .Load()
                .Clips.Select(c => Path.GetRelativePath(collection.Audio, ((AudioSource.File)c.Audio).Path).Replace('\\', '/'));
        }
    }

    [Test]
    public void The_preparation_follows_the_options()
    {
        using var collection = new Collection(Plain, s_files);
        collection.Options = collection.Options with
        {
            Seconds = 5,
            Placement = ExcerptPlacement.Random,
            MinimumSeconds = 2,
            StandardiseOnAllClips = true,
        };
        Assert.That(collection.Load().Preparation, Is.EqualTo(new Preparation(5, ExcerptPlacement.Random, true, 2)));
    }

    [Test]
    public void The_fingerprint_follows_ratings_audio_splits_and_scale()
    {
        var fingerprints = new List<string>();
        using (var plain = new Collection(Plain, s_files))
        {
            plain.Options = plain.Options with { Split = new SplitOptions(Train: ["a"], Test: ["b"]) };
            fingerprints.Add(plain.Load().Fingerprint);
            plain.AddAudio("a.wav", "other audio");
            fingerprints.Add(plain.Load().Fingerprint);
            plain.Options = plain.Options with { Scale = new RatingScale(0, 10) };
            fingerprints.Add(plain.Load().Fingerprint);
            plain.Options = plain.Options with { Split = new SplitOptions(Train: ["b"], Test: ["a"]) };
            fingerprints.Add(plain.Load().Fingerprint);
        }

        using var changed = new Collection(Plain.Replace("5,3", "5,4", StringComparison.Ordinal), s_files);
        fingerprints.Add(changed.Load().Fingerprint);
        Assert.That(fingerprints, Is.Unique);
    }

    [Test]
    public void The_published_ratings_of_soundtracks_are_read()
    {
        string table = SharedData.Path("soundtracks/mean_ratings_set1.csv");
        using var collection = new Collection("", Enumerable.Range(1, 360).Select(i => $"{i:000}.mp3"));
        collection.Options = new AudioCsvOptions(
            collection.Audio,
            table,
            ["valence", "energy", "tension", "anger", "fear", "happy", "sad", "tender"],
            new RatingScale(1, 9),
            IdColumn: "number",
            File: "{id}.mp3",
            GroupColumn: null
        );
        DatasetContent content = collection.Load();
        Assert.That(content.Clips.GroupBy(c => c.Split).OrderBy(g => g.Key).Select(g => g.Count()), Is.EqualTo(new[] { 288, 36, 36 }));
        Assert.That(content.Clips[0].Emotion[0], Is.EqualTo((4.83 - 1) / 8).Within(1e-6));
        Assert.That(content.Clips[0].Origin, Is.EqualTo("mean_ratings_set1.csv, row 2"));
    }
}
