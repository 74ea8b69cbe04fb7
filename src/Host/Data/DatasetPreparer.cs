using System.Globalization;
using MerBench.Host.Plugins;
using MerBench.Host.Storage;

namespace MerBench.Host.Data;

/// <summary>How far preparation is.</summary>
/// <param name="Clip">The clip that was just finished.</param>
public sealed record PreparationProgress(int Done, int Total, string Clip);

/// <summary>
/// Turns a dataset into standardised features: validates what the plugin handed back, decodes or renders, cuts excerpts, transforms and
/// caches by content. All torch work happens on the calling thread.
/// </summary>
/// <param name="store">Keeps features, and statistics of full recordings.</param>
public sealed class DatasetPreparer(StoreFolder store, FfmpegDecoder? decoder = null)
{
    private readonly FeatureCache _features = new(store);
    private readonly StatisticsCache _statistics = new(store);
    private readonly RemarkCache _remarks = new(store);
    private readonly RecordingReader _recordings = new(decoder ?? new FfmpegDecoder());

    /// <summary>Prepares all clips of a dataset.</summary>
    /// <param name="frontEndKey">Identifies the front end's code and options; part of every key.</param>
    /// <exception cref="UserErrorException">The dataset cannot be used; the message lists problems over all clips, with file and
    /// row.</exception>
    public PreparedDataset Prepare(
        DatasetContent content,
        IFrontEnd frontEnd,
        string frontEndKey,
        Preparation preparation,
        IProgress<PreparationProgress>? progress = null,
        CancellationToken cancel = default
    ) => Prepare(content, frontEnd, frontEndKey, preparation, null, progress, cancel);

    /// <param name="elsewhere">Where its clips are judged by models of another dataset; else null.</param>
    internal PreparedDataset Prepare(
        DatasetContent content,
        IFrontEnd frontEnd,
        string frontEndKey,
        Preparation preparation,
        JudgedElsewhere? elsewhere,
        IProgress<PreparationProgress>? progress,
        CancellationToken cancel
    )
    {
        if (elsewhere is null)
            ContentValidation.Check(content, preparation);
        content = CutCurves(content, preparation);
        var excerpts = new ExcerptReader(_recordings, frontEnd, frontEndKey, preparation);
        var computation = new ClipComputation(frontEnd, excerpts, _features, _statistics, _remarks, preparation.StandardiseFrom);
        var problems = new ProblemList();
        var remarks = new List<string>();
        var prepared = new List<PreparedClip>(content.Clips.Count);
        excerpts.ForEach(content.Clips, computation.Find, Use, problems, cancel);
        problems.ThrowIfAny();
        return new PreparedDataset(content, frontEnd, preparation, prepared, excerpts, elsewhere) { Remarks = remarks };

        void Use(LoadedClip loaded)
        {
            remarks.AddRange(loaded.Remarks.Select(r => ProblemList.About(loaded.Clip, r)));
            if ((loaded.Known.IsEnough ? ClipComputation.Assemble(loaded) : Compute(loaded)) is { } clip)
                prepared.Add(clip);
            CheckShape(prepared, problems);
            progress?.Report(new PreparationProgress(prepared.Count, content.Clips.Count, loaded.Clip.Id));
        }

        PreparedClip? Compute(LoadedClip loaded)
        {
            if (excerpts.Condition(loaded.Clip, loaded.Pcm, problems) is not { } samples)
                return null;
            try
            {
                return computation.Complete(loaded, samples);
            }
            catch (Exception e) when (e is not IOException && (e is not OperationCanceledException || !cancel.IsCancellationRequested))
            {
                problems.Add(loaded.Clip, PluginFailure.Describe("the front end", e));
                return null;
            }
        }
    }

    private static DatasetContent CutCurves(DatasetContent content, Preparation preparation)
    {
        var problems = new ProblemList();
        DatasetContent cut = CurveExcerpt.Cut(content, preparation, problems);
        problems.ThrowIfAny();
        return cut;
    }

    private static void CheckShape(List<PreparedClip> prepared, ProblemList problems)
    {
        if (
            prepared is not [var first, .., var last]
            || (first.Features.Frames, first.Features.Bands) == (last.Features.Frames, last.Features.Bands)
        )
            return;
        problems.Add(
            last.Clip,
            string.Create(
                CultureInfo.InvariantCulture,
                $"the front end returned {last.Features.Frames} x {last.Features.Bands} features, but {first.Features.Frames} x "
                    + $"{first.Features.Bands} for clip '{first.Clip.Id}'."
            )
        );
    }
}
