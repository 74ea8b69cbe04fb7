using System.Runtime.InteropServices;
using MerBench.Host.Text;

namespace MerBench.Models.Exported.Onnx.File;

/// <summary>Reads a tensor of a file (<c>TensorProto</c>), in any of the forms that the format has for its elements.</summary>
internal static class TensorReader
{
    /// <exception cref="InvalidOnnxException">It has fewer elements than its shape says, or they are somewhere else.</exception>
    public static OnnxTensor Read(WireMessage message, ExternalData external)
    {
        string name = "";
        int type = 0;
        bool isElsewhere = false;
        var shape = new List<long>();
        var numbers = new List<long>();
        var floats = new List<float>();
        var doubles = new List<byte>();
        var place = new Dictionary<string, string>(StringComparer.Ordinal);
        ReadOnlyMemory<byte>? raw = null;
        foreach (WireField field in message.Fields())
        {
            switch (field.Number)
            {
                case 1:
                    shape.AddRange(field.Longs);
                    break;
                case 2:
                    type = (int)field.Value;
                    break;
                case 4:
                    floats.AddRange(field.Floats);
                    break;
                case 5 or 7 or 11:
                    numbers.AddRange(field.Longs);
                    break;
                case 8:
                    name = field.Text;
                    break;
                case 9:
                    raw = field.Part.Bytes;
                    break;
                case 10:
                    doubles.AddRange(field.IsPart ? field.Part.Bytes.ToArray() : BitConverter.GetBytes(field.Value));
                    break;
                case 13:
                    (string key, string value) = OnnxReader.Entry(field.Part);
                    place[key] = value;
                    break;
                case 14:
                    isElsewhere = field.Value == 1;
                    break;
            }
        }

        if (isElsewhere)
            raw = external.Read(place, name);
        else if (type == OnnxTypes.Float && raw is null)
            raw = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(floats)).ToArray();
        else if (type == OnnxTypes.Double && raw is null)
            raw = doubles.ToArray();
        var tensor = new OnnxTensor(name, type, shape, raw) { Numbers = numbers };
        RequireWhole(tensor);
        return tensor;
    }

    private static void RequireWhole(OnnxTensor tensor)
    {
        // Texts are of no use to a network; where one is needed all the same, its type is named.
        if (OnnxTypes.Size(tensor.Type) is not { } size)
            return;
        Int128 count = 1;
        foreach (long dimension in tensor.Shape)
        {
            count *= dimension;
            if (dimension < 0 || count > int.MaxValue)
                throw InvalidOnnxException.Because($"'{GuestText.Name(tensor.Name)}' has an impossible shape");
        }

        bool fits = tensor.Data is { } data ? data.Length == count * size : tensor.Numbers.Count == count;
        if (!fits)
            throw InvalidOnnxException.Because(
                $"'{GuestText.Name(tensor.Name)}' has fewer or more elements than its shape [{string.Join(", ", tensor.Shape)}]"
            );
    }
}
