using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MerBench.Models.Vgg;

/// <summary>A part of the trunk with fixed weights, from maps <c>[B, H, W, C]</c> to maps.</summary>
internal interface IFrozenLayer : IDisposable
{
    Tensor Apply(Tensor map);
}

/// <summary>
/// A convolution of one input channel, with ReLU, as a product of matrices, whose gradient to the input takes a third of the time of the convolution's own. In float32 in any case: it is a 200th of the work.
/// </summary>
internal sealed class PatchConvolution(Tensor weight, Tensor bias, long stride, long padding) : IFrozenLayer
{
    private readonly long _kernel = weight.shape[2];
    private readonly Tensor _weight = weight.detach().flatten(1).clone().DetachFromDisposeScope(), _bias = bias.detach().clone().DetachFromDisposeScope();

    public Tensor Apply(Tensor map)
    {
        long rows = ((map.shape[1] + (2 * padding) - _kernel) / stride) + 1, columns = ((map.shape[2] + (2 * padding) - _kernel) / stride) + 1;
        Tensor patches = functional.unfold(map.permute(0, 3, 1, 2), _kernel, padding: padding, stride: stride);
        return functional.linear(patches.transpose(1, 2), _weight, _bias).relu_().reshape(map.shape[0], rows, columns, -1);
    }

    public void Dispose()
    {
        _weight.Dispose();
        _bias.Dispose();
    }
}

/// <summary>Any convolution, with ReLU, by torch. Weights lie channels-last, as the maps do: poolings are fastest so, and convolutions no slower.</summary>
internal sealed class DirectConvolution(Tensor weight, Tensor bias, long stride, long padding, ScalarType type) : IFrozenLayer
{
    private readonly Tensor _weight = weight.detach().to(type).permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2).DetachFromDisposeScope(), _bias = bias.detach().to(type, copy: true).DetachFromDisposeScope();

    public Tensor Apply(Tensor map) => functional.conv2d(map.to(type).permute(0, 3, 1, 2), _weight, _bias, [stride, stride], [padding, padding]).relu_().permute(0, 2, 3, 1);

    public void Dispose()
    {
        _weight.Dispose();
        _bias.Dispose();
    }
}

/// <summary>The largest of each 2 x 2 values.</summary>
internal sealed class Pooling : IFrozenLayer
{
    public Tensor Apply(Tensor map) => functional.max_pool2d(map.permute(0, 3, 1, 2), [2, 2], [2, 2]).permute(0, 2, 3, 1);

    public void Dispose() { }
}
