namespace MerBench.Models.Exported.Onnx.File;

/// <summary>A file of ONNX as far as it is needed here. Source: onnx.proto3 of github.com/onnx/onnx.</summary>
/// <param name="Producer">Which program wrote it, possibly empty.</param>
/// <param name="Opset">The version of the standard's operators.</param>
/// <param name="Domains">Other sets of operators that it names.</param>
/// <param name="Metadata">What its author added.</param>
internal sealed record OnnxFile(
    string Producer,
    int Opset,
    IReadOnlyList<string> Domains,
    OnnxGraph Graph,
    IReadOnlyDictionary<string, string> Metadata
);

/// <summary>A graph: nodes in an order in which they can be computed.</summary>
/// <param name="Inputs">What has to be given, without weights.</param>
internal sealed record OnnxGraph(
    IReadOnlyList<OnnxNode> Nodes,
    IReadOnlyList<OnnxTensor> Initializers,
    IReadOnlyList<OnnxValue> Inputs,
    IReadOnlyList<OnnxValue> Outputs
);

/// <summary>One operation.</summary>
/// <param name="Name">Possibly empty.</param>
/// <param name="Inputs">Names of values; an empty one stands for what is left out.</param>
/// <param name="Outputs">Names of values; an empty one for what nobody needs.</param>
internal sealed record OnnxNode(
    string Name,
    string Operator,
    string Domain,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<string> Outputs,
    IReadOnlyDictionary<string, OnnxAttribute> Attributes
)
{
    /// <summary>Whether the operator is the standard's.</summary>
    public bool IsStandard => Domain is "" or "ai.onnx";

    /// <summary>Operator and name, for messages.</summary>
    public string Describe() =>
        Name.Length > 0 ? $"{FullOperator} ('{Name}')" : $"{FullOperator} (its output is '{Outputs.FirstOrDefault()}')";

    /// <summary>The operator with its domain.</summary>
    public string FullOperator => IsStandard ? Operator : $"{Domain}.{Operator}";
}

/// <summary>An option of a node; one of these is set.</summary>
internal sealed record OnnxAttribute
{
    public long Int { get; init; }

    public float Float { get; init; }

    public string Text { get; init; } = "";

    public IReadOnlyList<long> Ints { get; init; } = [];

    public IReadOnlyList<float> Floats { get; init; } = [];

    public IReadOnlyList<string> Texts { get; init; } = [];

    public OnnxTensor? Tensor { get; init; }

    public OnnxGraph? Graph { get; init; }
}

/// <summary>What a graph takes or returns.</summary>
/// <param name="Type">Of its elements, as <see cref="OnnxTypes"/> numbers them.</param>
/// <param name="Shape">Null for dimensions that are free; null as a whole where nothing is declared.</param>
internal sealed record OnnxValue(string Name, int Type, IReadOnlyList<OnnxDimension>? Shape)
{
    /// <summary>Name, type and shape, for messages.</summary>
    public string Describe() => $"{Name} {OnnxTypes.Name(Type)} [{(Shape is null ? "?" : string.Join(", ", Shape))}]";
}

/// <summary>A dimension of a shape.</summary>
/// <param name="Size">Null where it is free.</param>
/// <param name="Name">What it is called then, such as <c>batch</c>.</param>
internal sealed record OnnxDimension(long? Size, string Name)
{
    public override string ToString() => Size is { } size ? FormattableString.Invariant($"{size}") : Label;

    private string Label => Name.Length > 0 ? Name : "?";
}

/// <summary>A tensor in the file.</summary>
/// <param name="Type">As <see cref="OnnxTypes"/> numbers them.</param>
/// <param name="Data">Its elements as bytes, little-endian; null where the file holds them in another form.</param>
internal sealed record OnnxTensor(string Name, int Type, IReadOnlyList<long> Shape, ReadOnlyMemory<byte>? Data)
{
    /// <summary>Elements of whole numbers, or bits of small floating-point ones, where <see cref="Data"/> is null.</summary>
    public IReadOnlyList<long> Numbers { get; init; } = [];
}
