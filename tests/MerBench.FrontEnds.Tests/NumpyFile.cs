using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace MerBench.Tests;

/// <summary>Reads little-endian, C-ordered <c>.npy</c> files (numpy's format version 1 and 2).</summary>
internal static class NumpyFile
{
    /// <summary>The array's shape and its values, row by row.</summary>
    public static (int[] Shape, T[] Values) Read<T>(string path)
        where T : unmanaged
    {
        byte[] bytes = File.ReadAllBytes(path);
        bool wide = bytes[6] > 1;
        int headerLength = wide
            ? BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(8))
            : BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8));
        int headerStart = wide ? 12 : 10;
        string header = Encoding.ASCII.GetString(bytes, headerStart, headerLength);
        string expected = default(T) switch
        {
            short => "<i2",
            float => "<f4",
            double => "<f8",
            _ => throw new NotSupportedException(typeof(T).Name),
        };
        if (
            !header.Contains($"'descr': '{expected}'", StringComparison.Ordinal)
            || !header.Contains("'fortran_order': False", StringComparison.Ordinal)
        )
            throw new InvalidDataException($"{path}: expected {expected} in C order, found {header}");

        string shape = header.Split("'shape': (")[1].Split(')')[0];
        int[] sizes = [.. shape.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(int.Parse)];
        return (sizes, MemoryMarshal.Cast<byte, T>(bytes.AsSpan(headerStart + headerLength)).ToArray());
    }
}
