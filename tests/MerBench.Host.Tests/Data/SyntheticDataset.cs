using static TorchSharp.torch;

namespace MerBench.Tests.Data;

/// <summary>A dataset of rendered noise, and a front end that is a line of torch.</summary>
internal static class SyntheticDataset
{
    public const int SampleRate = 1000;

    public static Preparation HalfSecond { get; } = new(ExcerptSeconds: 0.5, MinimumSeconds: 0.1);

    public static LabelSpace Emotions { get; } = new(["valence", "energy"]);

    public static DatasetContent Content(params Clip[] clips) => new(Emotions, null, clips, HalfSecond, "fingerprint");

    public static Clip Clip(string id, Split split, int length = 800, double level = 0.5) =>
        new(id, split, new AudioSource.Rendered(_ => Sounds.Noise(length, id, level)), [0.25f, 0.75f], null, $"ratings.csv, row of {id}");

    public static Clip[] Clips() =>
        [
            Clip("a", Split.Train),
            Clip("b", Split.Test, level: 0.9),
            Clip("c", Split.Train),
            Clip("d", Split.Validation),
            Clip("e", Split.Train, level: 0.1),
        ];
}

/// <summary>Ten samples a frame: <c>[B, N]</c> to <c>[B, N / 10, 10]</c>, tripled.</summary>
internal sealed class TripleFrontEnd : IFrontEnd
{
    public int Transforms { get; private set; }

    public int SampleRate => SyntheticDataset.SampleRate;

    public float[] Condition(ReadOnlySpan<short> pcm) => [.. pcm.ToArray().Select(s => s / 32768f)];

    public Tensor Transform(Tensor waveform)
    {
        Transforms++;
        return (3 * waveform).reshape(waveform.shape[0], -1, 10);
    }
}
