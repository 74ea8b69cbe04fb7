using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MerBench.Models.Vgg;

/// <summary>
/// A convolution with the batch normalisation that follows it: <c>w' = w g / sqrt(v + eps)</c>,
/// <c>b' = (b - m) g / sqrt(v + eps) + beta</c>.
/// </summary>
/// <param name="Weight"><c>[K, C, k, k]</c>.</param>
/// <param name="Bias">One value a filter.</param>
/// <param name="Height">Rows of the map that it reads.</param>
/// <param name="Width">Columns of the map that it reads.</param>
internal sealed record FoldedConvolution(Tensor Weight, Tensor Bias, long Stride, long Padding, long Height, long Width)
{
    public static FoldedConvolution From(Sequential block, long height, long width)
    {
        var convolution = (Conv2d)block.children().First();
        BatchNorm2d norm = block.children().OfType<BatchNorm2d>().Single();
        Tensor scale = norm.weight! / (norm.running_var! + norm.eps).sqrt();
        Tensor weight = convolution.weight! * scale.reshape(-1, 1, 1, 1);
        Tensor bias = ((convolution.bias! - norm.running_mean!) * scale) + norm.bias!;
        return new(weight.detach(), bias.detach(), convolution.stride[0], convolution.padding![0], height, width);
    }

    /// <summary>Whether it is one input channel that is convolved.</summary>
    public bool IsFirst => Weight.shape[1] == 1;

    /// <summary>Rows and columns of the map that it returns.</summary>
    public (long Height, long Width) OutputSize => (Convolved(Height), Convolved(Width));

    private long Convolved(long side) => ((side + (2 * Padding) - Weight.shape[2]) / Stride) + 1;
}
