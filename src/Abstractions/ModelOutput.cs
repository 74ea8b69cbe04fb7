using static TorchSharp.torch;

namespace MerBench;

/// <summary>What a model predicts for a batch.</summary>
/// <param name="Emotion">Emotions <c>[B, E]</c>, in the order and units of the dataset's label space; or, of a model that predicts over
/// time, <c>[B, T, E]</c>, frames evenly spread over the input (see <see cref="HopSeconds"/>). Attacks and objectives always get
/// <c>[B, E]</c>: the host takes the mean over time.</param>
/// <param name="Concepts">Concepts <c>[B, C]</c> of a bottleneck model, or null.</param>
public sealed record ModelOutput(Tensor Emotion, Tensor? Concepts = null)
{
    /// <summary>Of a model that predicts over time: seconds from the middle of one frame to the middle of the next, the first one half a
    /// hop after the input's beginning. Null where the frames share the input's length evenly.</summary>
    public double? HopSeconds { get; init; }

    /// <summary>Emotions <c>[B, K, E]</c> at the moments that the dataset rates, interpolated by the host from a prediction over time (one
    /// that does not move for a model without time); null where the dataset rates no moments. Models leave it alone.</summary>
    public Tensor? Curve { get; init; }

    /// <summary>Of a model that says how sure it is: the standard deviation that it predicts beside each emotion, <c>[B, E]</c>, above 0,
    /// in rating units. Null for models that predict none.</summary>
    public Tensor? Spread { get; init; }

    /// <summary>The same clips in another order, or some of them.</summary>
    /// <param name="rows">Their rows.</param>
    public ModelOutput Select(IReadOnlyList<int> rows)
    {
        return Map(all => all.index_select(0, tensor(rows.Select(r => (long)r).ToArray(), device: all.device)));
    }

    /// <summary>Several predictions as one: of emotions, and of concepts and curves where all have them.</summary>
    /// <param name="outputs">At least one.</param>
    /// <param name="combine">From the same part of each to one.</param>
    public static ModelOutput Combine(IReadOnlyList<ModelOutput> outputs, Func<Tensor[], Tensor> combine)
    {
        return new ModelOutput(combine([.. outputs.Select(o => o.Emotion)]), Part(o => o.Concepts))
        {
            Curve = Part(o => o.Curve),
            Spread = Part(o => o.Spread),
        };

        Tensor? Part(Func<ModelOutput, Tensor?> part) =>
            outputs.All(o => part(o) is not null) ? combine([.. outputs.Select(o => part(o)!)]) : null;
    }

    /// <summary>The same with each tensor replaced.</summary>
    /// <param name="map">From a tensor <c>[B, ...]</c> to another.</param>
    public ModelOutput Map(Func<Tensor, Tensor> map) =>
        this with
        {
            Emotion = map(Emotion),
            Concepts = Concepts is null ? null : map(Concepts),
            Curve = Curve is null ? null : map(Curve),
            Spread = Spread is null ? null : map(Spread),
        };
}
