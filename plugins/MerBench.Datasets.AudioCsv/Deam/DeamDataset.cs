using System.ComponentModel;
using MerBench.Datasets.AudioCsv.OverTime;

namespace MerBench.Datasets.AudioCsv.Deam;

/// <summary>Options of <see cref="DeamDataset"/>.</summary>
public sealed record DeamOptions(
    [Description("Folder that holds MEMD_audio/ and annotations/, as the two archives unpack.")] [DirectoryPath] string Root,
    [Description(
        "Which clips models are trained, validated and tested on; by default at random, 80, 10 and 10 %, for there is no official split."
    )]
        SplitOptions? Split = null,
    [Description("Ratings over time, from -1 to 1 every half second from 15 s on, instead of one rating a song.")] bool OverTime = false
);

/// <summary>
/// DEAM (Aljanaki, Yang and Soleymani, PLoS ONE 12(3), 2017): 1802 excerpts and songs with mean valence and arousal from 1 to 9, one rating
/// a song, or from -1 to 1 over time. Ratings a song stand in two tables. The folders' names have spaces, or underscores in mirrors.
/// </summary>
[Dataset(
    "deam",
    Summary = "DEAM: 1802 songs and excerpts, valence and arousal, one rating a song or over time",
    Source = "Aljanaki, Yang and Soleymani, Developing a benchmark for emotional analysis of music, PLoS ONE 12(3), 2017"
)]
[Reference(
    """
        @article{aljanaki2017,
          author  = {Aljanaki, Anna and Yang, Yi-Hsuan and Soleymani, Mohammad},
          title   = {Developing a Benchmark for Emotional Analysis of Music},
          journal = {PLoS ONE},
          volume  = {12},
          number  = {3},
          pages   = {e0173392},
          year    = {2017},
          doi     = {10.1371/journal.pone.0173392},
        }
        """
)]
public sealed class DeamDataset(DeamOptions options) : IDataset, IInspectable
{
    private const string Averages = "annotations/annotations averaged per song",
        Folder = $"{Averages}/song_level",
        FolderOverTime = $"{Averages}/dynamic (per second annotations)";

    private static readonly string[] s_tables =
    [
        "static_annotations_averaged_songs_1_2000.csv",
        "static_annotations_averaged_songs_2000_2058.csv",
    ];
    private static readonly string[] s_columns = ["song_id", "valence_mean", "valence_std", "arousal_mean", "arousal_std"];

    /// <inheritdoc/>
    public DatasetContent Load(CancellationToken cancel) => Choose().Load(cancel);

    /// <inheritdoc/>
    public DatasetInspection Inspect(CancellationToken cancel) => Choose().Inspect(cancel);

    private AudioCsvDataset Choose()
    {
        var tree = new DatasetTree("deam", options.Root);
        return options.OverTime ? Curves(tree) : Table(tree);
    }

    private AudioCsvDataset Table(DatasetTree tree)
    {
        string[] paths = [.. s_tables.Select(t => tree.File($"{Folder}/{t}", $"{Folder}/{t}".Replace(' ', '_'), $"annotations/{t}", t))];
        var labels = new AudioCsvOptions(
            Audio(tree),
            paths[0],
            ["valence", "arousal"],
            new RatingScale(1, 9),
            Columns: new Dictionary<string, string> { ["valence"] = "valence_mean", ["arousal"] = "arousal_mean" },
            SdColumns: new Dictionary<string, string> { ["valence"] = "valence_std", ["arousal"] = "arousal_std" },
            IdColumn: "song_id",
            File: "{id}.mp3",
            Split: options.Split
        );
        return new AudioCsvDataset(labels, problems => AudioCsv.Table.Concatenate(paths, s_columns, problems));
    }

    private AudioCsvDataset Curves(DatasetTree tree)
    {
        var scale = new RatingScale(-1, 1);
        string arousal = tree.File(PlacesOverTime("arousal.csv")),
            valence = tree.File(PlacesOverTime("valence.csv"));
        string? arousalSd = tree.FindFile(PlacesOverTime("arousal_std.csv")),
            valenceSd = tree.FindFile(PlacesOverTime("valence_std.csv"));
        var labels = new AudioCsvOptions(
            Audio(tree),
            arousal,
            ["valence", "arousal"],
            scale,
            IdColumn: "song_id",
            File: "{id}.mp3",
            Split: options.Split
        );
        return new AudioCsvDataset(
            labels,
            problems => AudioCsv.Table.Read(arousal, ",", problems),
            problems => WideCurves.Read([("valence", valence, valenceSd), ("arousal", arousal, arousalSd)], scale, problems)
        );
    }

    private static string Audio(DatasetTree tree) => tree.Folder("MEMD_audio", "DEAM_audio/MEMD_audio", "audio");

    // Some mirrors leave the parentheses out with the spaces.
    private static string[] PlacesOverTime(string table) =>
        [
            $"{FolderOverTime}/{table}",
            $"{FolderOverTime}/{table}".Replace(' ', '_'),
            $"{Averages}/dynamic/{table}".Replace(' ', '_'),
            $"annotations/{table}",
            table,
        ];
}
