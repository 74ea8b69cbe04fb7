namespace MerBench;

/// <summary>A collection of rated clips. Loading lists clips and ratings; audio is decoded or rendered later, clip by clip.</summary>
public interface IDataset
{
    /// <summary>Lists the dataset's clips with their ratings and splits.</summary>
    /// <param name="cancel">Cancels loading.</param>
    /// <exception cref="PluginUserException">A file is missing or malformed; the message names file and row.</exception>
    DatasetContent Load(CancellationToken cancel);
}

/// <summary>Which part of a dataset a clip belongs to.</summary>
public enum Split
{
    /// <summary>Models are fitted on these clips.</summary>
    Train,

    /// <summary>Early stopping and selection look at these clips.</summary>
    Validation,

    /// <summary>Results are reported on these clips.</summary>
    Test,
}

/// <summary>A dataset's clips and metadata.</summary>
/// <param name="Emotions">Emotions, with the scale of the ratings as handed out.</param>
/// <param name="Concepts">Concepts, or null when the dataset rates none.</param>
/// <param name="Clips">All clips; ids are distinct.</param>
/// <param name="Preparation">How clips become inputs unless the benchmark file says otherwise.</param>
/// <param name="Fingerprint">Text that changes whenever audio, ratings or splits change; part of every cell's key.</param>
public sealed record DatasetContent(
    LabelSpace Emotions,
    LabelSpace? Concepts,
    IReadOnlyList<Clip> Clips,
    Preparation Preparation,
    string Fingerprint
);

/// <summary>One rated clip.</summary>
/// <param name="Id">Its name in results; distinct within the dataset.</param>
/// <param name="Split">Its part.</param>
/// <param name="Audio">Where its audio comes from.</param>
/// <param name="Emotion">Ratings <c>[E]</c> in the order and units of <see cref="DatasetContent.Emotions"/>.</param>
/// <param name="Concepts">Ratings <c>[C]</c>, or null.</param>
/// <param name="Origin">Where its ratings stand, for messages: <c>ratings.csv, row 12</c>.</param>
public sealed record Clip(string Id, Split Split, AudioSource Audio, float[] Emotion, float[]? Concepts = null, string Origin = "")
{
    /// <summary>Standard deviation over annotators of each emotion, <c>[E]</c>, in the units of the ratings; null where the dataset has
    /// none.</summary>
    public float[]? EmotionSd { get; init; }

    /// <summary>Its ratings over time; null where the dataset has none. Either all clips of a dataset have one or none has; the excerpt is
    /// then cut from the rated part, and <see cref="Emotion"/> is replaced by the mean of the excerpt's frames.</summary>
    public RatedCurve? EmotionCurve { get; init; }
}

/// <summary>Where a clip's audio comes from: a file, or code that renders it.</summary>
public abstract record AudioSource
{
    private AudioSource() { }

    /// <summary>An audio file that the host decodes to mono 16-bit samples at the front end's rate.</summary>
    /// <param name="Path">Absolute path.</param>
    public sealed record File(string Path) : AudioSource;

    /// <summary>Audio rendered on demand, always the same samples.</summary>
    /// <param name="Render">Takes a sample rate in Hz, returns mono 16-bit samples; called from several threads.</param>
    public sealed record Rendered(Func<int, short[]> Render) : AudioSource;
}

/// <summary>Where in a recording the excerpt is cut.</summary>
public enum ExcerptPlacement
{
    /// <summary>At the beginning.</summary>
    Start,

    /// <summary>In the middle.</summary>
    Middle,

    /// <summary>At a place drawn once for each clip from the clip's id.</summary>
    Random,
}

/// <summary>From what the mean and standard deviation are taken that features are standardised by.</summary>
public enum StandardisationSource
{
    /// <summary>From excerpts, each as it is cut: the mean of their means, and the root of the mean of their variances, each about the
    /// excerpt's own mean.</summary>
    Excerpts,

    /// <summary>
    /// From full recordings, as Hoedt et al. 2025 do: the mean of the recordings' means, and the root of the mean over recordings of the
    /// mean squared
    /// distance from that one mean. Each recording is transformed whole, once; only its mean and variance are kept.
    /// </summary>
    Recordings,

    /// <summary>From nothing: features stay as the front end gives them, for models that were trained on such.</summary>
    Nothing,
}

/// <summary>How recordings become inputs of equal length and scale.</summary>
/// <param name="ExcerptSeconds">Length of the excerpt in seconds; shorter recordings are repeated from their start.</param>
/// <param name="Placement">Where it is cut.</param>
/// <param name="StandardiseOnAllClips">
/// True to take the mean and standard deviation of features from all clips, test clips included, as Hoedt et al. 2025 do; false to take
/// them from training clips.
/// </param>
/// <param name="MinimumSeconds">Recordings shorter than this are an error.</param>
public sealed record Preparation(
    double ExcerptSeconds = 10,
    ExcerptPlacement Placement = ExcerptPlacement.Start,
    bool StandardiseOnAllClips = false,
    double MinimumSeconds = 0.5
)
{
    /// <summary>From what the mean and standard deviation of features are taken; from the excerpts unless said otherwise.</summary>
    public StandardisationSource StandardiseFrom { get; init; }
}
