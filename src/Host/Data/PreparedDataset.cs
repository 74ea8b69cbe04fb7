using System.Globalization;
using static TorchSharp.torch;

namespace MerBench.Host.Data;

/// <summary>One clip with its features before standardisation.</summary>
/// <param name="Statistics">Those of its features that may standardise: of the excerpt or of the full recording.</param>
internal sealed record PreparedClip(Clip Clip, string Key, ClipFeatures Features, ClipStatistics Statistics);

/// <summary>That a dataset's clips are judged by models of another one.</summary>
/// <param name="Own">The dataset that they were trained on, by which features are standardised.</param>
/// <param name="Labels">The places of the emotions among what they predict, ascending.</param>
internal sealed record JudgedElsewhere(PreparedDataset Own, IReadOnlyList<int> Labels);

/// <summary>A dataset as models read it. Tensors live on the CPU, outside of every dispose scope, until this is disposed.</summary>
public sealed class PreparedDataset : IDisposable
{
    private readonly Dictionary<Split, PreparedSplit> _splits = [];
    private readonly IFrontEnd _frontEnd;
    private readonly IReadOnlyList<int>? _labels;
    private readonly ExcerptReader _excerpts;

    internal PreparedDataset(
        DatasetContent content,
        IFrontEnd frontEnd,
        Preparation preparation,
        IReadOnlyList<PreparedClip> clips,
        ExcerptReader excerpts,
        JudgedElsewhere? elsewhere = null
    )
    {
        _labels = elsewhere?.Labels;
        (Emotions, Concepts, Preparation, _frontEnd, _excerpts) = (content.Emotions, content.Concepts, preparation, frontEnd, excerpts);
        Alignment = new CurveAlignment(
            CurveExcerpt.FindMoments([.. clips.Select(c => c.Clip)], preparation.ExcerptSeconds),
            preparation.ExcerptSeconds
        );
        FeatureShape = [clips[0].Features.Frames, clips[0].Features.Bands];
        (Mean, StandardDeviation) = elsewhere is { Own: { } own } ? (own.Mean, own.StandardDeviation) : Gather(clips, preparation);
        Fingerprint = FingerprintOf(content, preparation, clips);
        foreach (Split split in Enum.GetValues<Split>())
            _splits.Add(split, new PreparedSplit([.. clips.Where(c => c.Clip.Split == split)], this));
    }

    public LabelSpace Emotions { get; }

    public LabelSpace? Concepts { get; }

    public Preparation Preparation { get; }

    /// <summary>The moments of each excerpt that are rated; null where clips are rated as wholes.</summary>
    public RatedMoments? Moments => Alignment.Moments;

    /// <summary>From what models predict to those moments.</summary>
    internal CurveAlignment Alignment { get; }

    /// <summary>Whether its clips are of another dataset than the one that models were trained on.</summary>
    internal bool IsElsewhere => _labels is not null;

    /// <summary>What models predict, as the dataset rates it: its emotions at its moments.</summary>
    internal ModelOutput Read(ModelOutput predicted) => Alignment.Align(_labels is null ? predicted : SelectLabels(predicted, _labels));

    // What is predicted is a model's to say, and so is its shape.
    private static ModelOutput SelectLabels(ModelOutput predicted, IReadOnlyList<int> labels)
    {
        return labels[^1] < predicted.Emotion.shape[^1]
            ? predicted with
            {
                Emotion = Choose(predicted.Emotion),
                Curve = predicted.Curve is { } curve ? Choose(curve) : null,
                Spread = predicted.Spread is { } spread ? Choose(spread) : null,
            }
            : predicted;

        Tensor Choose(Tensor all) => all.index_select(-1, tensor(labels.Select(l => (long)l).ToArray(), device: all.device));
    }

    /// <summary>What somebody should know of recordings that are used.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>Frames and bands of one clip.</summary>
    public IReadOnlyList<long> FeatureShape { get; }

    /// <summary>Samples of one clip's excerpt.</summary>
    public int WaveformLength => _excerpts.Length;

    public int SampleRate => _frontEnd.SampleRate;

    /// <summary>Mean of the features that standardise, over clips, frames and bands.</summary>
    public double Mean { get; }

    /// <summary>Their standard deviation.</summary>
    public double StandardDeviation { get; }

    /// <summary>SHA-256 of all that results depend on: audio, front end, excerpts, ratings, splits, standardisation.</summary>
    public string Fingerprint { get; }

    /// <summary>The clips of a split in the dataset's order, which is the order of rows in every tensor.</summary>
    public IReadOnlyList<Clip> Clips(Split split) => _splits[split].Clips;

    /// <summary>Standardised features <c>[B, T, F]</c> of a split; owned by this object.</summary>
    public LabelledClips Features(Split split) => _splits[split].Features;

    /// <summary>Excerpts <c>[B, N]</c> in <c>[-1, 1]</c>; owned by this object. Decoded when first asked for.</summary>
    /// <exception cref="UserErrorException">A recording changed or went away since preparation.</exception>
    public LabelledClips Waveforms(Split split, CancellationToken cancel = default) => _splits[split].Waveforms(_excerpts, cancel);

    /// <summary>The excerpt of one clip, by its place in the split; only its recording is read.</summary>
    /// <exception cref="UserErrorException">The recording changed or went away since preparation.</exception>
    public float[] Waveform(Split split, int clip, CancellationToken cancel = default) => _splits[split].Waveform(_excerpts, clip, cancel);

    /// <summary>A split's inputs in a domain.</summary>
    public LabelledClips Inputs(Split split, Domain domain, CancellationToken cancel = default) =>
        domain == Domain.Features ? Features(split) : Waveforms(split, cancel);

    /// <summary>Features of the front end to features that models read.</summary>
    public Tensor Standardise(Tensor features) => (features - Mean) / StandardDeviation;

    /// <summary>Waveform <c>[B, N]</c> to standardised features <c>[B, T, F]</c>, differentiable.</summary>
    public Tensor FromWaveform(Tensor waveform)
    {
        using var scope = NewDisposeScope();
        return Standardise(_frontEnd.Transform(waveform)).MoveToOuterDisposeScope();
    }

    /// <summary>Disposes all tensors that were handed out; not the front end.</summary>
    public void Dispose()
    {
        foreach (PreparedSplit split in _splits.Values)
            split.Dispose();
    }

    private static (double Mean, double StandardDeviation) Gather(IReadOnlyList<PreparedClip> clips, Preparation preparation)
    {
        (double mean, double deviation) = FeatureStatistics.Gather(
            [.. clips.Where(c => preparation.StandardiseOnAllClips || c.Clip.Split == Split.Train).Select(c => c.Statistics)],
            preparation.StandardiseFrom
        );
        return deviation > 0
            ? (mean, deviation)
            : throw new UserErrorException(
                "The dataset cannot be used: all features of the clips that standardise it are equal; are the recordings silent?"
            );
    }

    private static string FingerprintOf(DatasetContent content, Preparation preparation, IEnumerable<PreparedClip> clips)
    {
        return ContentKey.Compute([
            "prepared/1",
            content.Fingerprint,
            preparation.StandardiseOnAllClips.ToString(),
            .. preparation.StandardiseFrom == StandardisationSource.Excerpts ? [] : (string[])[preparation.StandardiseFrom.ToString()],
            .. Describe(content.Emotions),
            .. content.Concepts is { } concepts ? Describe(concepts) : [],
            .. clips.SelectMany(c =>
                (string[])
                    [c.Clip.Id, c.Clip.Split.ToString(), c.Key, Ratings(c.Clip.Emotion), Ratings(c.Clip.Concepts ?? []), .. Curve(c.Clip)]
            ),
        ]);

        static string[] Describe(LabelSpace space) => [string.Join('\n', space.Names), Number(space.Minimum), Number(space.Maximum)];
        static string Ratings(float[] ratings) => string.Join(' ', ratings.Select(r => Number(r)));
        static string[] Curve(Clip clip) =>
            clip.EmotionCurve is { } curve ? [Number(curve.StartSeconds), Number(curve.HopSeconds), .. curve.Ratings.Select(Ratings)] : [];
        static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
    }
}
