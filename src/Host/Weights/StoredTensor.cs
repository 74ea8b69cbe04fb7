using static TorchSharp.torch;

namespace MerBench.Host.Weights;

/// <summary>A tensor as a weights file holds it: type, shape and little-endian bytes in row-major order. Needs no native library.</summary>
public sealed class StoredTensor
{
    /// <exception cref="ArgumentException">The number of bytes is not that of the shape.</exception>
    public StoredTensor(ScalarType type, IReadOnlyList<long> shape, ReadOnlyMemory<byte> data)
    {
        long? expected = ByteCount(type, shape);
        if (expected != data.Length)
            throw new ArgumentException($"{data.Length} bytes do not fill [{string.Join(", ", shape)}] of {type}.", nameof(data));
        (Type, Shape, Data) = (type, shape, data);
    }

    public ScalarType Type { get; }

    public IReadOnlyList<long> Shape { get; }

    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>Copies a tensor of any device and layout.</summary>
    public static StoredTensor From(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        Tensor plain = tensor.detach().cpu().contiguous();
        return new StoredTensor(plain.dtype, plain.shape, plain.bytes.ToArray());
    }

    /// <summary>A new tensor on the CPU.</summary>
    public Tensor ToTensor()
    {
        Tensor tensor = empty([.. Shape], dtype: Type, device: CPU);
        if (Data.Length > 0)
            tensor.bytes = Data.ToArray();
        return tensor;
    }

    public override string ToString() => $"{Type} [{string.Join(", ", Shape)}]";

    /// <summary>How many bytes one number takes; null for types that no weights file here may hold.</summary>
    public static int? ItemSize(ScalarType type) =>
        type switch
        {
            ScalarType.Bool or ScalarType.Byte or ScalarType.Int8 => 1,
            ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
            ScalarType.Int32 or ScalarType.Float32 => 4,
            ScalarType.Int64 or ScalarType.Float64 => 8,
            _ => null,
        };

    /// <summary>The number of bytes of a shape; null when the type is unknown, a dimension is negative, or the number overflows.</summary>
    public static long? ByteCount(ScalarType type, IReadOnlyList<long> shape)
    {
        if (ItemSize(type) is not { } size || shape.Any(d => d < 0))
            return null;
        if (shape.Contains(0))
            return 0;
        Int128 bytes = size;
        foreach (long dimension in shape)
        {
            bytes *= dimension;
            if (bytes > long.MaxValue)
                return null;
        }

        return (long)bytes;
    }
}
