using static TorchSharp.torch;

namespace MerBench.Host.Data;

/// <summary>One split's tensors.</summary>
internal sealed class PreparedSplit : IDisposable
{
    private readonly IReadOnlyDictionary<string, string> _keys;
    private Tensor? _waveforms;

    public PreparedSplit(IReadOnlyList<PreparedClip> clips, PreparedDataset dataset)
    {
        _keys = clips.ToDictionary(c => c.Clip.Id, c => c.Key, StringComparer.Ordinal);
        Clips = [.. clips.Select(c => c.Clip)];
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        Tensor features = dataset.Standardise(Rows([.. clips.Select(c => c.Features.Values)], [.. dataset.FeatureShape]));
        Tensor emotion = Rows([.. Clips.Select(c => c.Emotion)], [dataset.Emotions.Count]);
        Tensor? concepts = dataset.Concepts is { } space ? Rows([.. Clips.Select(c => c.Concepts!)], [space.Count]) : null;
        Tensor? curve = dataset.Moments is { } moments
            ? Rows(
                [.. Clips.Select(c => (float[])[.. c.EmotionCurve!.Ratings.SelectMany(r => r)])],
                [moments.Count, dataset.Emotions.Count]
            )
            : null;
        Features = new LabelledClips(
            features.DetachFromDisposeScope(),
            emotion.DetachFromDisposeScope(),
            concepts?.DetachFromDisposeScope()
        )
        {
            Curve = curve?.DetachFromDisposeScope(),
        };
    }

    public IReadOnlyList<Clip> Clips { get; }

    public LabelledClips Features { get; }

    public LabelledClips Waveforms(ExcerptReader excerpts, CancellationToken cancel)
    {
        _waveforms ??= Read(excerpts, cancel);
        return Features with { Input = _waveforms };
    }

    /// <summary>One clip's excerpt; only its recording is read.</summary>
    public float[] Waveform(ExcerptReader excerpts, int clip, CancellationToken cancel)
    {
        if (_waveforms is null)
            return Excerpts(excerpts, [Clips[clip]], cancel)[0];
        using var scope = NewDisposeScope();
        return _waveforms[clip].data<float>().ToArray();
    }

    public void Dispose()
    {
        Features.Input.Dispose();
        Features.Emotion.Dispose();
        Features.Concepts?.Dispose();
        Features.Curve?.Dispose();
        _waveforms?.Dispose();
    }

    private Tensor Read(ExcerptReader excerpts, CancellationToken cancel)
    {
        IReadOnlyList<float[]> rows = Excerpts(excerpts, Clips, cancel);
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        return Rows(rows, [excerpts.Length]).DetachFromDisposeScope();
    }

    private List<float[]> Excerpts(ExcerptReader excerpts, IReadOnlyList<Clip> clips, CancellationToken cancel)
    {
        var problems = new ProblemList();
        var rows = new List<float[]>(clips.Count);
        excerpts.ForEach(clips, static _ => default, Use, problems, cancel);
        problems.ThrowIfAny();
        return rows;

        void Use(LoadedClip loaded)
        {
            if (loaded.Keys.Excerpt != _keys[loaded.Clip.Id])
                problems.Add(loaded.Clip, "its audio changed since the run began; run again.");
            else if (excerpts.Condition(loaded.Clip, loaded.Pcm, problems) is { } samples)
                rows.Add(excerpts.Cut(loaded.Clip, samples));
        }
    }

    // Filled a row at a time, because an array of all rows may be larger than .NET allows.
    private static Tensor Rows(IReadOnlyList<float[]> rows, long[] shape)
    {
        Tensor all = zeros([rows.Count, .. shape]);
        for (int i = 0; i < rows.Count; i++)
        {
            using var scope = NewDisposeScope();
            all[i].copy_(tensor(rows[i], shape));
        }

        return all;
    }
}
