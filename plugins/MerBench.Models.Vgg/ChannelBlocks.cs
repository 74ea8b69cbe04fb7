using System.Runtime.Intrinsics.X86;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MerBench.Models.Vgg;

/// <summary>
/// Fills the channels of convolutions up to whole blocks with zeros: the same function and the same gradients. With AVX-512, oneDNN
/// computes in blocks of 16 channels, and the version that libtorch 2.10 bundles (3.7.1) leaves what was in memory in the rest of the last
/// block: gradients, and at some sizes predictions, are wrong by tens of percent or NaN. A single input channel is not computed in blocks
/// and stays.
/// </summary>
/// <param name="Size">Channels a block; 1 fills nothing.</param>
internal readonly record struct ChannelBlocks(int Size)
{
    /// <summary>What oneDNN needs on this processor.</summary>
    public static ChannelBlocks OfThisProcessor { get; } = new(Avx512F.IsSupported ? 16 : 1);

    /// <summary>Channels of whole blocks.</summary>
    public long Fill(long channels) => (channels + Size - 1) / Size * Size;

    /// <summary>Zero filters and zero inputs for what filters <c>[K, C, k, k]</c> lack; differentiable.</summary>
    public Tensor FillFilters(Tensor filters)
    {
        (long outputs, long inputs) = (filters.shape[0], filters.shape[1]);
        long moreInputs = inputs == 1 ? 0 : Fill(inputs) - inputs,
            moreOutputs = Fill(outputs) - outputs;
        return (moreInputs, moreOutputs) == (0, 0) ? filters : functional.pad(filters, [0, 0, 0, 0, 0, moreInputs, 0, moreOutputs]);
    }

    /// <summary>Zeros for the channels that lack in the last dimension; differentiable.</summary>
    public Tensor FillLast(Tensor values)
    {
        long lacking = Fill(values.shape[^1]) - values.shape[^1];
        return lacking == 0 ? values : functional.pad(values, [0, lacking]);
    }

    /// <summary>
    /// Whether a convolution of maps <c>[B, C, H, W]</c> is to be computed as it is: its channels fill blocks, or are not computed in
    /// blocks.
    /// </summary>
    public bool AreWhole(Conv2d convolution, Tensor map)
    {
        (long inputs, long outputs) = (convolution.in_channels, convolution.out_channels);
        return map.device_type != TorchSharp.DeviceType.CPU || ((inputs == 1 || Fill(inputs) == inputs) && Fill(outputs) == outputs);
    }

    /// <summary>What the convolution makes of maps <c>[B, C, H, W]</c>, with its channels filled up; differentiable.</summary>
    public Tensor Convolve(Conv2d convolution, Tensor map)
    {
        long inputs = convolution.in_channels;
        Tensor filled = inputs == 1 ? map : functional.pad(map, [0, 0, 0, 0, 0, Fill(inputs) - inputs]);
        (long[] stride, long[] padding) = ([.. convolution.stride], [.. convolution.padding!]);
        return functional
            .conv2d(filled, FillFilters(convolution.weight!), FillLast(convolution.bias!), stride, padding)
            .narrow(1, 0, convolution.out_channels);
    }
}
