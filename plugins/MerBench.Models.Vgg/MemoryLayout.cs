using static TorchSharp.torch;

namespace MerBench.Models.Vgg;

internal static class MemoryLayout
{
    /// <summary>A copy of filters <c>[K, C, k, k]</c> whose channels lie next to each other in memory.</summary>
    public static Tensor ToChannelsLast(this Tensor filters, ScalarType type) =>
        filters.to(type, copy: true).permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
}
