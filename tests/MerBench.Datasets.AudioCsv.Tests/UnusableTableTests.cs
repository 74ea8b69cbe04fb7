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
    public void A_file_whose_name_differs_by_case_alone_is_found()
    {
        using var collection = new Collection("id,valence,energy\na,1,9\nB,5,3\n", "a.WAV", "b.Mp3");
        Assert.That(
            collection.Load().Clips.Select(c => Path.GetFileName(((AudioSource.File)c.Audio).Path)),
            Is.EqualTo(new[] { "a.WAV", "b.Mp3" })
        );
        var found = new AudioCsvDataset(collection.Options).Inspect(CancellationToken.None);
        Assert.That(found.Issues, Is.Empty);
    }

    [Test]
    public void The_very_name_comes_before_others_and_two_others_are_no_choice()
    {
        using var collection = new Collection("id,valence,energy\na,1,9\nb,5,3\n", "a.wav", "A.WAV", "b.WAV", "B.wav");
        Assert.That(
            collection.Refusal(),
            Does.Contain("row 3: clip 'b' has no audio file")
                .And.Contain("There are 'B.wav', 'b.WAV', which differ from it by case")
                .And.Not.Contain("clip 'a'")
        );
    }

    [TestCase("b.m4a")]
    [TestCase("00b.wav")]
    public void A_file_that_may_be_meant_is_suggested(string file)
    {
        using var collection = new Collection("id,valence,energy\na,1,9\nb,5,3\n", "a.wav", file);
        Assert.That(collection.Refusal(), Does.Contain($"row 3: clip 'b' has no audio file").And.Contain($"Did you mean '{file}'?"));
    }

    private static IEnumerable<TestCaseData> NoTables()
    {
        yield return new TestCaseData(
            "PK\u0003\u0004......[Content_Types].xml"u8.ToArray(),
            "it is a document of Microsoft Office, such as an Excel workbook"
        );
        yield return new TestCaseData(new byte[] { 0xd0, 0xcf, 0x11, 0xe0, 0xa1 }, "such as an Excel sheet (.xls)");
        yield return new TestCaseData("PK\u0003\u0004......ratings.csv"u8.ToArray(), "it is a zip archive");
        yield return new TestCaseData(new byte[] { 0x1f, 0x8b, 8 }, "it is a gzip archive");
        yield return new TestCaseData("<!doctype html><html><title>Log in"u8.ToArray(), "it is a page of the web (HTML)");
        yield return new TestCaseData("PAR1"u8.ToArray(), "it is a Parquet table");
        yield return new TestCaseData(
            System.Text.Encoding.Unicode.GetBytes("id,valence,energy\na,1,9\n"),
            "it is text in UTF-16 without the mark"
        );
        yield return new TestCaseData("id,valence,energy\n\0,1,9\n"u8.ToArray(), "it is no text: it holds zero bytes");
        yield return new TestCaseData(
            System.Text.Encoding.UTF8.GetBytes("id,valence,energy\n" + string.Concat(Enumerable.Repeat("a,1,9\n", 500)) + "b\0b,1,9\n"),
            "row 502, holds a zero byte"
        );
        yield return new TestCaseData(
            System.Text.Encoding.Latin1.GetBytes("id,valence,energy\nf\u00fcr,1,9\n"),
            "row 2: its id 'f\ufffdr' is no text in UTF-8"
        );
    }

    [TestCaseSource(nameof(NoTables))]
    public void A_file_that_is_no_table_is_called_what_it_is(byte[] content, string reason)
    {
        using var collection = new Collection("", "a.wav");
        File.WriteAllBytes(collection.Table, content);
        Assert.That(collection.Refusal(), Does.Contain(reason).And.Contain(collection.Table).And.Not.Contain("\0"));
    }

    [Test]
    public void A_table_in_UTF_16_with_its_mark_is_read()
    {
        using var collection = new Collection("", "a.wav", "b.wav");
        File.WriteAllText(collection.Table, "id,valence,energy\na,1,9\nb,5,3\n", System.Text.Encoding.Unicode);
        Assert.That(collection.Load().Clips.Select(c => c.Id), Is.EqualTo(new[] { "a", "b" }));
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
