using static TorchSharp.torch;

namespace MerBench.Host.Data;

/// <summary>Brings predictions over time to the moments that a dataset rates, differentiably: by linear interpolation between the middles
/// of frames, and the first or last frame beyond them.</summary>
/// <param name="moments">Null where the dataset rates clips as wholes; predictions over time are then averaged.</param>
/// <param name="excerptSeconds">Length of what a model hears.</param>
internal sealed class CurveAlignment(RatedMoments? moments, double excerptSeconds)
{
    private const int DimensionsOverTime = 3;

    /// <summary>For predictions of clips as wholes.</summary>
    public static CurveAlignment None { get; } = new(null, 1);

    /// <summary>The moments; null where clips are rated as wholes.</summary>
    public RatedMoments? Moments => moments;

    /// <summary>Whether a model predicts over time.</summary>
    public static bool IsOverTime(ModelOutput output) => output.Emotion.dim() == DimensionsOverTime;

    /// <summary>Emotions <c>[B, E]</c>, the mean over moments, and their curve <c>[B, K, E]</c> where the dataset has one.</summary>
    public ModelOutput Align(ModelOutput output)
    {
        if (!IsOverTime(output) || output.Emotion.shape[1] == 0)
            return moments is null || output.Curve is not null
                ? output
                : output with
                {
                    Curve = output.Emotion.unsqueeze(1).expand(-1, moments.Count, -1),
                };
        if (moments is null)
            return output with { Emotion = output.Emotion.mean([1]), HopSeconds = null };
        Tensor curve = Interpolate(output.Emotion, output.HopSeconds ?? excerptSeconds / output.Emotion.shape[1]);
        return output with { Emotion = curve.mean([1]), Curve = curve, HopSeconds = null };
    }

    private Tensor Interpolate(Tensor frames, double hop)
    {
        long last = frames.shape[1] - 1;
        double[] places = [.. Enumerable.Range(0, moments!.Count).Select(k => Math.Clamp((moments.Seconds(k) / hop) - 0.5, 0, last))];
        Tensor before = Index(p => (long)p),
            after = Index(p => Math.Min((long)p + 1, last));
        Tensor share = tensor(places.Select(p => (float)(p - Math.Floor(p))).ToArray(), device: frames.device)
            .to(frames.dtype)
            .view(1, -1, 1);
        Tensor from = frames.index_select(1, before);
        return from + (share * (frames.index_select(1, after) - from));

        Tensor Index(Func<double, long> round) => tensor(places.Select(round).ToArray(), device: frames.device);
    }
}
