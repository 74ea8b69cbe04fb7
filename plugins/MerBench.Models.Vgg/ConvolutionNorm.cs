using static TorchSharp.torch;

namespace MerBench.Models.Vgg;

/// <summary>
/// An upper bound of a convolution's operator norm in L2, whatever the size of the map, with an edge of zeros and any stride: those only
/// cut inputs and outputs from the convolution of infinite maps, whose norm is the largest of the matrices that its filters' Fourier
/// transform has at all frequencies (Sedghi, Gupta and Long, ICLR 2019).
/// <para>
/// It is taken on a grid of frequencies. Between them a trigonometric polynomial of degree d in two variables grows by at most
/// 1 / (1 - 2 d / N) over its largest value on N x N (Pfister and Bresler, IEEE Transactions on Signal Processing 67(3), 2019, theorem 1).
/// The norm of each matrix is bounded by Gram iteration (Delattre et al., ICML 2023, arXiv 2305.16173), which exceeds it by less than 1 %.
/// </para>
/// </summary>
internal static class ConvolutionNorm
{
    private const int Squarings = 8,
        FineGrid = 32,
        CoarseGrid = 16,
        // Above, a fine grid would take minutes.
        ManyChannels = 128;

    // Of all sums of float64 together.
    private const double Rounding = 1e-9;

    /// <param name="filters"><c>[K, C, k, k]</c>.</param>
    public static double BoundAbove(Tensor filters)
    {
        using var scope = NewDisposeScope();
        int grid = Math.Min(filters.shape[0], filters.shape[1]) >= ManyChannels ? CoarseGrid : FineGrid;
        long degree = (filters.shape[2] - 1) / 2;
        // Those of real filters are conjugate at opposite frequencies.
        Tensor transformed = fft.rfft2(filters.to(float64).cpu(), [grid, grid]).permute(2, 3, 0, 1).flatten(0, 1);
        double largest = 0;
        foreach (Tensor some in transformed.split(grid))
        {
            using var part = NewDisposeScope();
            largest = Math.Max(largest, BoundMatrices(some));
        }

        return largest * (1 + Rounding) / (1 - (2.0 * degree / grid));
    }

    // A' A squares the norm. Each is divided by its Frobenius norm, so that nothing overflows, and the divisors are made up for.
    private static double BoundMatrices(Tensor matrices)
    {
        bool isWide = matrices.shape[2] > matrices.shape[1];
        Tensor power = isWide ? matrices.mH : matrices,
            logarithm = zeros(matrices.shape[0], dtype: float64);
        for (int i = 0; i < Squarings; i++)
        {
            Tensor size = Frobenius(power);
            power = power / size.reshape(-1, 1, 1);
            logarithm = 2 * (logarithm + size.log());
            power = power.mH.matmul(power);
        }

        return ((logarithm + Frobenius(power).log()) / Math.Pow(2, Squarings)).exp().max().item<double>();
    }

    // Of zeros the smallest number, so that its logarithm is one.
    private static Tensor Frobenius(Tensor matrices) =>
        matrices.abs().square().sum([1, 2]).sqrt().clamp_min(double.Epsilon * Math.Pow(2, 60));
}
