using static TorchSharp.torch;

namespace MerBench.Models.Exported.Adapter;

/// <summary>Brings an output to <c>[B, E]</c>, whatever shape it has a row for each clip in.</summary>
internal static class OutputColumns
{
    /// <summary>Reads <c>[B, E]</c>, <c>[B]</c>, <c>[B, E, 1]</c> and the like, and <c>[E]</c> of a single clip.</summary>
    /// <returns>float32, or float64 where the output is.</returns>
    /// <exception cref="PluginUserException">It has another shape, or holds no fractions.</exception>
    public static Tensor Read(Tensor output, long clips)
    {
        if (!output.is_floating_point())
            throw new PluginUserException(
                $"returns whole numbers ({output.dtype}), which have no gradient; export what they are chosen by, such as probabilities"
            );
        Tensor values = output.dtype == ScalarType.Float64 ? output : output.to(ScalarType.Float32);
        if (values.dim() == 1 && clips > 1 && values.shape[0] == clips)
            return values.unsqueeze(1);
        if (values.dim() < 2 && clips == 1)
            return values.reshape(1, -1);
        if (values.dim() < 2 || values.shape[0] != clips)
            throw new PluginUserException($"returns the shape {Write(output)} for {Count(clips)}");
        long[] sizes = [.. values.shape.Skip(1).Where(s => s != 1)];
        if (sizes.Length > 1)
            throw new PluginUserException($"returns the shape {Write(output)} for {Count(clips)}: neither [B, E] nor [B, T, E] over time");
        return values.reshape(clips, -1);
    }

    /// <summary>A shape, for messages.</summary>
    public static string Write(Tensor output) => $"[{string.Join(", ", output.shape)}]";

    private static string Count(long clips) => clips == 1 ? "1 clip" : $"{clips} clips";
}
