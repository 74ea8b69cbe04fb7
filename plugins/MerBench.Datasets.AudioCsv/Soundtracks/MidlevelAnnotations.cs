using System.Globalization;
using System.Security.Cryptography;

namespace MerBench.Datasets.AudioCsv.Soundtracks;

/// <summary>
/// Ratings of the mid-level perceptual features dataset (Aljanaki and Soleymani, ISMIR 2018) for the clips that it took from Soundtracks:
/// <c>metadata.csv</c> says which they are, <c>annotations.csv</c> rates them from 1 to 10. Ratings are divided by ten, as in the paper.
/// </summary>
internal sealed class MidlevelAnnotations
{
    private const string Source = "soundtracks";

    /// <summary>Names and order of the seven features, as the published loaders read the columns.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        "melodiousness",
        "articulation",
        "rhythmic-complexity",
        "rhythmic-stability",
        "dissonance",
        "tonal-stability",
        "minorness",
    ];

    private readonly Dictionary<string, float[]> _ratings = new(StringComparer.Ordinal);

    /// <param name="root">The dataset's folder.</param>
    /// <exception cref="PluginUserException">A table is missing or malformed; the message names file and row.</exception>
    public MidlevelAnnotations(string root)
    {
        string folder = Path.Combine(root, "metadata_annotations");
        string metadataFile = Path.Combine(folder, "metadata.csv"),
            annotationsFile = Path.Combine(folder, "annotations.csv");
        Dictionary<string, string> clipOfSong = Clips(metadataFile);
        var problems = new ProblemList(annotationsFile);
        Table table = Table.Read(annotationsFile, ",", problems);
        if (table.Columns.Count < Names.Count + 1)
            problems.Add($"it has {table.Columns.Count} columns; expected song_id and {Names.Count} ratings.");
        problems.ThrowIfAny();
        foreach (Row row in table.Rows)
            if (clipOfSong.TryGetValue(row[0], out string? clip))
                _ratings[clip] = Ratings(row, table, problems);
        problems.ThrowIfAny();
        Space = new LabelSpace(Names, 0, 1, "1 to 10 in annotations.csv, divided by 10");
        Fingerprint = Convert.ToHexStringLower(
            SHA256.HashData([.. File.ReadAllBytes(metadataFile), .. File.ReadAllBytes(annotationsFile)])
        );
    }

    public LabelSpace Space { get; }

    public string Fingerprint { get; }

    /// <summary>The clip with its concepts; reported as a problem where it is not rated.</summary>
    public Clip Join(Clip clip, ProblemList problems)
    {
        if (_ratings.TryGetValue(clip.Id, out float[]? concepts))
            return clip with { Concepts = concepts };
        problems.Add(
            $"clip '{clip.Id}' of soundtracks is not annotated: no song of it has the source '{Source}' and this id.",
            DataIssueKind.Missing
        );
        return clip;
    }

    private static Dictionary<string, string> Clips(string file)
    {
        var problems = new ProblemList(file);
        Table table = Table.Read(file, ";", problems);
        int song = table.Find("song id", "song", problems),
            source = table.Find("Source", "source", problems),
            id = table.Find("ID at file source", "clip", problems);
        problems.ThrowIfAny();
        var clips = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Row row in table.Rows.Where(r => string.Equals(r[source], Source, StringComparison.OrdinalIgnoreCase)))
        {
            string number = Path.GetFileNameWithoutExtension(row[id]);
            if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int n))
                clips[row[song]] = n.ToString("000", CultureInfo.InvariantCulture);
            else
                problems.Add(row, $"'{row[id]}' is not the number of a Soundtracks clip.");
        }

        problems.ThrowIfAny();
        return clips;
    }

    private static float[] Ratings(Row row, Table table, ProblemList problems)
    {
        var ratings = new float[Names.Count];
        for (int i = 0; i < ratings.Length; i++)
        {
            string cell = row[i + 1];
            if (double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double rating) && rating is >= 0 and <= 10)
                ratings[i] = (float)(rating / 10);
            else
                problems.Add(row, $"'{table.Columns[i + 1]}' of song '{row[0]}' is '{cell}'; expected a number from 1 to 10.");
        }

        return ratings;
    }
}
