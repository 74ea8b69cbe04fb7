using static TorchSharp.torch;

namespace MerBench.Models.Exported.Onnx.File;

/// <summary>Types of elements by their numbers in files (<c>TensorProto.DataType</c>).</summary>
internal static class OnnxTypes
{
    public const int Float = 1,
        Text = 8,
        Half = 10,
        Double = 11,
        BFloat16 = 16;

    // Unsigned numbers that torch has no type for are kept in the next larger one.
    private static readonly Dictionary<int, (string Name, int Bytes, ScalarType Kept)> Known = new()
    {
        [Float] = ("float32", 4, ScalarType.Float32),
        [2] = ("uint8", 1, ScalarType.Byte),
        [3] = ("int8", 1, ScalarType.Int8),
        [4] = ("uint16", 2, ScalarType.Int32),
        [5] = ("int16", 2, ScalarType.Int16),
        [6] = ("int32", 4, ScalarType.Int32),
        [7] = ("int64", 8, ScalarType.Int64),
        [9] = ("bool", 1, ScalarType.Bool),
        [Half] = ("float16", 2, ScalarType.Float16),
        [Double] = ("float64", 8, ScalarType.Float64),
        [12] = ("uint32", 4, ScalarType.Int64),
        [13] = ("uint64", 8, ScalarType.Int64),
        [BFloat16] = ("bfloat16", 2, ScalarType.BFloat16),
    };

    public static string Name(int type) =>
        Known.TryGetValue(type, out var known) ? known.Name : FormattableString.Invariant($"type {type}");

    /// <summary>Bytes of an element; null for types that are not read.</summary>
    public static int? Size(int type) => Known.TryGetValue(type, out var known) ? known.Bytes : null;

    /// <summary>The type that torch keeps it in; null for types that are not read.</summary>
    public static ScalarType? Kept(int type) => Known.TryGetValue(type, out var known) ? known.Kept : null;

    /// <summary>Whether torch keeps it in more bytes than the file.</summary>
    public static bool IsWidened(int type) => type is 4 or 12;

    public static bool IsFloat(int type) => type is Float or Half or Double or BFloat16;
}
