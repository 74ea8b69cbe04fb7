using System.Globalization;

namespace MerBench.Datasets.AudioCsv;

/// <summary>Any folder of audio files and a table of ratings. Ratings are mapped linearly from their scale to 0..1.</summary>
[Dataset("audio-csv", Summary = "A folder of audio (WAV, FLAC, MP3, OGG) and a CSV file of ratings")]
public sealed class AudioCsvDataset(AudioCsvOptions options) : IDataset
{
    private readonly string _file = Path.GetFileName(options.Ratings);

    /// <inheritdoc/>
    public DatasetContent Load(CancellationToken cancel)
    {
        var problems = new ProblemList(options.Ratings);
        Table table = Table.Read(options.Ratings, options.Delimiter, problems);

        int idColumn = options.IdColumn is { } name ? table.Find(name, "id-column", problems) : 0;
        int? groupColumn = options.GroupColumn is { } group ? table.Find(group, "group-column", problems) : null;
        var emotions = new RatingColumns(table, "emotion", options.Emotions, options.Columns, options.Scale, _file, problems);
        RatingColumns? concepts = options.Concepts is { Count: > 0 } labels
            ? new RatingColumns(table, "concept", labels, options.Columns, options.ConceptScale ?? options.Scale, _file, problems)
            : null;
        foreach (string label in options.Columns?.Keys.Except([.. options.Emotions, .. options.Concepts ?? []], StringComparer.Ordinal) ?? [])
            problems.Add($"columns: '{label}' is neither an emotion nor a concept of this dataset.");
        var files = new AudioFiles(options, table, idColumn, problems);
        var splitter = new Splitter(options.Split, table, problems);
        problems.ThrowIfAny();

        List<Member> members = Members(table, idColumn, groupColumn, problems);
        IReadOnlyDictionary<string, Split> splits = splitter.Assign(members, problems);
        var clips = new List<Clip>(members.Count);
        foreach (Member member in members.Where(m => splits.ContainsKey(m.Id)))
        {
            float[] emotion = emotions.Read(member.Row, member.Id, problems);
            float[]? concept = concepts?.Read(member.Row, member.Id, problems);
            if (files.Find(member.Row, member.Id, problems) is { } path)
                clips.Add(new Clip(member.Id, splits[member.Id], new AudioSource.File(path), emotion, concept, Origin(member.Row)));
        }

        problems.ThrowIfAny();
        string fingerprint = DatasetFingerprint.Of(emotions.Space!, concepts?.Space, clips, problems, cancel);
        problems.ThrowIfAny();
        var preparation = new Preparation(options.Seconds, options.Placement, options.StandardiseOnAllClips, options.MinimumSeconds);
        return new DatasetContent(emotions.Space!, concepts?.Space, clips, preparation, fingerprint);
    }

    private static List<Member> Members(Table table, int idColumn, int? groupColumn, ProblemList problems)
    {
        var members = new Dictionary<string, Member>(StringComparer.Ordinal);
        foreach (Row row in table.Rows)
        {
            string id = row[idColumn];
            string? group = groupColumn is { } column ? row[column] : null;
            if (id.Length == 0) problems.Add(row, $"its id ('{table.Columns[idColumn]}') is blank.");
            else if (group is { Length: 0 }) problems.Add(row, $"the group ('{table.Columns[groupColumn!.Value]}') of clip '{id}' is blank.");
            else if (!members.TryAdd(id, new Member(row, id, group)))
                problems.Add(row, string.Create(CultureInfo.InvariantCulture, $"id '{id}' stands in row {members[id].Row.Number} already."));
        }

        return [.. members.Values];
    }

    private string Origin(Row row) => string.Create(CultureInfo.InvariantCulture, $"{_file}, row {row.Number}");
}
