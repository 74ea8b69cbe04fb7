using System.Runtime.Intrinsics;

namespace MerBench.Models.Vgg;

/// <summary>How tiles are written for the products of matrices.</summary>
internal unsafe interface ITileFormat
{
    /// <summary>Bytes a value.</summary>
    static abstract int Size { get; }

    static abstract void Write(Vector256<float> values, byte* to);

    static abstract Vector256<float> Read(byte* from);
}

internal readonly unsafe struct Float32Tiles : ITileFormat
{
    public static int Size => sizeof(float);

    public static void Write(Vector256<float> values, byte* to) => Vector256.Store(values, (float*)to);

    public static Vector256<float> Read(byte* from) => Vector256.Load((float*)from);
}

/// <summary>The upper half of a float32, rounded to the nearest, ties to even.</summary>
internal readonly unsafe struct BFloat16Tiles : ITileFormat
{
    public static int Size => sizeof(ushort);

    public static void Write(Vector256<float> values, byte* to)
    {
        Vector256<uint> bits = values.AsUInt32(),
            rounded = (bits + Vector256.Create(0x7FFFu) + ((bits >>> 16) & Vector256.Create(1u))) >>> 16;
        Vector128.Store(Vector128.Narrow(rounded.GetLower(), rounded.GetUpper()), (ushort*)to);
    }

    public static Vector256<float> Read(byte* from)
    {
        (Vector128<uint> lower, Vector128<uint> upper) = Vector128.Widen(Vector128.Load((ushort*)from));
        return (Vector256.Create(lower, upper) << 16).AsSingle();
    }
}
