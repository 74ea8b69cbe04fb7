using System.Buffers.Binary;
using MerBench.Models.Exported.Onnx.File;
using static TorchSharp.torch;

namespace MerBench.Models.Exported.Onnx.Operators;

/// <summary>Makes tensors of torch of those in a file.</summary>
internal static class StoredValues
{
    /// <param name="floating">What floating-point numbers are computed in.</param>
    /// <param name="device">Where those are; whole numbers stay on the CPU.</param>
    /// <exception cref="InvalidOnnxException">The type has no counterpart.</exception>
    public static Tensor ToTensor(OnnxTensor stored, ScalarType floating, Device device)
    {
        if (OnnxTypes.Kept(stored.Type) is not { } kept)
            throw new InvalidOnnxException($"holds numbers of a type that is not read ({OnnxTypes.Name(stored.Type)})");
        long[] shape = [.. stored.Shape];
        using var scope = NewDisposeScope();
        Tensor tensor = stored.Data is { } data ? OfBytes(data.Span, stored.Type, kept, shape) : OfNumbers(stored, kept, shape);
        Tensor placed = OnnxTypes.IsFloat(stored.Type) ? tensor.to(floating).to(device) : tensor;
        return placed.MoveToOuterDisposeScope();
    }

    private static Tensor OfBytes(ReadOnlySpan<byte> data, int type, ScalarType kept, long[] shape)
    {
        if (OnnxTypes.IsWidened(type))
            return Widened(data, type, kept, shape);
        Tensor tensor = empty(shape, kept);
        if (data.Length > 0)
            tensor.bytes = data.ToArray();
        return tensor;
    }

    private static Tensor Widened(ReadOnlySpan<byte> data, int type, ScalarType kept, long[] shape)
    {
        int size = OnnxTypes.Size(type)!.Value;
        long[] numbers = new long[data.Length / size];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] =
                size == 2
                    ? BinaryPrimitives.ReadUInt16LittleEndian(data[(2 * i)..])
                    : BinaryPrimitives.ReadUInt32LittleEndian(data[(4 * i)..]);
        return tensor(numbers, ScalarType.Int64).to(kept).reshape(shape);
    }

    // Small floating-point numbers are listed by their bits.
    private static Tensor OfNumbers(OnnxTensor stored, ScalarType kept, long[] shape)
    {
        long[] numbers = [.. stored.Numbers];
        if (kept is not (ScalarType.Float16 or ScalarType.BFloat16))
            return tensor(numbers, ScalarType.Int64).to(kept).reshape(shape);
        Tensor bits = empty(shape, kept);
        if (numbers.Length > 0)
            bits.bytes = numbers.SelectMany(n => BitConverter.GetBytes((ushort)n)).ToArray();
        return bits;
    }
}
