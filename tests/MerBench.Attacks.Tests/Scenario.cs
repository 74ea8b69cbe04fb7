using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient.Tests;

/// <summary>Builds the contexts of these tests: one emotion, to be raised, computed from the input by a given function.</summary>
internal static class Scenario
{
    private static readonly LabelSpace OneEmotion = new(["valence"]);

    /// <summary>A context whose objective is <paramref name="value"/> (<c>[B, ...]</c> to <c>[B]</c>); clip i draws from the stream named
    /// by its id.</summary>
    public static AttackContext Raising(
        Func<Tensor, Tensor> value,
        Tensor input,
        Budget? budget,
        Box? box = null,
        string[]? ids = null,
        IProgress<double>? progress = null,
        Domain domain = Domain.Features,
        int sampleRate = 0,
        Func<string, Func<Tensor, ModelOutput>>? surrogates = null
    )
    {
        ids ??= [.. Enumerable.Range(0, (int)input.shape[0]).Select(i => $"clip {i}")];
        return new AttackContext(
            x => new ModelOutput(value(x).unsqueeze(1)),
            input,
            zeros(input.shape[0], 1),
            Objective.Parse("+valence", OneEmotion),
            [.. ids.Select(id => RandomStream.For("scenario", id))]
        )
        {
            Budget = budget,
            Box = box,
            Emotions = OneEmotion,
            Progress = progress,
            Domain = domain,
            SampleRate = sampleRate,
            Surrogates = surrogates,
        };
    }

    public static Func<Tensor, Tensor> Linear(Tensor weights) => x => (x * weights).flatten(1).sum(1);

    /// <summary>A small fixed two-layer network with a bumpy response, made of row-wise operations only.</summary>
    public static Func<Tensor, Tensor> Nonlinear(long size)
    {
        manual_seed(7);
        Tensor first = randn(12, size) / Math.Sqrt(size) * 3,
            second = randn(12);
        return x => ((x.flatten(1).unsqueeze(1) * first).sum(2).sin() * second).sum(1);
    }

    public static float[] Floats(Tensor tensor) => tensor.contiguous().data<float>().ToArray();
}
