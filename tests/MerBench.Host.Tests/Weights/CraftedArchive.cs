using System.Buffers.Binary;
using System.Text;

namespace MerBench.Tests;

/// <summary>Archives as torch.save writes them, and as nobody's torch.save does.</summary>
internal static class CraftedArchive
{
    private const string Tensor = "ctorch._utils\n_rebuild_tensor_v2\n";

    /// <summary>A pickle of protocol 2.</summary>
    public static byte[] Pickle(params object[] parts) =>
        [0x80, 2, .. parts.SelectMany(p => p as byte[] ?? Encoding.Latin1.GetBytes((string)p)), (byte)'.'];

    /// <summary>A text of a pickle.</summary>
    public static byte[] Text(string text) => [(byte)'X', .. Int(Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    /// <summary>A view of the storage <c>0</c>.</summary>
    public static byte[] View(string storageClass, int count, int[] shape, int[] strides) =>
        [
            .. Encoding.Latin1.GetBytes(Tensor + "(("),
            .. Text("storage"),
            .. Encoding.Latin1.GetBytes($"ctorch\n{storageClass}\n"),
            .. Text("0"),
            .. Text("cpu"),
            .. Number(count),
            .. "tQK\0"u8,
            .. Tuple(shape),
            .. Tuple(strides),
            0x89,
            .. "ccollections\nOrderedDict\n)RtR"u8,
        ];

    public static byte[] Number(int number) => [(byte)'J', .. Int(number)];

    /// <summary>A zip archive whose files are not compressed; files of equal content may share it.</summary>
    public static byte[] Zip(params IEnumerable<(string Name, byte[] Content)> files)
    {
        var archive = new MemoryStream();
        var directory = new MemoryStream();
        var places = new Dictionary<byte[], int>(ReferenceEqualityComparer.Instance);
        int count = 0;
        foreach ((string name, byte[] content) in files)
        {
            byte[] sizes = [0, 0, 0, 0, .. Int(content.Length), .. Int(content.Length), .. Short(name.Length), 0, 0];
            if (!places.TryGetValue(content, out int place))
            {
                places[content] = place = (int)archive.Length;
                archive.Write([
                    .. "PK\u0003\u0004"u8,
                    20,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    .. sizes,
                    .. Encoding.Latin1.GetBytes(name),
                    .. content,
                ]);
            }

            directory.Write([.. "PK\u0001\u0002"u8, 20, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. sizes, .. new byte[10], .. Int(place)]);
            directory.Write(Encoding.Latin1.GetBytes(name));
            count++;
        }

        int start = (int)archive.Length;
        directory.WriteTo(archive);
        archive.Write([
            .. "PK\u0005\u0006"u8,
            0,
            0,
            0,
            0,
            .. Short(count),
            .. Short(count),
            .. Int((int)directory.Length),
            .. Int(start),
            0,
            0,
        ]);
        return archive.ToArray();
    }

    private static byte[] Tuple(int[] numbers) => [(byte)'(', .. numbers.SelectMany(Number), (byte)'t'];

    private static byte[] Int(int number)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return bytes;
    }

    private static byte[] Short(int number) => [(byte)number, (byte)(number >> 8)];
}
