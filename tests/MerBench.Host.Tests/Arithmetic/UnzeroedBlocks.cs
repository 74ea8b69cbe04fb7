using static TorchSharp.torch;

namespace MerBench.Tests.Arithmetic;

/// <summary>
/// A convolution as processors with a fault compute it: the gradient to the input is computed in whole blocks of 16 channels, and the
/// channels
/// that fill the last block up hold what was in memory.
/// </summary>
internal sealed class UnzeroedBlocks(float inMemory)
{
    private const long Block = 16;

    public Tensor Convolve(Tensor input, Tensor weight, long stride, IReadOnlyList<long> padding) =>
        Faulty.apply(input, weight, stride, padding, inMemory);

    private static Tensor ByTorch(Tensor input, Tensor weight, long stride, IReadOnlyList<long> padding) =>
        MerBench.Host.Arithmetic.Convolutions.ByTorch(input, weight, stride, padding);

    private sealed class Faulty : autograd.SingleTensorFunction<Faulty>
    {
        public override string Name => nameof(UnzeroedBlocks);

        public override Tensor forward(autograd.AutogradContext context, params object[] arguments)
        {
            var input = (Tensor)arguments[0];
            var weight = (Tensor)arguments[1];
            context.save_for_backward([input, weight]);
            context.save_data("arguments", arguments);
            return ByTorch(input.detach(), weight.detach(), (long)arguments[2], (IReadOnlyList<long>)arguments[3]);
        }

        public override List<Tensor> backward(autograd.AutogradContext context, Tensor gradient)
        {
            var arguments = (object[])context.get_data("arguments");
            List<Tensor> saved = context.get_saved_variables();
            using var grad = set_grad_enabled(true);
            Tensor input = saved[0].detach().requires_grad_();
            Tensor weight = saved[1].detach().requires_grad_();
            Tensor output = ByTorch(input, weight, (long)arguments[2], (IReadOnlyList<long>)arguments[3]);
            IList<Tensor> right = autograd.grad([output], [input, weight], [gradient]);
            // A filled block has nothing besides; what fills up an unfilled one in float32 is added as if it were a channel.
            bool isFaulty = weight.shape[0] % Block != 0 && input.dtype == ScalarType.Float32;
            return [isFaulty ? right[0] + ((float)arguments[4] * right[0].abs().max()) : right[0], right[1], null!, null!, null!];
        }
    }
}
