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
        List<DataIssue> issues =
        [
            .. inspection.Issues,
            .. Decode(inspection, definition.FrontEnd.Create<IFrontEnd>().SampleRate, progress, cancel),
        ];
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
            ContentValidation.Check(content, definition.Excerpt.Apply(content.Preparation));
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

    private static List<DataIssue> Decode(
        DatasetInspection inspection,
        int sampleRate,
        IProgress<(int Done, int Of)> progress,
        CancellationToken cancel
    )
    {
        var reader = new RecordingReader(new FfmpegDecoder());
        var issues = new DataIssue?[inspection.Clips.Count];
        int done = 0;
        var options = new ParallelOptions { CancellationToken = cancel, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel
            .ForEachAsync(
                Enumerable.Range(0, issues.Length),
                options,
                async (i, token) =>
                {
                    issues[i] = await Listen(inspection.Clips[i], reader, sampleRate, inspection.Preparation.MinimumSeconds, token);
                    progress.Report((Interlocked.Increment(ref done), issues.Length));
                }
            )
            .GetAwaiter()
            .GetResult();
        return [.. issues.OfType<DataIssue>()];
    }

    private static async Task<DataIssue?> Listen(
        Clip clip,
        RecordingReader reader,
        int sampleRate,
        double minimumSeconds,
        CancellationToken cancel
    )
    {
        try
        {
            Recording recording = await reader.ReadAsync(clip.Audio, sampleRate, _ => true, cancel);
            double seconds = recording.Pcm!.Length / (double)sampleRate;
            return seconds >= minimumSeconds
                ? null
                : new DataIssue(
                    DataIssueKind.Mismatching,
                    FormattableString.Invariant(
                        $"clip '{clip.Id}': the recording is {seconds:0.00} s long; at least {minimumSeconds} s are needed."
                    )
                );
        }
        catch (UserErrorException e) when (e.Kind == ErrorKind.Input)
        {
            return new DataIssue(DataIssueKind.Unreadable, $"clip '{clip.Id}': {e.Message}");
        }
    }
}
