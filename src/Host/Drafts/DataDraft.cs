using System.Globalization;
using System.Text;

namespace MerBench.Host.Drafts;

/// <summary>The dataset of a benchmark, guessed from a folder with audio and a table of ratings.</summary>
/// <param name="Yaml">The key <c>dataset</c>.</param>
/// <param name="Remarks">What was guessed, in sentences.</param>
internal sealed record DataDraft(string Yaml, IReadOnlyList<string> Remarks)
{
    private static readonly string[] Groups = ["artist", "artist_id", "album", "performer"];
    private static readonly string[] Splits = ["split", "subset", "partition", "set"];
    private static readonly string[] Parts = ["train", "training", "valid", "val", "validation", "dev", "test"];

    /// <summary>What to write where a model of a file was trained on the ratings as they stand; null where those are on 0 to 1.</summary>
    public string? ScaleOfAnswers { get; private init; }

    /// <param name="folder">That of the benchmark file, for relative paths.</param>
    /// <exception cref="UserErrorException">Audio or ratings are missing, or do not belong together.</exception>
    public static DataDraft Guess(string data, string? ratings, string folder)
    {
        if (!Directory.Exists(data))
            throw new UserErrorException($"There is no folder {data}.");
        var audio = AudioFolder.Find(data);
        (RatingsTable table, ClipColumn clips) = ChooseTable(data, ratings, audio);
        IReadOnlyList<RatedEmotion> emotions = RatingColumns.Find(table, clips.Index);
        if (emotions.Count == 0)
            throw new UserErrorException(
                $"{table.Path} has no column of ratings: expected numbers in all rows of columns such as valence and arousal; it has "
                    + $"{string.Join(", ", table.Columns)}."
            );
        (double low, double high) = RatingColumns.GuessScale(table, emotions);
        var yaml = new StringBuilder("dataset:\n  use: audio-csv\n  with:\n");
        WriteLine("audio", YamlText.Path(audio.Path, folder));
        WriteLine("ratings", YamlText.Path(table.Path, folder));
        WriteLine("emotions", YamlText.List(emotions.Select(e => e.Name)));
        WriteLine("scale", string.Create(CultureInfo.InvariantCulture, $"{{ min: {low}, max: {high} }}"));
        WriteColumns(table, clips, emotions, WriteLine);
        return new DataDraft(yaml.ToString(), [.. Describe(table, clips, emotions, low, high)])
        {
            ScaleOfAnswers = DescribeAnswers(emotions, low, high),
        };

        void WriteLine(string key, string value) => yaml.Append("    ").Append(key).Append(": ").Append(value).Append('\n');
    }

    private static (RatingsTable, ClipColumn) ChooseTable(string data, string? ratings, AudioFolder audio)
    {
        string[] files = ratings is not null ? [ratings] : FindTables(data);
        if (files.Length == 0)
            throw new UserErrorException($"{data} holds no table of ratings (.csv or .tsv): name it by --ratings.");
        (RatingsTable Table, ClipColumn? Clips)[] read = [.. files.Select(RatingsTable.Read).Select(t => (t, ClipColumn.Find(t, audio)))];
        (RatingsTable Table, ClipColumn? Clips)[] fitting = [.. read.Where(t => t.Clips is not null)];
        return fitting.Length switch
        {
            1 => (fitting[0].Table, fitting[0].Clips!),
            0 => throw new UserErrorException(
                $"No column of {string.Join(", ", files)} names the {audio.Files.Count} audio files in {audio.Path}, such as "
                    + $"{audio.Files[0]}: expected ids or file names."
            ),
            _ => throw new UserErrorException(
                $"Several tables in {data} name its audio: {string.Join(", ", fitting.Select(t => t.Table.Path))}. Name one by --ratings."
            ),
        };
    }

    private static string[] FindTables(string data) =>
        [
            .. Directory
                .EnumerateFiles(data, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 })
                .Where(f => Path.GetExtension(f).ToLowerInvariant() is ".csv" or ".tsv")
                .Order(StringComparer.Ordinal),
        ];

    private static void WriteColumns(
        RatingsTable table,
        ClipColumn clips,
        IReadOnlyList<RatedEmotion> emotions,
        Action<string, string> line
    )
    {
        RatedEmotion[] renamed = [.. emotions.Where(e => e.Name != table.Columns[e.Column])];
        if (renamed.Length > 0)
            line("columns", YamlText.Mapping(renamed.Select(e => (e.Name, table.Columns[e.Column]))));
        if (emotions.All(e => e.Deviation is not null))
            line("sd-columns", YamlText.Mapping(emotions.Select(e => (e.Name, e.Deviation!))));
        string column = table.Columns[clips.Index];
        if (clips.Index > 0)
            line("id-column", YamlText.Quote(column));
        if (clips.HasEndings)
            line("file-column", YamlText.Quote(column));
        else if (!AudioFolder.UsualEndings.Contains(clips.Ending))
            line("file", YamlText.Quote($"{{id}}{clips.Ending}"));
        if (FindColumn(table, Groups) is { } group && group != clips.Index)
            line("group-column", YamlText.Quote(table.Columns[group]));
        if (FindSplit(table) is { } split)
            line("split", $"{{ column: {YamlText.Quote(table.Columns[split])} }}");
    }

    private static IEnumerable<string> Describe(
        RatingsTable table,
        ClipColumn clips,
        IReadOnlyList<RatedEmotion> emotions,
        double low,
        double high
    )
    {
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"Ratings of {string.Join(", ", emotions.Select(e => e.Name))} are taken to be on the scale {low} to {high}: "
                + $"correct 'scale' if raters could give others."
        );
        int missing = table.Rows.Count - clips.Found;
        if (missing > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"{missing} of {table.Rows.Count} rows have no audio file.");
    }

    private static string? DescribeAnswers(IReadOnlyList<RatedEmotion> emotions, double low, double high)
    {
        if (low == 0 && high == 1)
            return null;
        string scales = string.Join(
            ", ",
            emotions.Select(e => string.Create(CultureInfo.InvariantCulture, $"{YamlText.Quote(e.Name)}: {{ scale: [{low}, {high}] }}"))
        );
        return string.Create(
            CultureInfo.InvariantCulture,
            $"is taken to answer on the scale 0 to 1. Where it answers on {low} to {high}, as the ratings are, add to its 'with': "
                + $"emotions: {{ {scales} }}"
        );
    }

    private static int? FindColumn(RatingsTable table, string[] names) =>
        Enumerable
            .Range(0, table.Columns.Count)
            .Where(i => names.Contains(table.Columns[i], StringComparer.OrdinalIgnoreCase))
            .Select(i => (int?)i)
            .FirstOrDefault();

    private static int? FindSplit(RatingsTable table) =>
        FindColumn(table, Splits) is { } column && table.Cells(column).All(c => Parts.Contains(c, StringComparer.OrdinalIgnoreCase))
            ? column
            : null;
}
