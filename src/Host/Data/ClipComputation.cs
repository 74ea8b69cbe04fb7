using MerBench.Host.Plugins.Guests;
using MerBench.Host.Torch;
using static TorchSharp.torch;

namespace MerBench.Host.Data;

/// <summary>From a recording to a clip's features and to the statistics that may standardise them; both are kept by content.</summary>
internal sealed class ClipComputation(
    IFrontEnd frontEnd,
    ExcerptReader excerpts,
    FeatureCache features,
    StatisticsCache statistics,
    RemarkCache remarks,
    StandardisationSource source
)
{
    private bool NeedsRecordings => source == StandardisationSource.Recordings;

    /// <summary>What was computed before; called from several threads.</summary>
    public KnownClip Find(ClipKeys keys)
    {
        ClipFeatures? known = features.Read(keys.Excerpt);
        ClipStatistics? recording = NeedsRecordings ? statistics.Read(keys.Recording) : null;
        bool isEnough = known is not null && (recording is not null || !NeedsRecordings);
        return new KnownClip(known, recording, isEnough, isEnough ? remarks.Read(keys.Content) : null);
    }

    /// <summary>Computes what is not known.</summary>
    /// <param name="conditioned">The whole recording as the front end conditions it.</param>
    public PreparedClip Complete(LoadedClip loaded, float[] conditioned)
    {
        FinalizerPause.LetFinalizersRun();
        // Before the features, by which nobody decodes it again.
        if (loaded.Remarks.Count > 0)
            remarks.Write(loaded.Keys.Content, loaded.Remarks);
        if (loaded.Known.Features is not { } excerpt)
        {
            excerpt = Transform(excerpts.Cut(loaded.Clip, conditioned));
            features.Write(loaded.Keys.Excerpt, excerpt);
        }

        ClipStatistics? recording = loaded.Known.Recording;
        if (NeedsRecordings && recording is null)
        {
            recording = ClipStatistics.Measure(Transform(conditioned));
            statistics.Write(loaded.Keys.Recording, recording.Value);
        }

        return Assemble(loaded, excerpt, recording);
    }

    /// <summary>A clip of which enough is known.</summary>
    public static PreparedClip Assemble(LoadedClip loaded) => Assemble(loaded, loaded.Known.Features!, loaded.Known.Recording);

    private static PreparedClip Assemble(LoadedClip loaded, ClipFeatures excerpt, ClipStatistics? recording) =>
        new(loaded.Clip, loaded.Keys.Excerpt, excerpt, recording ?? ClipStatistics.Measure(excerpt));

    // One clip a call, though a front end takes batches: rounding may depend on the batch, and which clips are cached must change nothing.
    private ClipFeatures Transform(float[] samples)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        Tensor excerpt = tensor(samples).unsqueeze(0);
        Tensor lent = Lent.Copy(excerpt);
        Tensor transformed = frontEnd.Transform(lent);
        Lent.RequireUnspoiled("the front end", "the waveform", lent, excerpt);
        if (transformed.dtype != float32 || transformed.shape is not [1, >= 1, >= 1])
            throw new UserErrorException(
                $"the front end returned {transformed.dtype} [{string.Join(", ", transformed.shape)}] for one clip; expected Float32 [1, "
                    + $"frames, bands]."
            );
        float[] values = transformed.contiguous().data<float>().ToArray();
        if (Array.Exists(values, v => !float.IsFinite(v)))
            throw new UserErrorException("the front end returned features that are not finite.");
        return new ClipFeatures((int)transformed.shape[1], (int)transformed.shape[2], values);
    }
}
