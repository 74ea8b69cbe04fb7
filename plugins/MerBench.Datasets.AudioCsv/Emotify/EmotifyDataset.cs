using System.ComponentModel;
using System.Globalization;

namespace MerBench.Datasets.AudioCsv.Emotify;

/// <summary>Options of <see cref="EmotifyDataset"/>.</summary>
public sealed record EmotifyOptions(
    [Description(
        "Folder that holds data.csv and a folder of MP3 files for each genre: classical, rock, electronic, pop; they may lie in "
            + "emotifymusic/."
    )]
    [DirectoryPath]
        string Root,
    [Description(
        "Which clips models are trained, validated and tested on; by default at random, 80, 10 and 10 %, for there is no official split."
    )]
        SplitOptions? Split = null
);

/// <summary>
/// Emotify (Aljanaki, Wiering and Veltkamp, Information Processing and Management 52(1), 2016): 400 excerpts of 60 s in four genres; 11 to
/// 59 listeners a
/// clip chose which of nine emotions (GEMS-9) they felt. A rating is the share of listeners who chose the emotion, 0 to 1. Numbers run from
/// 1 to 400 through the genres, file
/// names from 1 to 100 in each.
/// </summary>
[Dataset(
    "emotify",
    Summary = "Emotify: 400 excerpts in four genres, shares of listeners who felt each of nine emotions",
    Source = "Aljanaki, Wiering and Veltkamp, Studying emotion induced by music through a crowdsourcing game, Information Processing and "
        + "Management 52(1), 2016"
)]
[Reference(
    """
        @article{aljanaki2016,
          author  = {Aljanaki, Anna and Wiering, Frans and Veltkamp, Remco C.},
          title   = {Studying Emotion Induced by Music through a Crowdsourcing Game},
          journal = {Information Processing \& Management},
          volume  = {52},
          number  = {1},
          pages   = {115--128},
          year    = {2016},
          doi     = {10.1016/j.ipm.2015.03.004},
        }
        """
)]
public sealed class EmotifyDataset(EmotifyOptions options) : IDataset, IInspectable
{
    private const int ClipsPerGenre = 100;

    private static readonly string[] s_columns =
    [
        "amazement",
        "solemnity",
        "tenderness",
        "nostalgia",
        "calmness",
        "power",
        "joyful_activation",
        "tension",
        "sadness",
    ];

    /// <inheritdoc/>
    public DatasetContent Load(CancellationToken cancel) => Table().Load(cancel);

    /// <inheritdoc/>
    public DatasetInspection Inspect(CancellationToken cancel) => Table().Inspect(cancel);

    private AudioCsvDataset Table()
    {
        var tree = new DatasetTree("emotify", options.Root);
        string votes = tree.File("data.csv", "emotifymusic/data.csv");
        string classical = tree.Folder("classical", "emotifymusic/classical");
        string[] emotions = [.. s_columns.Select(c => c.Replace('_', '-'))];
        var labels = new AudioCsvOptions(
            Path.GetDirectoryName(classical)!,
            votes,
            emotions,
            new RatingScale(0, 1),
            Columns: emotions.Zip(s_columns).ToDictionary(p => p.First, p => p.Second, StringComparer.Ordinal),
            FileColumn: "file",
            Split: options.Split
        );
        return new AudioCsvDataset(labels, problems => Shares(votes, problems));
    }

    // One row a vote becomes one row a clip.
    private static Table Shares(string path, ProblemList problems)
    {
        Table votes = AudioCsv.Table.Read(path, ",", problems);
        int track = votes.Find("track id", "clip", problems),
            genre = votes.Find("genre", "genre", problems);
        int[] emotions = [.. s_columns.Select(c => votes.Find(c, "emotion", problems))];
        if (track < 0 || genre < 0 || emotions.Any(e => e < 0))
            return new Table(["id", "file", .. s_columns], []);
        return new Table(
            ["id", "file", .. s_columns],
            [
                .. votes
                    .Rows.GroupBy(r => r[track], StringComparer.Ordinal)
                    .Select(clip =>
                    {
                        Row first = clip.First();
                        foreach (Row other in clip.Where(r => r[genre] != first[genre]))
                            problems.Add(
                                other,
                                $"clip '{clip.Key}' is of the genre '{other[genre]}', but '{first[genre]}' in row {first.Number}."
                            );
                        return new Row(first.Number, [clip.Key, File(first), .. emotions.Select((e, i) => Share(clip, e, s_columns[i]))]);
                    }),
            ]
        );

        string File(Row row)
        {
            if (int.TryParse(row[track], NumberStyles.None, CultureInfo.InvariantCulture, out int id) && id >= 1)
                return string.Create(CultureInfo.InvariantCulture, $"{row[genre]}/{((id - 1) % ClipsPerGenre) + 1}.mp3");
            problems.Add(row, $"the track id is '{row[track]}'; expected a number from 1.");
            return "";
        }

        string Share(IEnumerable<Row> clip, int column, string emotion) =>
            clip.Average(vote =>
                {
                    if (vote[column] is "0" or "1")
                        return vote[column] == "1" ? 1.0 : 0.0;
                    problems.Add(vote, $"'{emotion}' of clip '{vote[track]}' is '{vote[column]}'; expected 0 or 1.");
                    return 0;
                })
                .ToString("R", CultureInfo.InvariantCulture);
    }
}
