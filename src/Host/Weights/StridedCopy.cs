using System.Runtime.InteropServices;

namespace MerBench.Host.Weights;

/// <summary>Copies a view with gaps or in another order, such as a transposed matrix, to rows without gaps.</summary>
internal static class StridedCopy
{
    /// <param name="itemSize">1, 2, 4 or 8 bytes.</param>
    /// <param name="length">Bytes of the result.</param>
    public static byte[] Gather(PickleTensor view, int itemSize, ReadOnlySpan<byte> storage, int length)
    {
        byte[] gathered = new byte[length];
        switch (itemSize)
        {
            case 1:
                Gather<byte>(view, storage, gathered);
                break;
            case 2:
                Gather<ushort>(view, storage, gathered);
                break;
            case 4:
                Gather<uint>(view, storage, gathered);
                break;
            default:
                Gather<ulong>(view, storage, gathered);
                break;
        }

        return gathered;
    }

    private static void Gather<T>(PickleTensor view, ReadOnlySpan<byte> storage, byte[] gathered)
        where T : unmanaged
    {
        ReadOnlySpan<T> from = MemoryMarshal.Cast<byte, T>(storage);
        Span<T> to = MemoryMarshal.Cast<byte, T>(gathered.AsSpan());
        // Dimensions of one item move nothing, and a file may have many of them.
        (long Size, long Stride)[] dimensions = [.. view.Shape.Zip(view.Strides).Where(d => d.First != 1)];
        (long size, long stride) = dimensions.Length > 0 ? dimensions[^1] : (1, 0);
        long[] index = new long[dimensions.Length];
        long start = view.Offset;
        for (int row = 0; row < to.Length; row += (int)size)
        {
            for (int i = 0; i < size; i++)
                to[row + i] = from[(int)(start + (i * stride))];
            for (int d = dimensions.Length - 2; d >= 0; d--)
            {
                start += dimensions[d].Stride;
                if (++index[d] < dimensions[d].Size)
                    break;
                start -= dimensions[d].Stride * dimensions[d].Size;
                index[d] = 0;
            }
        }
    }
}
