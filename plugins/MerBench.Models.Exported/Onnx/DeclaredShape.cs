using MerBench.Models.Exported.Onnx.File;
using static TorchSharp.torch;

namespace MerBench.Models.Exported.Onnx;

/// <summary>Holds inputs to the shape that a graph declares: what a graph was exported for with a fixed size may be wrong for others,
/// without
/// an error.</summary>
internal static class DeclaredShape
{
    /// <exception cref="InvalidOperationException">Another number of dimensions, or another size where one is declared.</exception>
    public static void Require(OnnxValue declared, Tensor input)
    {
        if (declared.Shape is not { } shape)
            return;
        bool fits = shape.Count == input.dim() && shape.Zip(input.shape).All(d => d.First.Size is null || d.First.Size == d.Second);
        if (!fits)
            throw new InvalidOperationException(
                $"it was exported for inputs {declared.Describe()}, and is given [{string.Join(", ", input.shape)}]; axes that are to "
                    + $"be free are named by dynamic_axes at the export"
            );
    }
}
