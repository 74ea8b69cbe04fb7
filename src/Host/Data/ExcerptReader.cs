using System.Globalization;
using MerBench.Host.Plugins;

namespace MerBench.Host.Data;

/// <summary>What identifies a clip's features by all that goes into them.</summary>
/// <param name="Excerpt">Of the features of its excerpt.</param>
/// <param name="Recording">Of the statistics of its full recording.</param>
/// <param name="Content">Of the recording itself.</param>
internal sealed record ClipKeys(string Excerpt, string Recording, string Content);

/// <summary>What is known of a clip before its recording is decoded.</summary>
/// <param name="IsEnough">Whether the recording need not be decoded.</param>
/// <param name="Remarks">What was noticed when it was decoded; null where nobody knows.</param>
internal readonly record struct KnownClip(
    ClipFeatures? Features,
    ClipStatistics? Recording,
    bool IsEnough,
    IReadOnlyList<string>? Remarks = null
);

/// <summary>A clip of which enough is known or, where it is not, whose recording is read.</summary>
/// <param name="Remarks">What somebody should know of the recording.</param>
internal sealed record LoadedClip(Clip Clip, ClipKeys Keys, KnownClip Known, short[]? Pcm, IReadOnlyList<string> Remarks);

/// <summary>From a clip to the excerpt that a front end transforms.</summary>
internal sealed class ExcerptReader(RecordingReader recordings, IFrontEnd frontEnd, string frontEndKey, Preparation preparation)
{
    /// <summary>Clips that are decoded before the calling thread goes on with them.</summary>
    private const int SideBySide = 16;

    // In steps of 16-bit samples.
    private const int Rounding = 4;

    public int Length { get; } = Math.Max(1, (int)Math.Round(preparation.ExcerptSeconds * frontEnd.SampleRate));

    /// <summary>
    /// Hands each clip, in order and on the calling thread, to <paramref name="use"/>. Recordings are not decoded where
    /// <paramref name="find"/> knows enough of a clip; it is called from several threads. Problems with clips are collected.
    /// </summary>
    public void ForEach(
        IReadOnlyList<Clip> clips,
        Func<ClipKeys, KnownClip> find,
        Action<LoadedClip> use,
        ProblemList problems,
        CancellationToken cancel
    )
    {
        // The next clips are decoded while the calling thread uses these; no more, so that memory stays bounded.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Clip[][] chunks = [.. clips.Chunk(SideBySide)];
        Task<Loaded[]>? next = null;
        try
        {
            for (int chunk = 0; chunk < chunks.Length; chunk++)
            {
                Loaded[] loaded = (next ?? LoadAsync(chunks[chunk], find, stop.Token)).GetAwaiter().GetResult();
                next = chunk + 1 < chunks.Length ? LoadAsync(chunks[chunk + 1], find, stop.Token) : null;
                for (int i = 0; i < loaded.Length; i++)
                {
                    cancel.ThrowIfCancellationRequested();
                    if (loaded[i].Failure is { } failure)
                        problems.Add(chunks[chunk][i], failure, DataIssueKind.Unreadable);
                    else
                        use(loaded[i].Clip!);
                }
            }
        }
        finally
        {
            stop.Cancel();
            next?.ContinueWith(
                    static t => t.Exception,
                    CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default
                )
                .Wait(CancellationToken.None);
        }
    }

    private async Task<Loaded[]> LoadAsync(Clip[] together, Func<ClipKeys, KnownClip> find, CancellationToken cancel)
    {
        var loaded = new Loaded[together.Length];
        var options = new ParallelOptions { CancellationToken = cancel, MaxDegreeOfParallelism = Environment.ProcessorCount };
        await Parallel.ForAsync(
            0,
            together.Length,
            options,
            async (i, c) =>
            {
                try
                {
                    loaded[i] = new Loaded(await LoadAsync(together[i], find, c), null);
                }
                catch (UserErrorException e) when (e.Kind == ErrorKind.Input)
                {
                    loaded[i] = new Loaded(null, e.Message);
                }
            }
        );
        return loaded;
    }

    private readonly record struct Loaded(LoadedClip? Clip, string? Failure);

    /// <summary>Conditions a recording; null and a problem where that is not possible.</summary>
    public float[]? Condition(Clip clip, ReadOnlySpan<short> pcm, ProblemList problems)
    {
        string file = clip.Audio is AudioSource.File f ? f.Path + ": " : "";
        if (IsSilent(pcm))
        {
            problems.Add(clip, $"{file}silent: mixed to mono, its samples do not move. Replace it, or leave the clip out.");
            return null;
        }

        float[] samples;
        try
        {
            samples = frontEnd.Condition(pcm);
        }
        catch (Exception e)
        {
            // A plugin's code, which may throw anything.
            problems.Add(clip, $"{file}{PluginFailure.Describe("the front end's conditioning", e)}");
            return null;
        }

        double seconds = (double)samples.Length / frontEnd.SampleRate;
        if (samples.Length == 0 || seconds < preparation.MinimumSeconds)
        {
            problems.Add(
                clip,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{file}too short: {seconds:0.###} s of sound in {(double)pcm.Length / frontEnd.SampleRate:0.###} s of audio, at "
                        + $"least {preparation.MinimumSeconds} s are needed."
                )
            );
            return null;
        }

        if (Array.Exists(samples, s => !(Math.Abs(s) <= 1)))
        {
            problems.Add(clip, $"{file}the front end's conditioning returned samples outside of -1 to 1.");
            return null;
        }

        return clip.EmotionCurve is { } curve ? KeepPlace(clip, curve, pcm, samples, problems) : samples;
    }

    // Channels in opposite phase leave no more than the rounding of a codec.
    private static bool IsSilent(ReadOnlySpan<short> pcm)
    {
        short least = short.MaxValue,
            most = short.MinValue;
        foreach (short sample in pcm)
            (least, most) = (Math.Min(least, sample), Math.Max(most, sample));
        return most - least <= Rounding;
    }

    /// <summary>The excerpt of a recording that is conditioned.</summary>
    public float[] Cut(Clip clip, ReadOnlySpan<float> conditioned) =>
        clip.EmotionCurve is { } curve
            ? Excerpt.CutAt(conditioned, Length, PlaceIn(curve.StartSeconds))
            : Excerpt.Cut(conditioned, Length, preparation.Placement, clip.Id);

    private int PlaceIn(double seconds) => (int)Math.Round(seconds * frontEnd.SampleRate);

    // Ratings over time belong to the recording as it was heard.
    private float[]? KeepPlace(Clip clip, RatedCurve curve, ReadOnlySpan<short> pcm, float[] conditioned, ProblemList problems)
    {
        int lastRated = curve.Ratings.Count - 1;
        while (lastRated > 0 && Array.TrueForAll(curve.Ratings[lastRated], float.IsNaN))
            lastRated--;
        double last = curve.StartSeconds + (lastRated * curve.HopSeconds),
            length = (double)pcm.Length / frontEnd.SampleRate;
        if (PlaceIn(last) >= pcm.Length)
        {
            problems.Add(
                clip,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"it is rated until {last:0.###} s, and its recording ends at {length:0.###} s: is it another one?"
                )
            );
            return null;
        }

        int dropped = pcm.Length - conditioned.Length;
        if (dropped <= 0)
            return conditioned;
        var whole = new float[pcm.Length];
        conditioned.CopyTo(whole, Math.Min(dropped, Math.Max(0, pcm.IndexOfAnyExcept((short)0))));
        return whole;
    }

    private async Task<LoadedClip> LoadAsync(Clip clip, Func<ClipKeys, KnownClip> find, CancellationToken cancel)
    {
        KnownClip known = default;
        Recording recording = await recordings.ReadAsync(
            clip.Audio,
            frontEnd.SampleRate,
            hash => !(known = find(KeysOf(clip, hash))).IsEnough,
            cancel
        );
        IReadOnlyList<string> remarks = known.IsEnough ? known.Remarks ?? [] : recording.Remarks;
        return new LoadedClip(clip, KeysOf(clip, recording.ContentHash), known, recording.Pcm, remarks);
    }

    private ClipKeys KeysOf(Clip clip, string contentHash)
    {
        string rate = frontEnd.SampleRate.ToString(CultureInfo.InvariantCulture),
            kind = clip.Audio is AudioSource.File ? "file" : "samples";
        return new ClipKeys(
            ExcerptKey(clip, contentHash, rate, kind),
            ContentKey.Compute("statistics/1", frontEndKey, rate, kind, contentHash),
            contentHash
        );
    }

    private string ExcerptKey(Clip clip, string contentHash, string rate, string kind) =>
        ContentKey.Compute(
            "features/1",
            frontEndKey,
            rate,
            preparation.ExcerptSeconds.ToString("R", CultureInfo.InvariantCulture),
            preparation.MinimumSeconds.ToString("R", CultureInfo.InvariantCulture),
            preparation.Placement.ToString(),
            clip.EmotionCurve is { } curve ? curve.StartSeconds.ToString("R", CultureInfo.InvariantCulture)
                : preparation.Placement == ExcerptPlacement.Random ? clip.Id
                : "",
            kind,
            contentHash
        );
}
