using System.ComponentModel;
using MerBench.Datasets.AudioCsv.OverTime;

namespace MerBench.Datasets.AudioCsv.Pmemo;

/// <summary>Options of <see cref="PmemoDataset"/>.</summary>
public sealed record PmemoOptions(
    [Description("The folder PMEmo2019, with annotations/ and chorus/.")] [DirectoryPath] string Root,
    [Description(
        "Which clips models are trained, validated and tested on; by default at random, 80, 10 and 10 %, for there is no official split."
    )]
        SplitOptions? Split = null,
    [Description("Ratings over time, every half second after the first 15 s, instead of one rating a chorus.")] bool OverTime = false
);

/// <summary>
/// PMEmo (Zhang, Zhang, Li, Yang and Sun, ICMR 2018): choruses of 767 pop songs with mean valence and arousal, in the file from 0 to 1,
/// one rating a chorus or over time. There are 794 choruses; 27 are not rated.
/// </summary>
[Dataset(
    "pmemo",
    Summary = "PMEmo: choruses of 767 pop songs, valence and arousal",
    Source = "Zhang, Zhang, Li, Yang and Sun, The PMEmo dataset for music emotion recognition, ICMR 2018"
)]
[Reference(
    """
        @inproceedings{zhang2018,
          author    = {Zhang, Kejun and Zhang, Hui and Li, Simeng and Yang, Changyuan and Sun, Lingyun},
          title     = {The {PMEmo} Dataset for Music Emotion Recognition},
          booktitle = {ACM International Conference on Multimedia Retrieval (ICMR)},
          year      = {2018},
          pages     = {135--142},
          doi       = {10.1145/3206025.3206037},
        }
        """
)]
public sealed class PmemoDataset(PmemoOptions options) : IDataset, IInspectable
{
    private const string Id = "musicId",
        Time = "frameTime";

    private static readonly string[] s_sds = ["Valence(std)", "Arousal(std)"];

    /// <inheritdoc/>
    public DatasetContent Load(CancellationToken cancel) => Table().Load(cancel);

    /// <inheritdoc/>
    public DatasetInspection Inspect(CancellationToken cancel) => Table().Inspect(cancel);

    private AudioCsvDataset Table()
    {
        var tree = new DatasetTree("pmemo", options.Root);
        string audio = tree.Folder("chorus");
        return options.OverTime ? Curves(tree, audio) : Ratings(tree, audio);
    }

    private AudioCsvDataset Ratings(DatasetTree tree, string audio)
    {
        string means = tree.File(Places("static_annotations.csv"));
        string? sds = tree.FindFile(Places("static_annotations_std.csv"));
        return new AudioCsvDataset(Labels(audio, means, sds), problems => Joined(means, sds, [Id], problems));
    }

    private AudioCsvDataset Curves(DatasetTree tree, string audio)
    {
        string means = tree.File(Places("dynamic_annotations.csv"));
        string? sds = tree.FindFile(Places("dynamic_annotations_std.csv"));
        AudioCsvOptions labels = Labels(audio, means, sds) with { Curves = new CurveOptions(means, Id, Time) };
        return new AudioCsvDataset(
            labels,
            problems => Choruses(means, problems),
            problems =>
                LongCurves.Read(Joined(means, sds, [Id, Time], problems).Named(Path.GetFileName(means)), labels, leaveOut: true, problems)
        );
    }

    private AudioCsvOptions Labels(string audio, string means, string? sds) =>
        new(
            audio,
            means,
            ["valence", "arousal"],
            new RatingScale(0, 1),
            Columns: new Dictionary<string, string> { ["valence"] = "Valence(mean)", ["arousal"] = "Arousal(mean)" },
            SdColumns: sds is null ? null : new Dictionary<string, string> { ["valence"] = s_sds[0], ["arousal"] = s_sds[1] },
            IdColumn: Id,
            File: "{id}.mp3",
            Split: options.Split
        );

    private static Table Joined(string means, string? sds, string[] keys, ProblemList problems)
    {
        Table table = AudioCsv.Table.Read(means, ",", problems);
        return sds is null
            ? table
            : TableJoin.Add(table, AudioCsv.Table.Read(sds, ",", problems).Named(Path.GetFileName(sds)), keys, s_sds, problems);
    }

    // A chorus is listed where its first moment stands.
    private static Table Choruses(string means, ProblemList problems)
    {
        Table table = AudioCsv.Table.Read(means, ",", problems);
        int id = table.IndexOf(Id);
        return id < 0 ? table : new Table([.. table.Columns], [.. table.Rows.DistinctBy(r => r[id])]);
    }

    private static string[] Places(string table) => [$"annotations/{table}", table];
}
