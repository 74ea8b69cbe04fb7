using MerBench.Datasets.AudioCsv;

namespace MerBench.Tests;

public sealed class SplitTests
{
    [Test]
    public void By_default_eight_in_ten_clips_train()
    {
        using var collection = Collection.Of(50);
        collection.Options = collection.Options with { Split = null };
        Assert.That(Counts(collection.Load()), Is.EqualTo(new[] { 40, 5, 5 }));
    }

    [Test]
    public void A_split_by_ratio_depends_on_the_seed_and_not_on_the_order_of_rows()
    {
        using var collection = Collection.Of(30);
        string[] lines = File.ReadAllLines(collection.Table);
        string TestClips(int seed)
        {
            collection.Options = collection.Options with { Split = new SplitOptions([0.6, 0.2, 0.2], seed) };
            return string.Join(
                ' ',
                collection.Load().Clips.Where(c => c.Split == Split.Test).Select(c => c.Id).Order(StringComparer.Ordinal)
            );
        }

        string first = TestClips(1);
        Assert.That(TestClips(2), Is.Not.EqualTo(first));
        File.WriteAllLines(collection.Table, [lines[0], .. lines.Skip(1).Reverse()]);
        Assert.That(TestClips(1), Is.EqualTo(first));
    }

    [Test]
    public void Groups_stay_together_when_split_by_ratio()
    {
        using var collection = Collection.Of(60);
        collection.Options = collection.Options with { GroupColumn = "artist", Split = new SplitOptions([0.6, 0.2, 0.2]) };
        DatasetContent content = collection.Load();
        foreach (var group in content.Clips.GroupBy(c => (int.Parse(c.Id, System.Globalization.CultureInfo.InvariantCulture) - 1) / 3))
            Assert.That(group.Select(c => c.Split).Distinct().Count(), Is.EqualTo(1), $"artist {group.Key}");
        Assert.That(Counts(content), Is.EqualTo(new[] { 36, 12, 12 }));
    }

    [Test]
    public void A_column_may_say_the_split_in_the_usual_words()
    {
        using var collection = new Collection(
            "id,valence,energy,part\na,1,1,train\nb,1,1,Valid\nc,1,1,val\nd,1,1,validation\ne,1,1,TEST\n",
            "a.wav",
            "b.wav",
            "c.wav",
            "d.wav",
            "e.wav"
        );
        collection.Options = collection.Options with { Split = new SplitOptions(Column: "part") };
        Assert.That(
            collection.Load().Clips.Select(c => c.Split),
            Is.EqualTo(new[] { Split.Train, Split.Validation, Split.Validation, Split.Validation, Split.Test })
        );
    }

    [Test]
    public void Fixed_lists_leave_out_clips_that_they_do_not_name()
    {
        using var collection = Collection.Of(6);
        string file = collection.AddText("test.txt", "05\r\n06\r\n\r\n");
        collection.Options = collection.Options with { Split = new SplitOptions(Train: ["01", "02"], Validation: ["03"], TestFile: file) };
        Assert.That(
            collection.Load().Clips.Select(c => $"{c.Id} {c.Split}"),
            Is.EqualTo(new[] { "01 Train", "02 Train", "03 Validation", "05 Test", "06 Test" })
        );
    }

    [Test]
    public void A_listed_clip_without_a_row_or_on_two_lists_is_named()
    {
        using var collection = Collection.Of(6);
        collection.Options = collection.Options with { Split = new SplitOptions(Train: ["01", "07x"], Test: ["01", "02"]) };
        Assert.That(
            collection.Refusal(),
            Does.Contain("split: train lists clip '07x', which has no row")
                .And.Contain("split: test lists clip '01', which is listed already for train")
        );
    }

    [Test]
    public void A_group_in_two_splits_is_named_with_its_rows()
    {
        using var collection = Collection.Of(6);
        collection.Options = collection.Options with
        {
            GroupColumn = "artist",
            Split = new SplitOptions(Train: ["01", "02", "04"], Test: ["03", "05"]),
        };
        Assert.That(
            collection.Refusal(),
            Does.Contain("2 problems").And.Contain("group 'artist 0' is torn apart: row 2 is in train, row 4 is in test")
        );
    }

    [Test]
    public void An_unknown_word_in_the_split_column_names_the_row()
    {
        using var collection = new Collection("id,valence,energy,part\na,1,1,train\nb,1,1,test\nc,1,1,tset\n", "a.wav", "b.wav", "c.wav");
        collection.Options = collection.Options with { Split = new SplitOptions(Column: "part") };
        Assert.That(collection.Refusal(), Does.Contain("row 4: 'part' of clip 'c' is 'tset'; expected train"));
    }

    [Test]
    public void Ways_to_split_exclude_each_other()
    {
        using var collection = Collection.Of(6);
        collection.Options = collection.Options with { Split = new SplitOptions(Ratio: [0.5, 0, 0.5], Train: ["01"]) };
        Assert.That(collection.Refusal(), Does.Contain("exclude each other"));
    }

    [TestCase(0.5, 0.5, 0.5)]
    [TestCase(1.5, -0.25, -0.25)]
    public void A_ratio_that_is_none_is_refused(double train, double validation, double test)
    {
        using var collection = Collection.Of(6);
        collection.Options = collection.Options with { Split = new SplitOptions(Ratio: [train, validation, test]) };
        Assert.That(collection.Refusal(), Does.Contain("sum to 1"));
    }

    [Test]
    public void A_split_that_leaves_no_test_clips_is_refused()
    {
        using var collection = Collection.Of(6);
        collection.Options = collection.Options with { Split = new SplitOptions(Ratio: [1, 0, 0]) };
        Assert.That(collection.Refusal(), Does.Contain("none of the 6 clips is in test"));
    }

    private static int[] Counts(DatasetContent content) =>
        [.. Enum.GetValues<Split>().Select(split => content.Clips.Count(c => c.Split == split))];
}
