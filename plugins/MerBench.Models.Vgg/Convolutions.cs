using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MerBench.Models.Vgg;

/// <summary>
/// One direction of a convolution with fixed filters, stride 1 and an edge of zeros that keeps the map's size. Not differentiable.
/// </summary>
internal interface IConvolution : IDisposable
{
    /// <param name="map"><c>[B, H, W, C]</c>, in any format.</param>
    /// <param name="bias">One value a filter, float32, added before a ReLU; null for neither.</param>
    /// <param name="rectified">What a ReLU returned, in the map's shape: where it is zero the map counts as zero. Or null.</param>
    /// <returns><c>[B, H, W, K]</c>.</returns>
    Tensor Apply(Tensor map, Tensor? bias = null, Tensor? rectified = null);
}

/// <summary>By libtorch. Filters lie channels-last, as the maps do: poolings are fastest so, and convolutions no slower.</summary>
/// <param name="filters"><c>[K, C, k, k]</c>.</param>
/// <param name="type">In which it computes, and what it returns.</param>
/// <param name="blocks">Channels are filled up with zeros to whole ones.</param>
internal sealed class DirectConvolution(Tensor filters, ScalarType type, ChannelBlocks blocks) : IConvolution
{
    private readonly long _padding = (filters.shape[2] - 1) / 2,
        _outputs = filters.shape[0];
    private readonly Tensor _filters = blocks.FillFilters(filters.detach()).ToChannelsLast(type).DetachFromDisposeScope();

    public Tensor Apply(Tensor map, Tensor? bias = null, Tensor? rectified = null)
    {
        using var scope = NewDisposeScope();
        Tensor input = map.to(type);
        if (rectified is not null)
            input = rectified.sign().to(type).mul_(input);
        Tensor? filledBias = bias is null ? null : blocks.FillLast(bias).to(type);
        Tensor filled = blocks.FillLast(input).permute(0, 3, 1, 2);
        Tensor output = functional.conv2d(filled, _filters, filledBias, padding: [_padding, _padding]).permute(0, 2, 3, 1);
        if (bias is not null)
            output = output.relu_();
        if (output.shape[3] != _outputs)
            output = output.narrow(3, 0, _outputs);
        return output.MoveToOuterDisposeScope();
    }

    public void Dispose() => _filters.Dispose();
}

/// <summary>
/// As one product of matrices of the map's patches, in float32: where a kernel has one place nothing is copied; else it is slow, and right
/// wherever products of matrices are.
/// </summary>
/// <param name="filters"><c>[K, C, k, k]</c>.</param>
internal sealed class PatchConvolution(Tensor filters) : IConvolution
{
    private readonly long _kernel = filters.shape[2];
    private readonly Tensor _filters = filters
        .detach()
        .to(ScalarType.Float32)
        .permute(0, 2, 3, 1)
        .flatten(1)
        .clone()
        .DetachFromDisposeScope();

    public Tensor Apply(Tensor map, Tensor? bias = null, Tensor? rectified = null)
    {
        using var scope = NewDisposeScope();
        Tensor input = map.to(ScalarType.Float32);
        if (rectified is not null)
            input = rectified.sign().to(ScalarType.Float32).mul_(input);
        Tensor output = functional.linear(_kernel == 1 ? input : Patches(input), _filters, bias);
        return (bias is null ? output : output.relu_()).MoveToOuterDisposeScope();
    }

    private Tensor Patches(Tensor map)
    {
        (long height, long width, long edge) = (map.shape[1], map.shape[2], (_kernel - 1) / 2);
        Tensor padded = functional.pad(map, [0, 0, edge, edge, edge, edge]);
        var places = new List<Tensor>();
        for (long y = 0; y < _kernel; y++)
        {
            for (long x = 0; x < _kernel; x++)
                places.Add(padded.narrow(1, y, height).narrow(2, x, width));
        }

        return cat(places, -1);
    }

    public void Dispose() => _filters.Dispose();
}
