using System.Globalization;

namespace MerBench.Host.Data;

/// <summary>A clip whose features are known or, where they are not, whose recording is read.</summary>
/// <param name="Key">Identifies the features by all that goes into them.</param>
internal sealed record LoadedClip(Clip Clip, string Key, ClipFeatures? Features, short[]? Pcm);

/// <summary>From a clip to the excerpt that a front end transforms.</summary>
internal sealed class ExcerptReader(RecordingReader recordings, IFrontEnd frontEnd, string frontEndKey, Preparation preparation)
{
    /// <summary>Clips that are decoded before the calling thread goes on with them.</summary>
    private const int SideBySide = 16;

    public int Length { get; } = Math.Max(1, (int)Math.Round(preparation.ExcerptSeconds * frontEnd.SampleRate));

    /// <summary>
    /// Hands each clip, in order and on the calling thread, to <paramref name="use"/>. Recordings are not decoded where
    /// <paramref name="find"/> knows the features of a key; it is called from several threads. Problems with clips are collected.
    /// </summary>
    public void ForEach(
        IReadOnlyList<Clip> clips, Func<string, ClipFeatures?> find, Action<LoadedClip> use, ProblemList problems, CancellationToken cancel)
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
                    if (loaded[i].Failure is { } failure) problems.Add(chunks[chunk][i], failure);
                    else use(loaded[i].Clip!);
                }
            }
        }
        finally
        {
            stop.Cancel();
            next?.ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Wait(CancellationToken.None);
        }
    }

    private async Task<Loaded[]> LoadAsync(Clip[] together, Func<string, ClipFeatures?> find, CancellationToken cancel)
    {
        var loaded = new Loaded[together.Length];
        var options = new ParallelOptions { CancellationToken = cancel, MaxDegreeOfParallelism = Environment.ProcessorCount };
        await Parallel.ForAsync(0, together.Length, options, async (i, c) =>
        {
            try
            {
                loaded[i] = new Loaded(await LoadAsync(together[i], find, c), null);
            }
            catch (UserErrorException e) when (e.ExitCode == 3)
            {
                loaded[i] = new Loaded(null, e.Message);
            }
        });
        return loaded;
    }

    private readonly record struct Loaded(LoadedClip? Clip, string? Failure);

    /// <summary>Conditions a recording and cuts the excerpt; null and a problem where that is not possible.</summary>
    public float[]? Cut(Clip clip, ReadOnlySpan<short> pcm, ProblemList problems)
    {
        float[] samples = frontEnd.Condition(pcm);
        string file = clip.Audio is AudioSource.File f ? f.Path + ": " : "";
        double seconds = (double)samples.Length / frontEnd.SampleRate;
        if (samples.Length == 0 || seconds < preparation.MinimumSeconds)
        {
            problems.Add(clip, string.Create(CultureInfo.InvariantCulture,
                $"{file}too short: {seconds:0.###} s of sound in {(double)pcm.Length / frontEnd.SampleRate:0.###} s of audio, at least {preparation.MinimumSeconds} s are needed."));
            return null;
        }

        if (Array.Exists(samples, s => !(Math.Abs(s) <= 1)))
        {
            problems.Add(clip, $"{file}the front end's conditioning returned samples outside of -1 to 1.");
            return null;
        }

        return Excerpt.Cut(samples, Length, preparation.Placement, clip.Id);
    }

    private async Task<LoadedClip> LoadAsync(Clip clip, Func<string, ClipFeatures?> find, CancellationToken cancel)
    {
        ClipFeatures? known = null;
        Recording recording = await recordings.ReadAsync(
            clip.Audio, frontEnd.SampleRate, hash => (known = find(KeyOf(clip, hash))) is null, cancel);
        return new LoadedClip(clip, KeyOf(clip, recording.ContentHash), known, recording.Pcm);
    }

    /// <summary>Identifies the features of an excerpt by all that goes into them.</summary>
    private string KeyOf(Clip clip, string contentHash) => ContentKey.Of(
        "features/1",
        frontEndKey,
        frontEnd.SampleRate.ToString(CultureInfo.InvariantCulture),
        preparation.ExcerptSeconds.ToString("R", CultureInfo.InvariantCulture),
        preparation.MinimumSeconds.ToString("R", CultureInfo.InvariantCulture),
        preparation.Placement.ToString(),
        preparation.Placement == ExcerptPlacement.Random ? clip.Id : "",
        clip.Audio is AudioSource.File ? "file" : "samples",
        contentHash);
}
