using MerBench.Datasets.AudioCsv;
using MerBench.Datasets.AudioCsv.OverTime;

namespace MerBench.Tests;

/// <summary>Ratings over time in a long table of one's own.</summary>
public sealed class CurveTableTests
{
    private const string Clips = "id\na\nb\n";
    private const string Plain = "id,time,valence,energy\na,2,1,9\na,2.5,5,3\na,3,3,9\nb,0,1,1\nb,0.5,9,5\n";

    private static readonly string[] s_files = ["a.wav", "b.wav"];

    [Test]
    public void A_clip_gets_its_moments_on_the_scale_0_to_1_and_their_mean()
    {
        using Collection collection = With(Plain);
        DatasetContent content = collection.Load();
        Clip clip = content.Clips.Single(c => c.Id == "a");
        Assert.That(clip.EmotionCurve!.StartSeconds, Is.EqualTo(2));
        Assert.That(clip.EmotionCurve.HopSeconds, Is.EqualTo(0.5));
        Assert.That(clip.EmotionCurve.Ratings, Is.EqualTo(new float[][] { [0, 1], [0.5f, 0.25f], [0.25f, 1] }));
        Assert.That(clip.EmotionCurve.Sd, Is.Null);
        Assert.That(clip.Emotion, Is.EqualTo(new[] { 0.25f, 0.75f }));
        Assert.That(content.Clips.Single(c => c.Id == "b").EmotionCurve!.EndSeconds, Is.EqualTo(0.5));
        Assert.That(content.Emotions.Source, Is.EqualTo("1 to 9 in curves.csv, mapped linearly to 0..1"));
        Assert.That(clip.Origin, Is.EqualTo("ratings.csv, row 2"));
    }

    [TestCase("id,time,valence,energy\nb,0.5,9,5\na,3,3,9\nb,0,1,1\na,2.5,5,3\na,2,1,9\n", TestName = "Rows in any order")]
    [TestCase("id,time,valence,energy\na,2.0,1,9\na,2.50,5,3\na,3.0,3,9\nb,0.0,1,1\nb,0.50,9,5\n", TestName = "Times with zeros")]
    [TestCase(
        "id,time,valence,energy\na,1.5,,\na,2,1,9\na,2.5,5,3\na,3,3,9\na,3.5,nan,NaN\nb,0,1,1\nb,0.5,9,5\n",
        TestName = "Moments before and after the ratings"
    )]
    public void The_same_curves_written_differently_are_the_same(string table)
    {
        using Collection plain = With(Plain),
            other = With(table);
        Assert.That(other.Load().Fingerprint, Is.EqualTo(plain.Load().Fingerprint));
    }

    [Test]
    public void Blank_cells_are_not_rated_and_do_not_count_in_the_mean()
    {
        using Collection collection = With("id,time,valence,energy\na,0,1,\na,0.5,,\na,1,5,9\nb,0,1,1\nb,0.5,1,1\n");
        Clip clip = collection.Load().Clips.Single(c => c.Id == "a");
        Assert.That(clip.EmotionCurve!.Ratings, Is.EqualTo(new float[][] { [0, float.NaN], [float.NaN, float.NaN], [0.5f, 1] }));
        Assert.That(clip.Emotion, Is.EqualTo(new[] { 0.25f, 1f }));
    }

    [Test]
    public void Columns_and_standard_deviations_are_named_as_those_of_ratings_are()
    {
        using Collection collection = With("seconds,song,v,v_sd,energy,e_sd\n0,a,1,0.8,9,1.6\n0.5,a,5,,3,0\n0,b,1,1,1,1\n0.5,b,1,1,1,1\n");
        collection.Options = collection.Options with
        {
            Columns = new Dictionary<string, string> { ["valence"] = "v" },
            SdColumns = new Dictionary<string, string> { ["valence"] = "v_sd", ["energy"] = "e_sd" },
            Curves = new CurveOptions(collection.Options.Curves!.File, "song", "seconds"),
        };
        RatedCurve curve = collection.Load().Clips.Single(c => c.Id == "a").EmotionCurve!;
        Assert.That(curve.Ratings, Is.EqualTo(new float[][] { [0, 1], [0.5f, 0.25f] }));
        Assert.That(curve.Sd, Is.EqualTo(new float[][] { [0.1f, 0.2f], [float.NaN, 0] }));
    }

    [Test]
    public void Times_that_are_rounded_thirds_are_evenly_spaced()
    {
        using Collection collection = With("id,time,valence,energy\na,0,1,1\na,0.333,1,1\na,0.667,1,1\na,1,1,1\nb,5,1,1\nb,5.333,1,1\n");
        Assert.That(collection.Load().Clips.Select(c => c.EmotionCurve!.HopSeconds), Is.All.EqualTo(1 / 3.0).Within(1e-15));
    }

    [TestCase("a,0,1,1\na,0.5,1,1\na,1.5,1,1\nb,0,1,1\nb,0.5,1,1\n", "curves.csv, row 4: clip 'a' is rated at 1.5 s, 1 s after")]
    [TestCase("a,0,1,1\na,0.5,1,1\na,1,1,1\nb,0,1,1\nb,1,1,1\n", "row 6: clip 'b' is rated at 1 s, 1 s after the moment before, but")]
    [TestCase("a,0,1,1\na,0,1,1\nb,0,1,1\nb,1,1,1\n", "curves.csv, row 3: clip 'a' is rated at 0 s in curves.csv, row 2 already.")]
    [TestCase("a,0,1,1\nb,0,1,1\n", "no clip is rated at two moments")]
    [TestCase("a,now,1,1\nb,0,1,1\n", "curves.csv, row 2: 'time' of clip 'a' is 'now'; expected seconds, a number of at least 0.")]
    [TestCase("a,-1,1,1\nb,0,1,1\n", "curves.csv, row 2: 'time' of clip 'a' is '-1'; expected seconds")]
    [TestCase(",0,1,1\nb,0,1,1\n", "curves.csv, row 2: its id ('id') is blank.")]
    [TestCase("a,0,x,1\na,1,1,1\nb,0,1,1\n", "curves.csv, row 2: 'valence' of clip 'a' is 'x', which is not a number.")]
    [TestCase("a,0,1,1\na,1,9.5,1\nb,0,1,1\n", "curves.csv, row 3: 'valence' of clip 'a' is 9.5, outside of the scale 1 to 9.")]
    [TestCase("a,0,1,1\na,1,1,1\n", "row 3: clip 'b' has no rating of 'valence' at any moment; add it, or take the clip out")]
    [TestCase("a,0,1,1\na,1,1,1\nb,0,1,\nb,1,1,\n", "curves.csv, row 4: clip 'b' has no rating of 'energy' at any moment")]
    [TestCase("a,0,1,1\na,1,1,1\nb,0,1,1\nb,1,1,1\nc,0,1,1\n", "curves.csv, row 6: clip 'c' has no row in 'ratings.csv'; add it")]
    public void What_is_wrong_is_said_with_file_and_row(string rows, string problem)
    {
        using Collection collection = With("id,time,valence,energy\n" + rows);
        Assert.That(collection.Refusal(), Does.Contain(problem));
    }

    [Test]
    public void A_table_that_is_missing_or_has_other_columns_is_named()
    {
        using Collection collection = With("id,seconds,valence,enrgy\na,0,1,1\n");
        Assert.That(
            collection.Refusal(),
            Does.Contain("there is no column 'time' (curves: time-column). Columns: id, seconds, valence, enrgy.")
                .And.Contain("there is no column 'energy' (emotion). Did you mean 'enrgy'?")
        );
        File.Delete(collection.Options.Curves!.File);
        Assert.That(collection.Refusal(), Does.Contain(collection.Options.Curves.File).And.Contain("cannot be read"));
    }

    [Test]
    public void A_listed_clip_without_audio_is_missing_as_ever()
    {
        using Collection collection = With(Plain);
        File.Delete(Path.Combine(collection.Audio, "b.wav"));
        Assert.That(collection.Refusal(), Does.Contain("row 3: clip 'b' has no audio file 'b.wav'"));
    }

    [Test]
    public void The_fingerprint_follows_ratings_moments_and_deviations()
    {
        const string Sd = "id,time,valence,energy,vs,es\na,0,1,9,1,1\na,1,5,3,1,1\nb,0,1,1,1,1\nb,1,9,5,1,1\n";
        string[] tables =
        [
            Sd,
            Sd.Replace("a,1,5,3,1,1", "a,1,5,4,1,1", StringComparison.Ordinal),
            Sd.Replace("a,0,", "a,2,", StringComparison.Ordinal).Replace("a,1,", "a,3,", StringComparison.Ordinal),
            Sd.Replace(",1,5,3", ",2,5,3", StringComparison.Ordinal).Replace("b,1,", "b,2,", StringComparison.Ordinal),
            Sd.Replace("9,5,1,1", "9,5,1,2", StringComparison.Ordinal),
            Sd.Replace("a,0,1,9", "a,0,5,3", StringComparison.Ordinal).Replace("a,1,5,3", "a,1,1,9", StringComparison.Ordinal),
        ];
        var fingerprints = new List<string>();
        foreach (string table in tables)
        {
            using Collection collection = With(table);
            fingerprints.Add(collection.Load().Fingerprint);
            collection.Options = collection.Options with
            {
                SdColumns = new Dictionary<string, string> { ["valence"] = "vs", ["energy"] = "es" },
            };
            fingerprints.Add(collection.Load().Fingerprint);
        }

        // Deviations that nobody reads change nothing.
        Assert.That(fingerprints[8], Is.EqualTo(fingerprints[0]));
        fingerprints.RemoveAt(8);
        Assert.That(fingerprints, Is.Unique);
    }

    private static Collection With(string curves)
    {
        var collection = new Collection(Clips, s_files);
        collection.Options = collection.Options with { Curves = new CurveOptions(collection.AddText("curves.csv", curves)) };
        return collection;
    }
}
