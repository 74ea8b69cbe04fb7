using static TorchSharp.torch;

namespace MerBench.Models.Vgg;

/// <summary>How one direction of a convolution is computed.</summary>
internal enum ConvolutionAlgorithm
{
    /// <summary>By libtorch, in the form's precision.</summary>
    Direct,

    /// <summary>By Winograd's filtering, in float32.</summary>
    Tiles,

    /// <summary>By Winograd's filtering, with products of matrices in bfloat16; for gradients.</summary>
    Bf16Tiles,

    /// <summary>As a product of matrices of patches, in float32.</summary>
    Patches,
}

/// <summary>How a layer is computed forward, and back to its input.</summary>
internal readonly record struct LayerAlgorithms(ConvolutionAlgorithm Forward, ConvolutionAlgorithm Backward)
{
    /// <summary>
    /// What is taken where nothing was measured: tiles where channels are enough for transforms to take less than they spare. Direct
    /// convolutions are faster in bfloat16.
    /// </summary>
    public static LayerAlgorithms ByRule(Tensor weight, ScalarType type)
    {
        int fewest = type switch
        {
            ScalarType.Float32 => 32,
            ScalarType.BFloat16 => 128,
            _ => int.MaxValue,
        };
        bool isTiled = WinogradConvolution.Fits(weight) && Math.Min(weight.shape[0], weight.shape[1]) >= fewest;
        if (!isTiled)
            return new(ConvolutionAlgorithm.Direct, ConvolutionAlgorithm.Direct);
        return new(ConvolutionAlgorithm.Tiles, type == ScalarType.BFloat16 ? ConvolutionAlgorithm.Bf16Tiles : ConvolutionAlgorithm.Tiles);
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string text, out LayerAlgorithms algorithms)
    {
        algorithms = default;
        if (text.Split('/') is not [var forward, var backward])
            return false;
        bool isRead = Enum.TryParse(forward, out ConvolutionAlgorithm there) & Enum.TryParse(backward, out ConvolutionAlgorithm back);
        algorithms = new(there, back);
        return isRead && Enum.IsDefined(there) && Enum.IsDefined(back);
    }

    /// <summary>Such as <c>Direct/Tiles</c>.</summary>
    public override string ToString() => $"{Forward}/{Backward}";
}

/// <summary>Makes convolutions of a form's precision.</summary>
/// <param name="Type">Of the form.</param>
/// <param name="Blocks">Of direct convolutions.</param>
internal sealed record ConvolutionMaker(ScalarType Type, ChannelBlocks Blocks)
{
    public IConvolution Make(ConvolutionAlgorithm algorithm, Tensor filters) =>
        algorithm switch
        {
            ConvolutionAlgorithm.Direct => new DirectConvolution(filters, Type, Blocks),
            ConvolutionAlgorithm.Tiles => new WinogradConvolution(filters, ScalarType.Float32),
            ConvolutionAlgorithm.Bf16Tiles => new WinogradConvolution(filters, ScalarType.BFloat16),
            _ => new PatchConvolution(filters),
        };
}
