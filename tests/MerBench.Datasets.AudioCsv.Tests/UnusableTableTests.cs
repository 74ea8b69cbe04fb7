using MerBench.Datasets.AudioCsv;

namespace MerBench.Tests;

/// <summary>What is said of tables that cannot be used.</summary>
public sealed class UnusableTableTests
{
    [TestCase("", "'valence' of clip 'b' is missing")]
    [TestCase("NaN", "'valence' of clip 'b' is 'NaN'; a rating must be a finite number")]
    [TestCase("n/a", "'valence' of clip 'b' is 'n/a', which is not a number")]
    [TestCase("\"4,5\"", "is '4,5', which is not a number (write a decimal point)")]
    [TestCase("9.1", "'valence' of clip 'b' is 9.1, outside of the scale 1 to 9")]
    [TestCase("0.99", "outside of the scale 1 to 9")]
    public void A_rating_that_is_none_names_file_row_column_and_clip(string cell, string reason)
    {
        using var collection = new Collection($"id,valence,energy\na,1,9\nb,{cell},3\n", "a.wav", "b.wav");
        Assert.That(collection.Refusal(), Does.Contain(collection.Table).And.Contain("row 3: ").And.Contain(reason));
    }

    [Test]
    public void An_unquoted_decimal_comma_is_noticed_though_every_cell_is_a_number()
    {
        using var collection = new Collection("id,valence,energy\na,1,9\nb,4,5,3\n", "a.wav", "b.wav");
        Assert.That(collection.Refusal(), Does.Contain("row 3: it has 4 cells, but the header has 3"));
    }

    [Test]
    public void An_unknown_column_comes_with_the_nearest_name_and_all_names()
    {
        using var collection = new Collection("id, Valence_mean ,energy\na,1,9\nb,5,3\n", "a.wav", "b.wav");
        collection.Options = collection.Options with { Emotions = ["valence_maen", "energy"], GroupColumn = "album" };
        Assert.That(
            collection.Refusal(),
            Does.Contain("2 problems")
                .And.Contain("no column 'valence_maen' (emotion). Did you mean 'Valence_mean'? Columns: id, Valence_mean, energy.")
                .And.Contain("no column 'album' (group-column). Columns")
        );
    }

    [Test]
    public void A_column_that_exists_twice_is_refused_when_it_is_read()
    {
        using var collection = new Collection("id,valence,energy,valence\na,1,9,1\n", "a.wav");
        Assert.That(collection.Refusal(), Does.Contain("more than one column 'valence'"));
    }

    [Test]
    public void A_repeated_or_blank_id_names_its_row()
    {
        using var collection = new Collection("id,valence,energy\na,1,9\nb,5,3\na,5,3\n,5,3\n", "a.wav", "b.wav");
        Assert.That(
            collection.Refusal(),
            Does.Contain("row 4: id 'a' stands in row 2 already").And.Contain("row 5: its id ('id') is blank")
        );
    }

    [Test]
    public void A_missing_audio_file_names_row_and_what_was_looked_for()
    {
        using var collection = new Collection("id,valence,energy\na,1,9\nb,5,3\n", "a.wav");
        Assert.That(
            collection.Refusal(),
            Does.Contain("row 3: clip 'b' has no audio file 'b.wav' or 'b.flac' or 'b.mp3' or 'b.ogg'").And.Contain(collection.Audio)
        );
        collection.Options = collection.Options with { File = "{id}.mp3" };
        Assert.That(collection.Refusal(), Does.Contain("row 2: clip 'a' has no audio file 'a.mp3'"));
    }

    [Test]
    public void A_pattern_is_checked()
    {
        using var collection = new Collection("id,valence,energy\na,1,9\nb,5,3\n", "a.wav", "b.wav");
        collection.Options = collection.Options with { File = "music.mp3" };
        Assert.That(collection.Refusal(), Does.Contain("the same for every clip"));
        collection.Options = collection.Options with { File = "{gnre}/{id}.mp3" };
        Assert.That(collection.Refusal(), Does.Contain("no column 'gnre' (in file '{gnre}/{id}.mp3')"));
    }

    [Test]
    public void Problems_of_all_rows_come_at_once_twenty_of_them_in_full()
    {
        string table = "id,valence,energy\n" + string.Concat(Enumerable.Range(1, 30).Select(i => $"{i},x,5\n"));
        using var collection = new Collection(table, Enumerable.Range(1, 30).Select(i => $"{i}.wav"));
        string message = collection.Refusal();
        Assert.That(message, Does.Contain("30 problems").And.Contain("row 2:").And.Contain("row 21:").And.Contain("... and 10 more"));
        Assert.That(message, Does.Not.Contain("row 22:"));
    }

    [TestCase("", "is empty")]
    [TestCase("id,valence,energy\n", "has a header but no rows")]
    [TestCase("id,valence,energy\na,1,9\nb,\"5,3\n", "a quote is opened and never closed")]
    public void A_file_that_is_no_table_is_refused(string table, string reason)
    {
        using var collection = new Collection(table, "a.wav", "b.wav");
        Assert.That(collection.Refusal(), Does.Contain(collection.Table).And.Contain(reason));
    }

    [Test]
    public void A_file_that_is_not_there_is_named()
    {
        using var collection = Collection.Of(4);
        File.Delete(collection.Table);
        Assert.That(collection.Refusal(), Does.Contain(collection.Table).And.Contain("cannot be read"));
    }

    [Test]
    public void An_empty_scale_is_refused()
    {
        using var collection = Collection.Of(4);
        collection.Options = collection.Options with { Scale = new RatingScale(9, 1) };
        Assert.That(collection.Refusal(), Does.Contain("the emotion scale 9 to 1 is empty"));
    }

    [Test]
    public void A_column_for_a_label_that_does_not_exist_is_refused()
    {
        using var collection = Collection.Of(4);
        collection.Options = collection.Options with { Columns = new Dictionary<string, string> { ["valense"] = "valence" } };
        Assert.That(collection.Refusal(), Does.Contain("'valense' is neither an emotion nor a concept"));
    }
}
