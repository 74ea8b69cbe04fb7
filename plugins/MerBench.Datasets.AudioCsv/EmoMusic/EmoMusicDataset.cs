using System.ComponentModel;
using System.Security.Cryptography;
using System.Text;
using MerBench.Datasets.AudioCsv.OverTime;

namespace MerBench.Datasets.AudioCsv.EmoMusic;

/// <summary>Options of <see cref="EmoMusicDataset"/>.</summary>
public sealed record EmoMusicOptions(
    [Description("Folder that holds clips_45seconds/, static_annotations.csv and songs_info.csv; the tables may lie in annotations/.")]
    [DirectoryPath]
        string Root,
    [Description("Ratings over time, from -1 to 1 every half second from 15 s on, instead of one rating a song.")] bool OverTime = false
);

/// <summary>
/// EmoMusic (Soleymani, Caro, Schmidt, Sha and Yang, CrowdMM 2013): 744 excerpts of 45 s with mean valence and arousal from 1 to 9, or
/// from -1 to 1 over time. The official evaluation set is the test split. Of the development set, the songs of
/// about every tenth artist, drawn by a hash of the artist's name, are the validation split, so that no artist is torn apart.
/// </summary>
[Dataset(
    "emomusic",
    Summary = "EmoMusic (1000 songs): 744 excerpts of 45 s, valence and arousal, the official evaluation set",
    Source = "Soleymani, Caro, Schmidt, Sha and Yang, 1000 songs for emotional analysis of music, CrowdMM 2013"
)]
[Reference(
    """
        @inproceedings{soleymani2013,
          author    = {Soleymani, Mohammad and Caro, Micheal N. and Schmidt, Erik M. and Sha, Cheng-Ya and Yang, Yi-Hsuan},
          title     = {1000 Songs for Emotional Analysis of Music},
          booktitle = {ACM International Workshop on Crowdsourcing for Multimedia (CrowdMM)},
          year      = {2013},
          pages     = {1--6},
          doi       = {10.1145/2506364.2506365},
        }
        """
)]
public sealed class EmoMusicDataset(EmoMusicOptions options) : IDataset, IInspectable
{
    private const string Songs = "songs_info.csv",
        SetColumn = "Mediaeval 2013 set";

    /// <inheritdoc/>
    public DatasetContent Load(CancellationToken cancel) => Table().Load(cancel);

    /// <inheritdoc/>
    public DatasetInspection Inspect(CancellationToken cancel) => Table().Inspect(cancel);

    private AudioCsvDataset Table()
    {
        var tree = new DatasetTree("emomusic", options.Root);
        return options.OverTime ? Curves(tree) : Ratings(tree);
    }

    private static AudioCsvDataset Ratings(DatasetTree tree)
    {
        string ratings = Annotations(tree, "static_annotations.csv"),
            songs = Annotations(tree, Songs);
        var labels = new AudioCsvOptions(
            Audio(tree),
            ratings,
            ["valence", "arousal"],
            new RatingScale(1, 9),
            Columns: new Dictionary<string, string> { ["valence"] = "mean_valence", ["arousal"] = "mean_arousal" },
            SdColumns: new Dictionary<string, string> { ["valence"] = "std_valence", ["arousal"] = "std_arousal" },
            IdColumn: "song_id",
            File: "{id}.mp3",
            Split: new SplitOptions(Column: "split")
        );
        return new AudioCsvDataset(labels, problems => Rated(ratings, songs, problems));
    }

    private static AudioCsvDataset Curves(DatasetTree tree)
    {
        var scale = new RatingScale(-1, 1);
        string arousal = Annotations(tree, "arousal_cont_average.csv"),
            valence = Annotations(tree, "valence_cont_average.csv"),
            songs = Annotations(tree, Songs);
        string? arousalSd = tree.FindFile(Places("arousal_cont_std.csv")),
            valenceSd = tree.FindFile(Places("valence_cont_std.csv"));
        var labels = new AudioCsvOptions(
            Audio(tree),
            arousal,
            ["valence", "arousal"],
            scale,
            IdColumn: "song_id",
            File: "{id}.mp3",
            Split: new SplitOptions(Column: "split")
        );
        return new AudioCsvDataset(
            labels,
            problems => Rated(arousal, songs, problems),
            problems => WideCurves.Read([("valence", valence, valenceSd), ("arousal", arousal, arousalSd)], scale, problems)
        );
    }

    private static string Audio(DatasetTree tree) => tree.Folder("clips_45seconds", "clips_45sec/clips_45seconds", "audio");

    private static string Annotations(DatasetTree tree, string table) => tree.File(Places(table));

    private static string[] Places(string table) => [table, $"annotations/{table}"];

    private static Table Rated(string ratings, string songs, ProblemList problems)
    {
        Table rated = AudioCsv.Table.Read(ratings, ",", problems),
            info = AudioCsv.Table.Read(songs, ",", problems);
        int id = rated.Find("song_id", "clip", problems),
            infoId = info.Find("song_id", "song", problems),
            artist = info.Find("Artist", "artist", problems),
            set = info.Find(SetColumn, "set", problems);
        if (Math.Min(Math.Min(id, infoId), Math.Min(artist, set)) < 0)
            return rated;
        var splits = info
            .Rows.GroupBy(r => r[infoId], StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => SplitOf(g.First()[set], g.First()[artist]), StringComparer.Ordinal);
        return new Table(
            [.. rated.Columns, "split"],
            [
                .. rated.Rows.Select(row =>
                    row with
                    {
                        Cells = [.. Enumerable.Range(0, rated.Columns.Count).Select(c => row[c]), Split(row)],
                    }
                ),
            ]
        );

        string Split(Row row)
        {
            if (splits.TryGetValue(row[id], out string? split))
                return split;
            problems.Add(row, $"song '{row[id]}' has no row in '{songs}'.", DataIssueKind.Missing);
            return "train";
        }
    }

    // What stands in the column is "development" or "evaluation".
    private static string SplitOf(string set, string artist)
    {
        if (set.StartsWith("eval", StringComparison.OrdinalIgnoreCase))
            return "test";
        if (!set.StartsWith("dev", StringComparison.OrdinalIgnoreCase))
            return set;
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(artist.ToUpperInvariant()));
        return hash[0] % 10 == 0 ? "validation" : "train";
    }
}
