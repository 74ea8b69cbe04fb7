using static TorchSharp.torch;

namespace MerBench.Models.Vgg;

internal static unsafe class MemoryLayout
{
    /// <summary>A copy of filters <c>[K, C, k, k]</c> whose channels lie next to each other in memory.</summary>
    public static Tensor ToChannelsLast(this Tensor filters, ScalarType type) =>
        filters.to(type, copy: true).permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

    /// <summary>Where a float32 tensor on the CPU, whose values lie side by side, begins. Memory of a tensor lies still.</summary>
    public static float* Floats(this Tensor tensor) => (float*)tensor.Start();

    /// <summary>Where any tensor begins.</summary>
    public static byte* Start(this Tensor tensor)
    {
        fixed (byte* start = tensor.bytes)
            return start;
    }
}
