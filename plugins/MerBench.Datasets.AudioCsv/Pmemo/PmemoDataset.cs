using System.ComponentModel;

namespace MerBench.Datasets.AudioCsv.Pmemo;

/// <summary>Options of <see cref="PmemoDataset"/>.</summary>
public sealed record PmemoOptions(
    [Description("The folder PMEmo2019, with annotations/ and chorus/.")] [DirectoryPath] string Root,
    [Description(
        "Which clips models are trained, validated and tested on; by default at random, 80, 10 and 10 %, for there is no official split."
    )]
        SplitOptions? Split = null
);

/// <summary>
/// PMEmo (Zhang, Zhang, Li, Yang and Sun, ICMR 2018): choruses of 767 pop songs with mean valence and arousal, in the file from 0 to 1.
/// There are 794 choruses;
/// 27 are not rated.
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
    /// <inheritdoc/>
    public DatasetContent Load(CancellationToken cancel) => Table().Load(cancel);

    /// <inheritdoc/>
    public DatasetInspection Inspect(CancellationToken cancel) => Table().Inspect(cancel);

    private AudioCsvDataset Table()
    {
        var tree = new DatasetTree("pmemo", options.Root);
        return new AudioCsvDataset(
            new AudioCsvOptions(
                tree.Folder("chorus"),
                tree.File("annotations/static_annotations.csv", "static_annotations.csv"),
                ["valence", "arousal"],
                new RatingScale(0, 1),
                Columns: new Dictionary<string, string> { ["valence"] = "Valence(mean)", ["arousal"] = "Arousal(mean)" },
                IdColumn: "musicId",
                File: "{id}.mp3",
                Split: options.Split
            )
        );
    }
}
