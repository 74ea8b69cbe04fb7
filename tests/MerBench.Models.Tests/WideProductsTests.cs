using System.Runtime.Intrinsics;
using MerBench.Models.Vgg;
using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>Products of tiles by vectors of 512 bits are those of float64, whatever the number of tiles.</summary>
internal sealed class WideProductsTests
{
    [Test]
    public void Products_are_those_of_float64(
        [Values(1, 5, 6, 7, 64)] int tiles,
        [Values(8, 64)] int inputs,
        [Values(64, 192)] int outputs,
        [Values(1, 2)] int threads
    )
    {
        using var scope = NewDisposeScope();
        (Tensor cut, Tensor filters) = (randn(36, tiles, inputs), randn(36, inputs, outputs));
        using var products = new WideProducts(filters);
        Tensor computed = products.Multiply(cut, threads),
            exact = cut.to(float64).bmm(filters.to(float64));
        // Sums of `inputs` products that are rounded one after the other.
        double error = (computed.to(float64) - exact).abs().max().item<double>(),
            allowed = Math.Sqrt(inputs) * 4 * Math.ScaleB(1, -24) * exact.abs().max().item<double>();
        Assert.That(error, Is.LessThan(allowed));
    }

    [Test]
    public void A_product_depends_on_its_own_tile_alone()
    {
        using var scope = NewDisposeScope();
        (Tensor cut, Tensor filters) = (randn(36, 13, 24), randn(36, 24, 64));
        using var products = new WideProducts(filters);
        Tensor together = products.Multiply(cut, 2),
            alone = products.Multiply(cut.narrow(1, 7, 1).contiguous(), 1);
        Assert.That(together.narrow(1, 7, 1).equal(alone).all().item<bool>());
    }

    [TestCase(64, ScalarType.Float32, true)]
    [TestCase(72, ScalarType.Float32, false)]
    [TestCase(64, ScalarType.BFloat16, false)]
    public void Whole_blocks_in_float32_fit_where_vectors_of_512_bits_do(int outputs, ScalarType type, bool isFit)
    {
        using Tensor filters = zeros(36, 8, outputs, dtype: type);
        Assert.That(WideProducts.Fits(filters), Is.EqualTo(isFit && Vector512.IsHardwareAccelerated));
    }
}
