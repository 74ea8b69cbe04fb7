using Google.Protobuf;
using MerBench.Host.Text;

namespace MerBench.Models.Exported.Onnx.File;

/// <summary>Reads a file of ONNX (<c>ModelProto</c>), without torch and without a runtime. Source: onnx.proto3.</summary>
internal static class OnnxReader
{
    private const string Export =
        "export the model in Python: torch.onnx.export(model.eval(), example, 'model.onnx', opset_version=17, "
        + "dynamic_axes={'input': {0: 'batch'}}, input_names=['input'])";

    /// <exception cref="InvalidOnnxException">It is something else, or damaged; the message completes «FILE ...».</exception>
    public static OnnxFile Read(string path)
    {
        byte[] file = System.IO.File.ReadAllBytes(path);
        if (file.Length == 0)
            throw new InvalidOnnxException($"is empty; {Export}");
        string? format = FileFormat.Recognise(file.AsSpan(0, Math.Min(file.Length, FileFormat.Looked)));
        if (format is not (null or "an ONNX graph"))
            throw new InvalidOnnxException($"is {format}, and no ONNX graph; {Export}");
        try
        {
            return Model(new WireMessage(file, 0, file.Length), new ExternalData(path));
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidDataException or OverflowException or ArgumentException)
        {
            throw format is null ? NoOnnx() : InvalidOnnxException.Because("its Protocol Buffers end too early or make no sense");
        }
    }

    private static InvalidOnnxException NoOnnx() => new($"is no ONNX graph; {Export}");

    private static OnnxFile Model(WireMessage message, ExternalData external)
    {
        string producer = "";
        int opset = 0;
        var domains = new List<string>();
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        OnnxGraph? graph = null;
        foreach (WireField field in message.Fields())
        {
            switch (field.Number)
            {
                case 2:
                    producer = field.Text;
                    break;
                case 3 when producer.Length > 0:
                    producer += " " + field.Text;
                    break;
                case 7:
                    graph = Graph(field.Part, external);
                    break;
                case 8:
                    (string domain, int version) = Opset(field.Part);
                    if (domain is "" or "ai.onnx")
                        opset = version;
                    else
                        domains.Add(domain);
                    break;
                case 14:
                    (string key, string value) = Entry(field.Part);
                    metadata[key] = value;
                    break;
            }
        }

        return graph is { Nodes.Count: > 0 } ? new OnnxFile(producer, opset, domains, graph, metadata) : throw NoOnnx();
    }

    private static (string Domain, int Version) Opset(WireMessage message)
    {
        (string domain, int version) = ("", 0);
        foreach (WireField field in message.Fields())
            if (field.Number == 1)
                domain = field.Text;
            else if (field.Number == 2)
                version = (int)Math.Clamp(field.Value, 0, int.MaxValue);
        return (domain, version);
    }

    /// <summary>A pair of texts, as metadata and places of external data are written.</summary>
    public static (string Key, string Value) Entry(WireMessage message)
    {
        (string key, string value) = ("", "");
        foreach (WireField field in message.Fields())
            if (field.Number == 1)
                key = field.Text;
            else if (field.Number == 2)
                value = field.Text;
        return (key, value);
    }

    private static OnnxGraph Graph(WireMessage message, ExternalData external)
    {
        var nodes = new List<OnnxNode>();
        var initializers = new List<OnnxTensor>();
        var inputs = new List<OnnxValue>();
        var outputs = new List<OnnxValue>();
        foreach (WireField field in message.Fields())
        {
            switch (field.Number)
            {
                case 1:
                    nodes.Add(Node(field.Part, external));
                    break;
                case 5:
                    initializers.Add(TensorReader.Read(field.Part, external));
                    break;
                case 11:
                    inputs.Add(Value(field.Part));
                    break;
                case 12:
                    outputs.Add(Value(field.Part));
                    break;
                case 15:
                    throw new InvalidOnnxException("holds sparse weights, which are not read; export it with dense ones");
            }
        }

        // Until 2019 exporters listed weights among the inputs.
        var weights = initializers.Select(i => i.Name).ToHashSet(StringComparer.Ordinal);
        return new OnnxGraph(nodes, initializers, [.. inputs.Where(i => !weights.Contains(i.Name))], outputs);
    }

    private static OnnxNode Node(WireMessage message, ExternalData external)
    {
        (string name, string @operator, string domain) = ("", "", "");
        var inputs = new List<string>();
        var outputs = new List<string>();
        var attributes = new Dictionary<string, OnnxAttribute>(StringComparer.Ordinal);
        foreach (WireField field in message.Fields())
        {
            switch (field.Number)
            {
                case 1:
                    inputs.Add(field.Text);
                    break;
                case 2:
                    outputs.Add(field.Text);
                    break;
                case 3:
                    name = field.Text;
                    break;
                case 4:
                    @operator = field.Text;
                    break;
                case 5:
                    (string key, OnnxAttribute attribute) = Attribute(field.Part, external);
                    attributes[key] = attribute;
                    break;
                case 7:
                    domain = field.Text;
                    break;
            }
        }

        return new OnnxNode(name, @operator, domain, inputs, outputs, attributes);
    }

    private static (string Name, OnnxAttribute Attribute) Attribute(WireMessage message, ExternalData external)
    {
        string name = "";
        var attribute = new OnnxAttribute();
        var (ints, floats, texts) = (new List<long>(), new List<float>(), new List<string>());
        foreach (WireField field in message.Fields())
        {
            if (field.Number == 1)
                name = field.Text;
            else if (field.Number == 7)
                floats.AddRange(field.Floats);
            else if (field.Number == 8)
                ints.AddRange(field.Longs);
            else if (field.Number == 9)
                texts.Add(field.Text);
            else
                attribute = field.Number switch
                {
                    2 => attribute with { Float = field.Float },
                    3 => attribute with { Int = field.Value },
                    4 => attribute with { Text = field.Text },
                    5 => attribute with { Tensor = TensorReader.Read(field.Part, external) },
                    6 => attribute with { Graph = Graph(field.Part, external) },
                    _ => attribute,
                };
        }

        return (name, attribute with { Ints = ints, Floats = floats, Texts = texts });
    }

    private static OnnxValue Value(WireMessage message)
    {
        string name = "";
        int type = 0;
        List<OnnxDimension>? shape = null;
        foreach (WireField field in message.Fields())
        {
            if (field.Number == 1)
                name = field.Text;
            else if (field.Number == 2)
                foreach (WireField tensor in field.Part.Fields().Where(f => f.Number == 1).SelectMany(f => f.Part.Fields()))
                    if (tensor.Number == 1)
                        type = (int)tensor.Value;
                    else if (tensor.Number == 2)
                        shape = [.. tensor.Part.Fields().Where(f => f.Number == 1).Select(f => Dimension(f.Part))];
        }

        return new OnnxValue(name, type, shape);
    }

    private static OnnxDimension Dimension(WireMessage message)
    {
        var dimension = new OnnxDimension(null, "");
        foreach (WireField field in message.Fields())
            if (field.Number == 1)
                dimension = dimension with { Size = field.Value };
            else if (field.Number == 2)
                dimension = dimension with { Name = field.Text };
        return dimension;
    }
}
