using MerBench.Models.Vgg;
using static TorchSharp.torch;

namespace MerBench.Tests;

public sealed class VggCostTests
{
    /// <summary>7.3 GFLOP were measured on the published network, on spectrograms of ten seconds.</summary>
    [Test]
    public void The_full_network_costs_what_the_published_one_does()
    {
        using var model = new VggModel(new VggOptions());
        model.Build(
            new ModelContext(
                new LabelSpace([.. "abcdefgh".Select(c => c.ToString())], 0, 1, ""),
                null,
                [313, 149],
                CPU,
                RandomStream.For("cost")
            )
        );
        Assert.That(model.ForwardFlops, Is.EqualTo(7.33e9).Within(0.01e9));
    }
}
