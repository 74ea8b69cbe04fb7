using System.Text.Json.Serialization;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Plugins;

namespace MerBench.Host.Data;

/// <summary>How many issues of a kind there are, with the first few.</summary>
public sealed record DataIssueCount(DataIssueKind Kind, int Count, IReadOnlyList<string> Examples);

/// <summary>What <c>validate --data</c> found.</summary>
public sealed record DataReport
{
    public required string Dataset { get; init; }

    public required int Train { get; init; }

    public required int Validation { get; init; }

    public required int Test { get; init; }

    public required IReadOnlyList<string> Emotions { get; init; }

    /// <summary>Scale of the emotions as published; null where the table does not tell.</summary>
    public string? EmotionScale { get; init; }

    public required IReadOnlyList<string> Concepts { get; init; }

    public string? ConceptScale { get; init; }

    public required IReadOnlyList<DataIssueCount> Issues { get; init; }

    /// <summary>What somebody should know of recordings that can be used.</summary>
    public required IReadOnlyList<string> Remarks { get; init; }

    /// <summary>What the dataset itself found.</summary>
    [JsonIgnore]
    public DatasetInspection? Inspection { get; init; }

    /// <summary>Whether nothing stands in the way of a run; what is extra does not.</summary>
    public bool Usable => Issues.All(i => i.Kind == DataIssueKind.Extra || i.Count == 0);
}

/// <summary>Looks at a dataset whole: its tables and files, as the plugin sees them, and every recording, by decoding it.</summary>
public static class DatasetInspector
{
    private const int ExamplesShown = 5;

    /// <param name="progress">Told how many recordings of how many were decoded.</param>
    /// <exception cref="UserErrorException">The dataset cannot be looked at, or ffmpeg is missing.</exception>
    public static DataReport Inspect(BenchmarkDefinition definition, IProgress<(int Done, int Of)> progress, CancellationToken cancel)
    {
        DatasetInspection inspection = Ask(definition, cancel);
        var problems = new ProblemList();
        IReadOnlyList<string> remarks = Listen(definition, inspection, problems, progress, cancel);
        // Models that hear otherwise may meet the same problem.
        DataIssue[] issues = [.. inspection.Issues, .. problems.Issues.Distinct()];
        int In(Split split) => inspection.Clips.Count(c => c.Split == split);
        return new DataReport
        {
            Dataset = definition.Dataset.Plugin.Id,
            Train = In(Split.Train),
            Validation = In(Split.Validation),
            Test = In(Split.Test),
            Emotions = inspection.Emotions?.Names ?? [],
            EmotionScale = inspection.Emotions?.Source,
            Concepts = inspection.Concepts?.Names ?? [],
            ConceptScale = inspection.Concepts?.Source,
            Remarks = remarks,
            Inspection = inspection,
            Issues =
            [
                .. Enum.GetValues<DataIssueKind>()
                    .Select(kind =>
                        issues.Where(i => i.Kind == kind).Select(i => i.Message).ToList() is var found
                            ? new DataIssueCount(kind, found.Count, [.. found.Take(ExamplesShown)])
                            : null!
                    ),
            ],
        };
    }

    private static DatasetInspection Ask(BenchmarkDefinition definition, CancellationToken cancel)
    {
        IDataset dataset = definition.Dataset.Create<IDataset>();
        try
        {
            if (dataset is IInspectable inspectable)
                return inspectable.Inspect(cancel);
            DatasetContent content = dataset.Load(cancel);
            return new DatasetInspection(content.Emotions, content.Concepts, content.Clips, content.Preparation, []);
        }
        catch (Exception e)
            when (e is not (UserErrorException or PluginUserException)
                && (e is not OperationCanceledException || !cancel.IsCancellationRequested)
            )
        {
            throw new UserErrorException(
                $"The dataset cannot be looked at: {PluginFailure.Describe(definition.Dataset.Plugin.Id, e)}",
                inner: e
            );
        }
    }

    // As a run does it, by the same judge.
    private static List<string> Listen(
        BenchmarkDefinition definition,
        DatasetInspection inspection,
        ProblemList problems,
        IProgress<(int Done, int Of)> progress,
        CancellationToken cancel
    )
    {
        var recordings = new RecordingReader(new FfmpegDecoder());
        var remarks = new List<string>();
        int done = 0,
            all = definition.EarsInUse.Count * inspection.Clips.Count;
        foreach (Ears ears in definition.EarsInUse)
            Listen(ears);
        return [.. remarks.Distinct(StringComparer.Ordinal)];

        void Listen(Ears ears)
        {
            Preparation preparation = ears.Excerpt.Apply(inspection.Preparation);
            IReadOnlyList<Clip> clips = Validate(preparation);
            var excerpts = new ExcerptReader(recordings, ears.FrontEnd.Create<IFrontEnd>(), frontEndKey: "", preparation);
            excerpts.ForEach(clips, static _ => default, loaded => Use(excerpts, loaded), problems, cancel);
        }

        void Use(ExcerptReader excerpts, LoadedClip loaded)
        {
            excerpts.Condition(loaded.Clip, loaded.Pcm, problems);
            remarks.AddRange(loaded.Remarks.Select(r => ProblemList.About(loaded.Clip, r)));
            progress.Report((++done, all));
        }

        IReadOnlyList<Clip> Validate(Preparation preparation)
        {
            if (inspection.Emotions is not { } emotions || inspection.Issues.Any(i => i.Kind != DataIssueKind.Extra))
                return inspection.Clips;
            var content = new DatasetContent(emotions, inspection.Concepts, inspection.Clips, preparation, "");
            int before = problems.Issues.Count;
            ContentValidation.Check(content, preparation, problems);
            return problems.Issues.Count > before ? inspection.Clips : CurveExcerpt.Cut(content, preparation, problems).Clips;
        }
    }
}
