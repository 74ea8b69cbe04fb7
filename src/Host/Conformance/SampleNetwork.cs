using static TorchSharp.torch;

namespace MerBench.Host.Conformance;

/// <summary>The model that attacks are tried on, and that models are made of which are made of others. Row-wise products and sums only: a
/// clip's prediction is the same to the last bit in any batch.</summary>
internal static class SampleNetwork
{
    public static ModelOutput Predict(Tensor input)
    {
        Tensor flat = input.flatten(1),
            position = arange(flat.shape[1], dtype: ScalarType.Float32, device: input.device);
        Tensor[] outputs =
        [
            .. Enumerable
                .Range(1, SampleClips.Emotions.Count)
                .Select(i =>
                {
                    Tensor weight = (position * (0.37 * i)).sin();
                    return 0.5 + (0.4 * ((flat * weight).sum(1) / Math.Sqrt(flat.shape[1]) * 2).sin());
                }),
        ];
        return new ModelOutput(stack(outputs, 1));
    }

    /// <summary>It, as a part of other models.</summary>
    public static ModelPart AsPart() => new("sample", Domain.Features, _ => Predict, (_, _) => Predict);
}
