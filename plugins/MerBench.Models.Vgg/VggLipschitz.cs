using static TorchSharp.torch;

namespace MerBench.Models.Vgg;

/// <summary>
/// How fast the network's predictions can change at most: the product of its layers' norms, in evaluation mode with batch norm folded.
/// ReLU, dropout and poolings of separate squares have norm 1, the mean of n places 1 / sqrt(n), and what a linear layer makes of it the
/// length of its weights. Sound, and loose: no input stretches all layers at once.
/// </summary>
internal static class VggLipschitz
{
    /// <summary>Constants of each emotion, for the features as they are.</summary>
    public static IReadOnlyDictionary<Norm, IReadOnlyList<double>> Compute(VggNetwork network, long frames, long bands)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        double product = 1;
        (long height, long width) = (frames, bands);
        foreach (FoldedConvolution? layer in FrozenVgg.Fold(network, frames, bands))
        {
            (height, width) = layer?.OutputSize ?? (height / 2, width / 2);
            product *= layer is null ? 1 : ConvolutionNorm.BoundAbove(layer.Weight);
        }

        Tensor head = network.Emotion.weight!.to(float64);
        if (network.Units is { } units)
            head = head.mm(units.weight!.to(float64));
        double[] l2 = (head.norm(1) * (product / Math.Sqrt(height * width))).cpu().data<double>().ToArray();
        double[] linf = [.. l2.Select(slope => slope * Math.Sqrt(frames * bands))];
        return new Dictionary<Norm, IReadOnlyList<double>> { [Norm.L2] = l2, [Norm.Linf] = linf };
    }
}
