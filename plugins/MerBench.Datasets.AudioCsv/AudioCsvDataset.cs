using System.Globalization;
using MerBench.Datasets.AudioCsv.OverTime;

namespace MerBench.Datasets.AudioCsv;

/// <summary>Any folder of audio files and a table of ratings. Ratings are mapped linearly from their scale to 0..1.</summary>
[Dataset("audio-csv", Summary = "A folder of audio (WAV, FLAC, MP3, OGG) and a CSV file of ratings")]
public sealed class AudioCsvDataset : IDataset, IInspectable
{
    // What stands for bytes that are no UTF-8.
    private const char NoText = '\ufffd';

    private readonly AudioCsvOptions _options;
    private readonly Func<ProblemList, Table> _readTable;
    private readonly Func<ProblemList, Curves?>? _readCurves;
    private readonly string _file;

    /// <summary>The dataset of a table file.</summary>
    /// <param name="options">Its options.</param>
    public AudioCsvDataset(AudioCsvOptions options)
        : this(
            options,
            problems => Table.Read(options.Ratings, options.Delimiter, problems),
            options.Curves is { } curves
                ? problems => LongCurves.Read(Read(curves, options.Delimiter, problems), options, leaveOut: false, problems)
                : null
        ) { }

    // Published datasets whose tables must be put together first.
    internal AudioCsvDataset(AudioCsvOptions options, Func<ProblemList, Table> readTable, Func<ProblemList, Curves?>? readCurves = null) =>
        (_options, _readTable, _readCurves, _file) = (options, readTable, readCurves, Path.GetFileName(options.Ratings));

    private Preparation Preparation => new(_options.Seconds, _options.Placement, _options.StandardiseOnAllClips, _options.MinimumSeconds);

    /// <inheritdoc/>
    public DatasetContent Load(CancellationToken cancel)
    {
        var problems = new ProblemList(_options.Ratings);
        Reading? reading = Read(problems);
        problems.ThrowIfAny();
        string fingerprint = DatasetFingerprint.Compute(reading!.Emotions, reading.Concepts, reading.Clips, problems, cancel);
        problems.ThrowIfAny();
        return new DatasetContent(reading.Emotions, reading.Concepts, reading.Clips, Preparation, fingerprint);
    }

    /// <inheritdoc/>
    public DatasetInspection Inspect(CancellationToken cancel)
    {
        var problems = new ProblemList(_options.Ratings);
        Reading? reading = Read(problems);
        foreach (string clip in reading?.LeftOut ?? [])
            problems.Add(clip, DataIssueKind.Extra);
        foreach (Member member in reading?.Unassigned ?? [])
            problems.Add(member.Row, $"clip '{member.Id}' is in no split.", DataIssueKind.Extra);
        foreach (string file in reading?.UnusedFiles ?? [])
            problems.Add($"no row uses the file '{file}'.", DataIssueKind.Extra);
        return new DatasetInspection(reading?.Emotions, reading?.Concepts, reading?.Clips ?? [], Preparation, problems.Issues);
    }

    // Null where already the header is wrong.
    private Reading? Read(ProblemList problems)
    {
        Table table = _readTable(problems);
        int idColumn = _options.IdColumn is { } name ? table.Find(name, "id-column", problems) : 0;
        int? groupColumn = _options.GroupColumn is { } group ? table.Find(group, "group-column", problems) : null;
        RatingColumns? emotions = _readCurves is null
            ? new RatingColumns(table, "emotion", _options.Emotions, _options.Columns, _options.Scale, _file, problems)
            : null;
        RatingColumns? concepts = _options.Concepts is { Count: > 0 } labels
            ? new RatingColumns(table, "concept", labels, _options.Columns, _options.ConceptScale ?? _options.Scale, _file, problems)
            : null;
        AnnotatorSd? spread =
            _readCurves is null && _options.SdColumns is { Count: > 0 } columns
                ? new AnnotatorSd(table, _options.Emotions, columns, _options.Scale, problems)
                : null;
        foreach (
            string label in _options.Columns?.Keys.Except([.. _options.Emotions, .. _options.Concepts ?? []], StringComparer.Ordinal) ?? []
        )
            problems.Add($"columns: '{label}' is neither an emotion nor a concept of this dataset.");
        var files = new AudioFiles(_options, table, idColumn, problems);
        var splitter = new Splitter(_options.Split, table, problems);
        if (problems.Issues.Any(i => i.Kind != DataIssueKind.Missing))
            return null;
        Curves? curves = _readCurves?.Invoke(problems);
        if (_readCurves is not null && curves is null)
            return null;

        List<string> leftOut = [];
        List<Member> members = Members(table, idColumn, groupColumn, problems);
        if (curves is not null)
            members = curves.Rated(members, _file, leftOut, problems);
        IReadOnlyDictionary<string, Split> splits = splitter.Assign(members, problems);
        var clips = new List<Clip>(members.Count);
        foreach (Member member in members.Where(m => splits.ContainsKey(m.Id)))
        {
            RatedClip? overTime = curves?.Clips[member.Id];
            float[] emotion = overTime?.Mean(_options.Emotions.Count) ?? emotions!.Read(member.Row, member.Id, problems);
            float[]? concept = concepts?.Read(member.Row, member.Id, problems);
            if (files.Find(member.Row, member.Id, problems) is { } path)
                clips.Add(
                    new Clip(member.Id, splits[member.Id], new AudioSource.File(path), emotion, concept, Origin(member.Row))
                    {
                        EmotionSd = spread?.Read(member.Row, member.Id, problems),
                        EmotionCurve = overTime?.Curve,
                    }
                );
        }

        return new Reading(
            curves?.Space ?? emotions!.Space!,
            concepts?.Space,
            clips,
            leftOut,
            members.Where(m => !splits.ContainsKey(m.Id)),
            files.Unused(clips.Select(c => ((AudioSource.File)c.Audio).Path).ToHashSet(StringComparer.Ordinal))
        );
    }

    private static Table Read(CurveOptions curves, string? delimiter, ProblemList problems) =>
        Table.Read(curves.File, delimiter, problems).Named(Path.GetFileName(curves.File));

    private static List<Member> Members(Table table, int idColumn, int? groupColumn, ProblemList problems)
    {
        var members = new Dictionary<string, Member>(StringComparer.Ordinal);
        foreach (Row row in table.Rows)
        {
            string id = row[idColumn];
            string? group = groupColumn is { } column ? row[column] : null;
            if (id.Length == 0)
                problems.Add(row, $"its id ('{table.Columns[idColumn]}') is blank.");
            else if (id.Contains(NoText, StringComparison.Ordinal))
                problems.Add(row, $"its id '{id}' is no text in UTF-8; save the table in that encoding.");
            else if (group is { Length: 0 })
                problems.Add(row, $"the group ('{table.Columns[groupColumn!.Value]}') of clip '{id}' is blank.");
            else if (!members.TryAdd(id, new Member(row, id, group)))
                problems.Add(
                    row,
                    string.Create(CultureInfo.InvariantCulture, $"id '{id}' stands in row {members[id].Row.Number} already.")
                );
        }

        return [.. members.Values];
    }

    private string Origin(Row row) => row.File is null ? $"{_file}, {row.Place}" : row.Place;

    private sealed record Reading(
        LabelSpace Emotions,
        LabelSpace? Concepts,
        IReadOnlyList<Clip> Clips,
        IReadOnlyList<string> LeftOut,
        IEnumerable<Member> Unassigned,
        IEnumerable<string> UnusedFiles
    );
}
