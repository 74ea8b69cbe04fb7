using static TorchSharp.torch;

namespace MerBench.Models.Vgg;

/// <summary>
/// A 3 x 3 convolution with an edge of zeros, and ReLU, by Winograd's minimal filtering F(4x4, 3x3) (Lavin and Gray, CVPR 2016): tiles of 6 x 6 in, 4 x 4 out, and between them 36 products of matrices that take
/// a quarter of the multiplications. The gradient to the input is the same with transposed, turned filters. For maps on the CPU whose channels fill vectors.
/// <para>
/// bfloat16 is for gradients alone: tiles lose three times more by rounding than maps do, and predictions that are off turn the wrong ReLUs on. Forward in float32 and back in bfloat16, gradients are nearer to those in
/// float32 than by direct convolutions in bfloat16, in less time.
/// </para>
/// </summary>
internal sealed unsafe class WinogradConvolution : IFrozenLayer
{
    // Enough rows for a product of matrices to be fast, few enough for its operands to stay in the cache.
    private const int TilesAtOnce = 256;

    // With fewer, the transforms take longer than they spare. Direct convolutions are faster in bfloat16.
    private static int FewestChannels(ScalarType format) => format == ScalarType.BFloat16 ? 128 : 32;

    private readonly Tensor _filters, _turned, _bias;

    /// <param name="weight">Filters <c>[K, C, 3, 3]</c>.</param>
    /// <param name="bias">One value a filter.</param>
    /// <param name="format">In which matrices are multiplied on the way back: float32 or bfloat16.</param>
    public WinogradConvolution(Tensor weight, Tensor bias, ScalarType format)
    {
        using var scope = NewDisposeScope();
        _filters = Transform(weight, ScalarType.Float32);
        _turned = Transform(weight.transpose(0, 1).flip(2, 3), format);
        _bias = bias.detach().clone().DetachFromDisposeScope();
    }

    /// <summary>Whether a convolution can be computed so, and faster than directly.</summary>
    public static bool Suits(Tensor weight, long stride, long padding, ScalarType format) =>
        weight.device_type == TorchSharp.DeviceType.CPU && format is ScalarType.Float32 or ScalarType.BFloat16 && (stride, padding) == (1, 1)
        && weight.shape is [var k, var c, 3, 3] && Math.Min(k, c) >= FewestChannels(format) && k % WinogradTiles.Lanes == 0 && c % WinogradTiles.Lanes == 0;

    /// <param name="input"><c>[B, H, W, C]</c>.</param>
    /// <returns><c>[B, H, W, K]</c>.</returns>
    public Tensor Apply(Tensor input)
    {
        Tensor map = input.to(ScalarType.Float32);
        return map.requires_grad && is_grad_enabled() ? Differentiable.apply(map, this) : Convolve(map, null, _filters, _bias);
    }

    public void Dispose()
    {
        _filters.Dispose();
        _turned.Dispose();
        _bias.Dispose();
    }

    // G g G' of each filter, [36, C, K]: one product of matrices with G x G.
    private static Tensor Transform(Tensor weight, ScalarType format)
    {
        Tensor g = tensor(new[,] { { 1 / 4.0, 0, 0 }, { -1 / 6.0, -1 / 6.0, -1 / 6.0 }, { -1 / 6.0, 1 / 6.0, -1 / 6.0 }, { 1 / 24.0, 1 / 12.0, 1 / 6.0 }, { 1 / 24.0, -1 / 12.0, 1 / 6.0 }, { 0, 0, 1 } });
        Tensor transformed = kron(g, g).matmul(weight.detach().to(ScalarType.Float64).permute(2, 3, 1, 0).reshape(9, -1));
        return transformed.reshape(WinogradTiles.Places, weight.shape[1], weight.shape[0]).to(format).DetachFromDisposeScope();
    }

    private static Tensor Convolve(Tensor map, Tensor? rectified, Tensor filters, Tensor? bias) => filters.dtype == ScalarType.BFloat16
        ? Convolve<BFloat16Tiles>(map, rectified, filters, bias)
        : Convolve<Float32Tiles>(map, rectified, filters, bias);

    private static Tensor Convolve<TFormat>(Tensor map, Tensor? rectified, Tensor filters, Tensor? bias) where TFormat : struct, ITileFormat
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        Tensor input = map.contiguous();
        (int clips, int height, int width) = ((int)map.shape[0], (int)map.shape[1], (int)map.shape[2]);
        (int channels, int filterCount) = ((int)filters.shape[1], (int)filters.shape[2]);
        (int rows, int columns, int threads) = (clips * WinogradTiles.Along(height), WinogradTiles.Along(width), get_num_threads());
        int rowsAtOnce = Math.Clamp(TilesAtOnce / columns, 1, rows);
        Tensor output = empty(clips, height, width, filterCount);
        for (int first = 0; first < rows; first += rowsAtOnce)
        {
            using var part = NewDisposeScope();
            Range some = first..Math.Min(first + rowsAtOnce, rows);
            Tensor cut = empty([WinogradTiles.Places, (some.End.Value - first) * columns, channels], dtype: filters.dtype);
            WinogradTiles.Cut<TFormat>(Floats(input), rectified is null ? null : Floats(rectified), Start(cut), new MapShape(clips, height, width, channels), some, threads);
            Tensor products = bmm(cut, filters);
            WinogradTiles.Join<TFormat>(Start(products), bias is null ? null : Floats(bias), Floats(output), new MapShape(clips, height, width, filterCount), some, threads);
        }

        return output.MoveToOuterDisposeScope();
    }

    private static float* Floats(Tensor tensor) => (float*)Start(tensor);

    // Memory of a tensor lies still.
    private static byte* Start(Tensor tensor)
    {
        fixed (byte* start = tensor.bytes) return start;
    }

    private sealed class Differentiable : autograd.SingleTensorFunction<Differentiable>
    {
        public override string Name => nameof(WinogradConvolution);

        public override Tensor forward(autograd.AutogradContext context, params object[] arguments)
        {
            var convolution = (WinogradConvolution)arguments[1];
            Tensor output = Convolve((Tensor)arguments[0], null, convolution._filters, convolution._bias);
            context.save_for_backward([output]);
            context.save_data(nameof(WinogradConvolution), convolution);
            return output;
        }

        public override List<Tensor> backward(autograd.AutogradContext context, Tensor gradient)
        {
            var convolution = (WinogradConvolution)context.get_data(nameof(WinogradConvolution));
            return [Convolve(gradient, context.get_saved_variables()[0], convolution._turned, null), null!];
        }
    }
}
