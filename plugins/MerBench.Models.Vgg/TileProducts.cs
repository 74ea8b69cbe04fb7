using static TorchSharp.torch;

namespace MerBench.Models.Vgg;

/// <summary>Multiplies transformed tiles by transformed filters, one product of matrices for each place of a tile.</summary>
internal interface ITileProducts : IDisposable
{
    /// <summary>In which tiles are given and products returned.</summary>
    ScalarType Format { get; }

    /// <summary>Of a tile.</summary>
    int Inputs { get; }

    /// <summary>Of a product.</summary>
    int Outputs { get; }

    /// <param name="tiles"><c>[36, T, C]</c>.</param>
    /// <returns><c>[36, T, K]</c>.</returns>
    Tensor Multiply(Tensor tiles, int threads);
}

/// <summary>By libtorch.</summary>
/// <param name="filters"><c>[36, C, K]</c>, which this takes over.</param>
internal sealed class TorchProducts(Tensor filters) : ITileProducts
{
    public ScalarType Format => filters.dtype;

    public int Inputs => (int)filters.shape[1];

    public int Outputs => (int)filters.shape[2];

    public Tensor Multiply(Tensor tiles, int threads) => bmm(tiles, filters);

    public void Dispose() => filters.Dispose();
}
