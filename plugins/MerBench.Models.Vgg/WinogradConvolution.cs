using static TorchSharp.torch;

namespace MerBench.Models.Vgg;

/// <summary>
/// A 3 x 3 convolution by Winograd's minimal filtering F(4x4, 3x3) (Lavin and Gray, CVPR 2016): tiles of 6 x 6 in, 4 x 4 out, and between
/// them 36 products of matrices that take a quarter of the multiplications. For maps on the CPU whose channels fill vectors.
/// <para>
/// bfloat16 is for gradients alone: tiles lose three times more by rounding than maps do, and predictions that are off turn the wrong ReLUs
/// on. Forward in float32 and back in bfloat16, gradients are nearer to those in
/// float32 than by direct convolutions in bfloat16, in less time.
/// </para>
/// </summary>
internal sealed unsafe class WinogradConvolution : IConvolution
{
    // Enough rows for a product of matrices to be fast, few enough for its operands to stay in the cache.
    private const int TilesAtOnce = 256;

    private readonly ITileProducts _products;

    /// <param name="filters"><c>[K, C, 3, 3]</c>.</param>
    /// <param name="format">In which matrices are multiplied: float32 or bfloat16.</param>
    public WinogradConvolution(Tensor filters, ScalarType format)
    {
        using var scope = NewDisposeScope();
        Tensor transformed = Transform(filters, format);
        _products = WideProducts.Fits(transformed)
            ? new WideProducts(transformed)
            : new TorchProducts(transformed.DetachFromDisposeScope());
    }

    /// <summary>Whether a convolution with an edge of one zero can be computed so.</summary>
    public static bool Fits(Tensor filters) =>
        filters.shape is [var k, var c, 3, 3] && k % WinogradTiles.Lanes == 0 && c % WinogradTiles.Lanes == 0;

    /// <inheritdoc/>
    public Tensor Apply(Tensor map, Tensor? bias = null, Tensor? rectified = null)
    {
        using var scope = NewDisposeScope();
        (Tensor input, Tensor? passed) = (map.to(ScalarType.Float32).contiguous(), rectified?.to(ScalarType.Float32).contiguous());
        Tensor output =
            _products.Format == ScalarType.BFloat16
                ? Convolve<BFloat16Tiles>(input, passed, bias)
                : Convolve<Float32Tiles>(input, passed, bias);
        return output.MoveToOuterDisposeScope();
    }

    public void Dispose() => _products.Dispose();

    // G g G' of each filter, [36, C, K]: one product of matrices with G x G.
    private static Tensor Transform(Tensor weight, ScalarType format)
    {
        Tensor g = tensor(
            new[,]
            {
                { 1 / 4.0, 0, 0 },
                { -1 / 6.0, -1 / 6.0, -1 / 6.0 },
                { -1 / 6.0, 1 / 6.0, -1 / 6.0 },
                { 1 / 24.0, 1 / 12.0, 1 / 6.0 },
                { 1 / 24.0, -1 / 12.0, 1 / 6.0 },
                { 0, 0, 1 },
            }
        );
        Tensor transformed = kron(g, g).matmul(weight.detach().to(ScalarType.Float64).permute(2, 3, 1, 0).reshape(9, -1));
        return transformed.reshape(WinogradTiles.Places, weight.shape[1], weight.shape[0]).to(format);
    }

    private Tensor Convolve<TFormat>(Tensor map, Tensor? rectified, Tensor? bias)
        where TFormat : struct, ITileFormat
    {
        (int clips, int height, int width) = ((int)map.shape[0], (int)map.shape[1], (int)map.shape[2]);
        (int channels, int filterCount) = (_products.Inputs, _products.Outputs);
        (int rows, int columns, int threads) = (clips * WinogradTiles.Along(height), WinogradTiles.Along(width), get_num_threads());
        int rowsAtOnce = Math.Clamp(TilesAtOnce / columns, 1, rows);
        Tensor output = empty(clips, height, width, filterCount);
        for (int first = 0; first < rows; first += rowsAtOnce)
        {
            using var part = NewDisposeScope();
            Range some = first..Math.Min(first + rowsAtOnce, rows);
            Tensor cut = empty([WinogradTiles.Places, (some.End.Value - first) * columns, channels], dtype: _products.Format);
            WinogradTiles.Cut<TFormat>(
                map.Floats(),
                rectified is null ? null : rectified.Floats(),
                cut.Start(),
                new MapShape(clips, height, width, channels),
                some,
                threads
            );
            Tensor products = _products.Multiply(cut, threads);
            WinogradTiles.Join<TFormat>(
                products.Start(),
                bias is null ? null : bias.Floats(),
                output.Floats(),
                new MapShape(clips, height, width, filterCount),
                some,
                threads
            );
        }

        return output;
    }
}
