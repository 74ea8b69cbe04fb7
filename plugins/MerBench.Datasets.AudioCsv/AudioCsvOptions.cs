using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MerBench.Datasets.AudioCsv.OverTime;

namespace MerBench.Datasets.AudioCsv;

/// <summary>Options of <see cref="AudioCsvDataset"/>.</summary>
public sealed record AudioCsvOptions(
    [Description("Folder of the audio files.")] [DirectoryPath] string Audio,
    [Description("Table of ratings: a CSV file with a header, one row a clip.")] [FilePath] string Ratings,
    [Description("Emotions, in order; each is the name of a column unless 'columns' says otherwise.")]
    [MinLength(1)]
        IReadOnlyList<string> Emotions,
    [Description("Scale of the emotion ratings in the file; it is mapped linearly to 0..1.")] RatingScale Scale,
    [Description("Concepts, in order, as for emotions; none by default.")] IReadOnlyList<string>? Concepts = null,
    [Description("Scale of the concept ratings; that of the emotions by default.")] RatingScale? ConceptScale = null,
    [Description("Columns of emotions and concepts that are named otherwise in the file, for example { arousal: 'Arousal(mean)' }.")]
        IReadOnlyDictionary<string, string>? Columns = null,
    [Description(
        "Columns of the annotators' standard deviation of each emotion, in the units of the file, for example { valence: valence_std }; "
            + "none by default."
    )]
        IReadOnlyDictionary<string, string>? SdColumns = null,
    [Description("Column of the clips' ids; the first column by default.")] string? IdColumn = null,
    [Description(
        "Audio file of a clip, relative to 'audio'; {id} and {any column} are filled in, for example '{id}.mp3'. "
            + "By default the id with .wav, .flac, .mp3 or .ogg."
    )]
        string? File = null,
    [Description("Column that holds each clip's audio file, relative to 'audio'; instead of 'file'.")] string? FileColumn = null,
    [Description("Which clips models are trained, validated and tested on; by default at random, 80, 10 and 10 %.")]
        SplitOptions? Split = null,
    [Description("Column of groups (artist, album) that must not be torn apart by the split.")] string? GroupColumn = null,
    [Description("Character between the cells: ',', ';' or a tab; found out from the header by default.")]
    [StringLength(1, MinimumLength = 1)]
        string? Delimiter = null,
    [Description("Length of the excerpt in seconds.")] [Range(0.01, 3600)] double Seconds = 10,
    [Description("Where in the recording the excerpt is cut.")] ExcerptPlacement Placement = ExcerptPlacement.Start,
    [Description("Recordings shorter than this many seconds are an error.")] [Range(0, 3600)] double MinimumSeconds = 0.5,
    [Description("Standardise features by all clips, test clips included, instead of training clips only.")]
        bool StandardiseOnAllClips = false,
    [Description(
        "Ratings over time, in a table of their own: a row a clip and moment, a column an emotion. 'emotions', 'scale', 'columns' and "
            + "'sd-columns' then speak of its columns, and 'ratings' need only list the clips."
    )]
        CurveOptions? Curves = null
);

/// <summary>The scale of ratings as they stand in the file.</summary>
public sealed record RatingScale([Description("Lowest possible rating.")] double Min, [Description("Highest possible rating.")] double Max);

/// <summary>How clips are split: by ratio, by a column, or by lists. At most one of the three.</summary>
public sealed record SplitOptions(
    [Description("Shares of train, validation and test; they sum to 1.")] [Length(3, 3)] IReadOnlyList<double>? Ratio = null,
    [Description("Seed of the random split by ratio.")] int Seed = 1,
    [Description("Column that says train, validation (valid, val, dev) or test.")] string? Column = null,
    [Description("Ids of the training clips.")] IReadOnlyList<string>? Train = null,
    [Description("Ids of the validation clips.")] IReadOnlyList<string>? Validation = null,
    [Description("Ids of the test clips.")] IReadOnlyList<string>? Test = null,
    [Description("Text file with the ids of the training clips, one a line.")] [FilePath] string? TrainFile = null,
    [Description("Text file with the ids of the validation clips.")] [FilePath] string? ValidationFile = null,
    [Description("Text file with the ids of the test clips.")] [FilePath] string? TestFile = null
);
