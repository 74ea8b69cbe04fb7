using static TorchSharp.torch;

namespace MerBench.Host.Conformance;

/// <summary>Inputs of the conformance suite: a few small clips with ratings, the same at every call.</summary>
internal static class SampleClips
{
    public const int SampleRate = 22_050;

    public static LabelSpace Emotions { get; } = new(["valence", "energy", "tension"]);

    public static LabelSpace Concepts { get; } = new(["melodiousness", "dissonance"]);

    /// <summary>Standardised features <c>[clips, frames, bands]</c>.</summary>
    public static Tensor Features(int clips, int frames = 125, int bands = 149, Device? device = null) =>
        Normal([clips, frames, bands], "features").to(device ?? CPU);

    /// <summary>Tones with noise at a tenth of full scale <c>[clips, samples]</c>.</summary>
    public static Tensor Waveforms(int clips, int samples = SampleRate, Device? device = null)
    {
        Tensor time = arange(samples, dtype: ScalarType.Float32) / SampleRate,
            pitches = (arange(clips, dtype: ScalarType.Float32) * 110 + 220).unsqueeze(1);
        return ((0.1 * (2 * Math.PI * pitches * time).sin()) + (0.01 * Normal([clips, samples], "waveforms"))).to(device ?? CPU);
    }

    /// <summary>Ratings <c>[clips, labels]</c> within the scale.</summary>
    public static Tensor Ratings(int clips, LabelSpace labels, Device? device = null)
    {
        var values = new float[clips * labels.Count];
        RandomStream.For("conformance", "ratings", labels.Names[0]).FillUniform(values, labels.Minimum, labels.Maximum);
        return tensor(values).reshape(clips, labels.Count).to(device ?? CPU);
    }

    /// <summary>Independent streams, one a clip; the same at every call.</summary>
    public static RandomStream[] Streams(IEnumerable<int> clips) =>
        [.. clips.Select(c => RandomStream.For("conformance", FormattableString.Invariant($"clip {c}")))];

    private static Tensor Normal(long[] shape, string key)
    {
        var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        RandomStream.For("conformance", key).FillNormal(values);
        return tensor(values).reshape(shape);
    }
}
