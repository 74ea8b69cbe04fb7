using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MerBench.Models.Vgg;

/// <summary>A part of the trunk with fixed weights, from maps <c>[B, H, W, C]</c> to maps.</summary>
internal interface IFrozenLayer : IDisposable
{
    Tensor Apply(Tensor map);
}

/// <summary>
/// A convolution of one input channel, with ReLU, as a product of matrices, whose gradient to the input takes a third of the time of the
/// convolution's own. In float32 in any case: it is a 200th of the work.
/// </summary>
internal sealed class FirstConvolution(Tensor weight, Tensor bias, long stride, long padding) : IFrozenLayer
{
    private readonly long _kernel = weight.shape[2];
    private readonly Tensor _weight = weight.detach().flatten(1).clone().DetachFromDisposeScope(),
        _bias = bias.detach().clone().DetachFromDisposeScope();

    public Tensor Apply(Tensor map)
    {
        long rows = ((map.shape[1] + (2 * padding) - _kernel) / stride) + 1,
            columns = ((map.shape[2] + (2 * padding) - _kernel) / stride) + 1;
        Tensor patches = functional.unfold(map.permute(0, 3, 1, 2), _kernel, padding: padding, stride: stride);
        return functional.linear(patches.transpose(1, 2), _weight, _bias).relu_().reshape(map.shape[0], rows, columns, -1);
    }

    public void Dispose()
    {
        _weight.Dispose();
        _bias.Dispose();
    }
}

/// <summary>
/// A convolution with stride 1 and an edge of zeros that keeps the map's size, and ReLU. Back to its input it is such a convolution too,
/// with turned filters, so that each direction is computed in its own way.
/// </summary>
internal sealed class FrozenConvolution(IConvolution forward, IConvolution backward, Tensor bias) : IFrozenLayer
{
    private readonly Tensor _bias = bias.detach().to(ScalarType.Float32, copy: true).DetachFromDisposeScope();

    public Tensor Apply(Tensor map) => map.requires_grad && is_grad_enabled() ? Differentiable.apply(map, this) : Forward(map);

    /// <summary>Filters <c>[K, C, k, k]</c> with which the gradient to the output becomes that to the input.</summary>
    public static Tensor Turn(Tensor weight) => weight.detach().transpose(0, 1).flip(2, 3);

    public void Dispose()
    {
        forward.Dispose();
        backward.Dispose();
        _bias.Dispose();
    }

    private Tensor Forward(Tensor map)
    {
        using var guard = no_grad();
        return forward.Apply(map, _bias);
    }

    private Tensor Backward(Tensor gradient, Tensor output)
    {
        using var guard = no_grad();
        return backward.Apply(gradient, null, output);
    }

    private sealed class Differentiable : autograd.SingleTensorFunction<Differentiable>
    {
        public override string Name => nameof(FrozenConvolution);

        public override Tensor forward(autograd.AutogradContext context, params object[] arguments)
        {
            var layer = (FrozenConvolution)arguments[1];
            Tensor output = layer.Forward((Tensor)arguments[0]);
            context.save_for_backward([output]);
            context.save_data(nameof(FrozenConvolution), layer);
            return output;
        }

        public override List<Tensor> backward(autograd.AutogradContext context, Tensor gradient)
        {
            var layer = (FrozenConvolution)context.get_data(nameof(FrozenConvolution));
            return [layer.Backward(gradient, context.get_saved_variables()[0]), null!];
        }
    }
}

/// <summary>Any convolution, with ReLU, as torch computes and differentiates it: on GPUs.</summary>
internal sealed class TorchConvolution(Tensor weight, Tensor bias, long padding, ScalarType type) : IFrozenLayer
{
    private readonly Tensor _weight = weight.detach().ToChannelsLast(type).DetachFromDisposeScope(),
        _bias = bias.detach().to(type, copy: true).DetachFromDisposeScope();

    public Tensor Apply(Tensor map) =>
        functional.conv2d(map.to(type).permute(0, 3, 1, 2), _weight, _bias, padding: [padding, padding]).relu_().permute(0, 2, 3, 1);

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
