using System.Runtime.InteropServices;
using System.Text;
using Google.Protobuf;

namespace MerBench.Models.Exported.Onnx.File;

/// <summary>A message of Protocol Buffers by its field numbers; parts of it are views of the file, and nothing is copied.</summary>
/// <param name="file">The whole file.</param>
/// <param name="start">Where the message begins in it.</param>
/// <param name="length">Bytes of the message.</param>
internal readonly struct WireMessage(byte[] file, int start, int length)
{
    // What is nested deeper than any graph would end the process.
    private const int MostLevels = 64;

    private readonly int _level;

    private WireMessage(byte[] file, int start, int length, int level)
        : this(file, start, length) => _level = level;

    /// <summary>The bytes of a field of that kind.</summary>
    public ReadOnlyMemory<byte> Bytes => file.AsMemory(start, length);

    /// <summary>Its text in UTF-8.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes.Span);

    /// <summary>Its fields in the order of the file.</summary>
    /// <exception cref="InvalidProtocolBufferException">It is malformed or cut off.</exception>
    /// <exception cref="InvalidDataException">It is none that ONNX has.</exception>
    public List<WireField> Fields()
    {
        if (_level > MostLevels)
            throw new InvalidDataException("Messages are nested too deep.");
        var fields = new List<WireField>();
        var stream = new CodedInputStream(file, start, length);
        while (stream.ReadTag() is var tag and not 0)
        {
            int begin = (int)stream.Position;
            stream.SkipLastField();
            fields.Add(Field(tag, begin, (int)stream.Position));
        }

        return fields;
    }

    private WireField Field(uint tag, int begin, int end)
    {
        var value = new CodedInputStream(file, begin, end - begin);
        int number = WireFormat.GetTagFieldNumber(tag);
        switch (WireFormat.GetTagWireType(tag))
        {
            case WireFormat.WireType.Varint:
                return new WireField(number, (long)value.ReadUInt64(), default);
            case WireFormat.WireType.Fixed32:
                return new WireField(number, value.ReadFixed32(), default);
            case WireFormat.WireType.Fixed64:
                return new WireField(number, (long)value.ReadFixed64(), default);
            case WireFormat.WireType.LengthDelimited:
                int size = value.ReadLength();
                return new WireField(number, 0, new WireMessage(file, end - size, size, _level + 1)) { IsPart = true };
            default:
                throw new InvalidDataException("Groups are no part of ONNX.");
        }
    }

    /// <summary>A list of whole numbers in one field.</summary>
    public IEnumerable<long> Packed()
    {
        var stream = new CodedInputStream(file, start, length);
        while (!stream.IsAtEnd)
            yield return (long)stream.ReadUInt64();
    }
}

/// <summary>A field of a message.</summary>
/// <param name="Number">What it means.</param>
/// <param name="Value">Of whole numbers; the bits of floating-point numbers.</param>
/// <param name="Part">Of texts, bytes, lists and messages.</param>
internal readonly record struct WireField(int Number, long Value, WireMessage Part)
{
    /// <summary>Whether it has a <see cref="Part"/>.</summary>
    public bool IsPart { get; init; }

    /// <summary>Text of a part.</summary>
    public string Text => Part.Text;

    /// <summary>A float32.</summary>
    public float Float => BitConverter.Int32BitsToSingle((int)Value);

    /// <summary>One whole number, or a list of them.</summary>
    public IEnumerable<long> Longs => IsPart ? Part.Packed() : [Value];

    /// <summary>One float32, or a list of them.</summary>
    public IEnumerable<float> Floats => IsPart ? MemoryMarshal.Cast<byte, float>(Part.Bytes.Span).ToArray() : [Float];
}
