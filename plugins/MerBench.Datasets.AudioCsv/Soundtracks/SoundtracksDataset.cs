namespace MerBench.Datasets.AudioCsv.Soundtracks;

/// <summary>
/// Set 1 of the Soundtracks dataset (Eerola and Vuoskoski, Psychology of Music 39, 2011): 360 film music clips of about 15 s with eight
/// mean ratings, divided by ten
/// and split as in Hoedt, Flexer and Widmer (SMC 2025), optionally with the concepts of the mid-level dataset. Excerpts are one random 10 s
/// slice a
/// clip.
/// </summary>
[Dataset(
    "soundtracks",
    Summary = "Soundtracks Set 1: 360 film music clips, eight emotions, the split of Hoedt et al. 2025",
    Source = "Eerola and Vuoskoski, A comparison of the discrete and dimensional models of emotion in music, Psychology of Music 39, 2011"
)]
[Reference(
    """
        @article{eerola2011,
          author  = {Eerola, Tuomas and Vuoskoski, Jonna K.},
          title   = {A Comparison of the Discrete and Dimensional Models of Emotion in Music},
          journal = {Psychology of Music},
          volume  = {39},
          number  = {1},
          pages   = {18--49},
          year    = {2011},
          doi     = {10.1177/0305735610362821},
        }
        """
)]
[Reference(
    """
        @inproceedings{aljanaki2018,
          author    = {Aljanaki, Anna and Soleymani, Mohammad},
          title     = {A Data-driven Approach to Mid-level Perceptual Musical Feature Modeling},
          booktitle = {International Society for Music Information Retrieval Conference (ISMIR)},
          year      = {2018},
          eprint    = {1806.04903},
        }
        """,
    Option = "midlevel"
)]
public sealed class SoundtracksDataset(SoundtracksOptions options) : IDataset, IInspectable
{
    private const string RatingsFile = "mean_ratings_set1.csv";

    private static readonly string[] s_emotions = ["valence", "energy", "tension", "anger", "fear", "happy", "sad", "tender"];
    private static readonly string[] s_audioFolders = ["", "Set1", "set1", "audio", "Set1/mp3", "set1/mp3"];

    /// <inheritdoc/>
    public DatasetContent Load(CancellationToken cancel)
    {
        DatasetContent content = Table().Load(cancel);
        IReadOnlyDictionary<string, Clip> byId = content.Clips.ToDictionary(c => c.Id, StringComparer.Ordinal);
        content = content with { Clips = [.. PublishedSplit.Order.Select(id => byId[id])], Preparation = Published(content.Preparation) };
        if (options.Midlevel is not { } midlevel)
            return content;
        var annotations = new MidlevelAnnotations(midlevel);
        var problems = new ProblemList(midlevel);
        Clip[] clips = [.. content.Clips.Select(c => annotations.Join(c, problems))];
        problems.ThrowIfAny();
        return content with
        {
            Clips = clips,
            Concepts = annotations.Space,
            Fingerprint = $"{content.Fingerprint} {annotations.Fingerprint}",
        };
    }

    /// <inheritdoc/>
    public DatasetInspection Inspect(CancellationToken cancel)
    {
        DatasetInspection inspection = Table().Inspect(cancel);
        inspection = inspection with { Preparation = Published(inspection.Preparation) };
        if (options.Midlevel is not { } midlevel)
            return inspection;
        var annotations = new MidlevelAnnotations(midlevel);
        var problems = new ProblemList(midlevel);
        foreach (Clip clip in inspection.Clips)
            annotations.Join(clip, problems);
        return inspection with { Concepts = annotations.Space, Issues = [.. inspection.Issues, .. problems.Issues] };
    }

    // The paper's statistics are those of full recordings, whichever clips they are taken over.
    private static Preparation Published(Preparation preparation) =>
        preparation with
        {
            StandardiseFrom = StandardisationSource.Recordings,
        };

    private AudioCsvDataset Table()
    {
        string ratings = Path.Combine(options.Root, RatingsFile);
        if (!File.Exists(ratings))
            throw new PluginUserException(
                $"soundtracks: there is no {RatingsFile} in '{options.Root}'. Copy it there from the dataset's page; .xls files must be "
                    + $"saved as CSV."
            );
        string[] folders = [.. s_audioFolders.Select(f => Path.Combine(options.Root, f))];
        string audio =
            folders.FirstOrDefault(f => File.Exists(Path.Combine(f, "001.mp3")))
            ?? throw new PluginUserException(
                $"soundtracks: there is no 001.mp3 in '{options.Root}' or its folder 'Set1'. Unpack Set1.zip there."
            );
        // The scale 0 to 10 divides by ten.
        return new AudioCsvDataset(
            new AudioCsvOptions(
                audio,
                ratings,
                s_emotions,
                new RatingScale(0, 10),
                File: "{id}.mp3",
                Split: PublishedSplit.Lists,
                Placement: ExcerptPlacement.Random,
                StandardiseOnAllClips: options.Standardise == Standardisation.AllClips
            )
        );
    }
}
