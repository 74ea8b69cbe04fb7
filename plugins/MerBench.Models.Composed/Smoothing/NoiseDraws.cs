using static TorchSharp.torch;

namespace MerBench.Models.Composed.Smoothing;

/// <summary>Gaussian noise for one clip, drawn from a seed: the same each time.</summary>
/// <param name="deviation">Standard deviation.</param>
internal sealed class NoiseDraws(IReadOnlyList<long> shape, double deviation, Device device)
{
    /// <summary>Inputs that are predicted at once.</summary>
    public const int Rows = 64;

    /// <summary>Draws in pieces that fit memory, <c>[k, ...]</c> each.</summary>
    public IEnumerable<Tensor> Take(int count, RandomStream random)
    {
        using var generator = new Generator(random.NextBits() >> 1);
        for (int left = count; left > 0; left -= Rows)
            yield return (randn([Math.Min(left, Rows), .. shape], generator: generator) * deviation).to(device);
    }

    /// <summary>All draws at once, <c>[count, ...]</c>.</summary>
    public Tensor TakeAll(int count, RandomStream random)
    {
        using var scope = NewDisposeScope();
        return cat([.. Take(count, random)]).MoveToOuterDisposeScope();
    }
}
