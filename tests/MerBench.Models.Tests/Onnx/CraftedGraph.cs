using System.Runtime.InteropServices;
using System.Text;
using Google.Protobuf;

namespace MerBench.Tests;

/// <summary>A node of a crafted graph.</summary>
/// <param name="Flow">Its inputs and outputs: <c>x w -> y</c>; an underscore is left out.</param>
/// <param name="Attributes">Of long, long[], float, float[], string or string[]; or a tensor as bytes.</param>
internal sealed record CraftedNode(string Operator, string Flow, params (string Name, object Value)[] Attributes)
{
    public string Domain { get; init; } = "";
}

/// <summary>Writes small graphs of ONNX; weights are noise.</summary>
internal sealed class CraftedGraph(int opset, params CraftedNode[] nodes)
{
    private const int Float = 1,
        Int64 = 7;

    private readonly List<byte[]> _initializers = [];
    private readonly List<byte[]> _inputs = [];
    private readonly List<(string, string)> _metadata = [];
    private string[] _outputs = ["y"];

    public IEnumerable<string> Operators =>
        nodes
            .Select(n => n.Operator)
            .Concat(nodes.SelectMany(n => n.Attributes).Select(a => a.Value).OfType<CraftedGraph>().SelectMany(g => g.Operators));

    public CraftedGraph Input(params object[] shape)
    {
        byte[][] dimensions = [.. shape.Select(d => Message(w => Part(w, 1, Dimension(d))))];
        byte[] type = Message(w =>
        {
            Number(w, 1, Float);
            Part(w, 2, [.. dimensions.SelectMany(d => d)]);
        });
        _inputs.Add(
            Message(w =>
            {
                Text(w, 1, _inputs.Count == 0 ? "x" : $"x{_inputs.Count}");
                Part(w, 2, Message(inner => Part(inner, 1, type)));
            })
        );
        return this;

        static byte[] Dimension(object size) =>
            Message(w =>
            {
                if (size is string name)
                    Text(w, 2, name);
                else
                    Number(w, 1, Convert.ToInt64(size, System.Globalization.CultureInfo.InvariantCulture));
            });
    }

    public CraftedGraph Outputs(params string[] names)
    {
        _outputs = names;
        return this;
    }

    /// <summary>Floats between -0.5 and 0.5; positive ones where they stand for variances.</summary>
    public CraftedGraph Weights(string name, params long[] shape)
    {
        int seed = name.Sum(c => c) % 97;
        float[] values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(0.5 * Math.Sin((i * 12.9898) + seed));
        if (name.StartsWith("var", StringComparison.Ordinal))
            values = [.. values.Select(v => Math.Abs(v) + 0.2f)];
        return Floats(name, shape, values);
    }

    public CraftedGraph Floats(string name, long[] shape, params float[] values) =>
        Raw(name, Float, shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    public CraftedGraph Longs(string name, params long[] values) =>
        Raw(name, Int64, [values.Length], MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    public CraftedGraph Long(string name, long value) => Raw(name, Int64, [], BitConverter.GetBytes(value));

    public CraftedGraph Raw(string name, int type, long[] shape, byte[] bytes) => Tensor(Stored(name, type, shape, w => Part(w, 9, bytes)));

    public CraftedGraph Tensor(byte[] message)
    {
        _initializers.Add(message);
        return this;
    }

    public CraftedGraph Metadata(string key, string value)
    {
        _metadata.Add((key, value));
        return this;
    }

    /// <summary>A tensor with its elements in any form.</summary>
    public static byte[] Stored(string name, int type, long[] shape, Action<CodedOutputStream> elements) =>
        Message(w =>
        {
            foreach (long dimension in shape)
                Number(w, 1, dimension);
            Number(w, 2, type);
            Text(w, 8, name);
            elements(w);
        });

    /// <summary>A pair of texts.</summary>
    public static byte[] Entry(string key, string value) =>
        Message(w =>
        {
            Text(w, 1, key);
            Text(w, 2, value);
        });

    /// <summary>The whole file.</summary>
    public byte[] Write() =>
        Message(w =>
        {
            Number(w, 1, 8);
            Text(w, 2, "crafted");
            Part(w, 7, Graph());
            Part(w, 8, Message(o => Number(o, 2, opset)));
            if (nodes.Any(n => n.Domain.Length > 0))
                Part(
                    w,
                    8,
                    Message(o =>
                    {
                        Text(o, 1, nodes.First(n => n.Domain.Length > 0).Domain);
                        Number(o, 2, 1);
                    })
                );
            foreach ((string key, string value) in _metadata)
                Part(w, 14, Entry(key, value));
        });

    public byte[] Graph() =>
        Message(w =>
        {
            foreach (CraftedNode node in nodes)
                Part(w, 1, Node(node));
            Text(w, 2, "graph");
            foreach (byte[] initializer in _initializers)
                Part(w, 5, initializer);
            foreach (byte[] input in _inputs)
                Part(w, 11, input);
            foreach (string output in _outputs)
                Part(w, 12, Message(o => Text(o, 1, output)));
        });

    public static void Part(CodedOutputStream writer, int field, byte[] bytes)
    {
        writer.WriteTag(field, WireFormat.WireType.LengthDelimited);
        writer.WriteBytes(ByteString.CopyFrom(bytes));
    }

    public static void Number(CodedOutputStream writer, int field, long value)
    {
        writer.WriteTag(field, WireFormat.WireType.Varint);
        writer.WriteInt64(value);
    }

    private static byte[] Node(CraftedNode node)
    {
        string[] sides = node.Flow.Split("->", StringSplitOptions.TrimEntries);
        return Message(w =>
        {
            foreach (string input in sides[0].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                Text(w, 1, input == "_" ? "" : input);
            foreach (string output in sides[1].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                Text(w, 2, output == "_" ? "" : output);
            Text(w, 3, $"/{node.Operator}");
            Text(w, 4, node.Operator);
            foreach ((string name, object value) in node.Attributes)
                Part(w, 5, Attribute(name, value));
            if (node.Domain.Length > 0)
                Text(w, 7, node.Domain);
        });
    }

    private static byte[] Attribute(string name, object value) =>
        Message(w =>
        {
            Text(w, 1, name);
            switch (value)
            {
                case float number:
                    w.WriteTag(2, WireFormat.WireType.Fixed32);
                    w.WriteFloat(number);
                    Number(w, 20, 1);
                    break;
                case int or long:
                    Number(w, 3, Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));
                    Number(w, 20, 2);
                    break;
                case string text:
                    Text(w, 4, text);
                    Number(w, 20, 3);
                    break;
                case byte[] tensor:
                    Part(w, 5, tensor);
                    Number(w, 20, 4);
                    break;
                case CraftedGraph graph:
                    Part(w, 6, graph.Graph());
                    Number(w, 20, 5);
                    break;
                case float[] numbers:
                    foreach (float number in numbers)
                    {
                        w.WriteTag(7, WireFormat.WireType.Fixed32);
                        w.WriteFloat(number);
                    }

                    Number(w, 20, 6);
                    break;
                case long[] numbers:
                    foreach (long number in numbers)
                        Number(w, 8, number);
                    Number(w, 20, 7);
                    break;
                case string[] texts:
                    foreach (string text in texts)
                        Text(w, 9, text);
                    Number(w, 20, 8);
                    break;
            }
        });

    private static void Text(CodedOutputStream writer, int field, string text) => Part(writer, field, Encoding.UTF8.GetBytes(text));

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using (var writer = new CodedOutputStream(bytes, leaveOpen: true))
            write(writer);
        return bytes.ToArray();
    }
}
