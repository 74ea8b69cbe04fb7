using System.Globalization;
using MerBench.Host.Native;
using MerBench.Host.Plugins;
using static TorchSharp.torch;

namespace MerBench.Host.Data;

/// <summary>How far preparation is.</summary>
/// <param name="Clip">The clip that was just finished.</param>
public sealed record PreparationProgress(int Done, int Total, string Clip);

/// <summary>
/// Turns a dataset into standardised features: validates what the plugin handed back, decodes or renders, cuts excerpts, transforms and
/// caches by content. All torch work happens on the calling thread.
/// </summary>
/// <param name="cacheFolder">Features are kept in its folder <c>features</c>.</param>
public sealed class DatasetPreparer(string cacheFolder, FfmpegDecoder? decoder = null)
{
    private readonly FeatureCache _cache = new(Path.Combine(cacheFolder, "features"));
    private readonly RecordingReader _recordings = new(decoder ?? new FfmpegDecoder());

    /// <summary>Prepares all clips of a dataset.</summary>
    /// <param name="frontEndKey">Identifies the front end's code and options; part of every key.</param>
    /// <exception cref="UserErrorException">The dataset cannot be used; the message lists problems over all clips, with file and row.</exception>
    public PreparedDataset Prepare(
        DatasetContent content,
        IFrontEnd frontEnd,
        string frontEndKey,
        Preparation preparation,
        IProgress<PreparationProgress>? progress = null,
        CancellationToken cancel = default)
    {
        ContentValidation.Check(content, preparation);
        var excerpts = new ExcerptReader(_recordings, frontEnd, frontEndKey, preparation);
        var problems = new ProblemList();
        var prepared = new List<PreparedClip>(content.Clips.Count);
        excerpts.ForEach(content.Clips, _cache.Read, Use, problems, cancel);
        problems.ThrowIfAny();
        return new PreparedDataset(content, frontEnd, preparation, prepared, excerpts);

        void Use(LoadedClip loaded)
        {
            if ((loaded.Features ?? Compute(loaded)) is { } features) prepared.Add(new PreparedClip(loaded.Clip, loaded.Key, features));
            CheckShape(prepared, problems);
            progress?.Report(new PreparationProgress(prepared.Count, content.Clips.Count, loaded.Clip.Id));
        }

        ClipFeatures? Compute(LoadedClip loaded)
        {
            if (excerpts.Cut(loaded.Clip, loaded.Pcm, problems) is not { } samples) return null;
            FinalizerPause.LetFinalizersRun();
            try
            {
                ClipFeatures features = Transform(frontEnd, samples);
                _cache.Write(loaded.Key, features);
                return features;
            }
            catch (Exception e) when (e is not (OperationCanceledException or IOException))
            {
                problems.Add(loaded.Clip, PluginFailure.Describe("the front end", e));
                return null;
            }
        }
    }

    private static void CheckShape(List<PreparedClip> prepared, ProblemList problems)
    {
        if (prepared is not [var first, .., var last] || (first.Features.Frames, first.Features.Bands) == (last.Features.Frames, last.Features.Bands)) return;
        problems.Add(last.Clip, string.Create(CultureInfo.InvariantCulture,
            $"the front end returned {last.Features.Frames} x {last.Features.Bands} features, but {first.Features.Frames} x {first.Features.Bands} for clip '{first.Clip.Id}'."));
    }

    // One clip a call, though a front end takes batches: rounding may depend on the batch, and which clips are cached must change nothing.
    private static ClipFeatures Transform(IFrontEnd frontEnd, float[] samples)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        Tensor features = frontEnd.Transform(tensor(samples).unsqueeze(0));
        if (features.dtype != float32 || features.shape is not [1, >= 1, >= 1])
            throw new UserErrorException($"the front end returned {features.dtype} [{string.Join(", ", features.shape)}] for one clip; expected Float32 [1, frames, bands].");
        float[] values = features.contiguous().data<float>().ToArray();
        if (Array.Exists(values, v => !float.IsFinite(v))) throw new UserErrorException("the front end returned features that are not finite.");
        return new ClipFeatures((int)features.shape[1], (int)features.shape[2], values);
    }
}
