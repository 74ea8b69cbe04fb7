using MerBench.Models.Exported.Onnx.File;
using static TorchSharp.torch;

namespace MerBench.Models.Exported.Onnx.Operators;

/// <summary>One node as it is computed: its inputs, its attributes, and what the whole graph computes in.</summary>
/// <param name="inputs">Null where the node leaves one out.</param>
internal sealed class OnnxCall(OnnxNode node, IReadOnlyList<Tensor?> inputs, GraphSetting setting)
{
    public OnnxNode Node => node;

    public int Opset => setting.Opset;

    public Device Device => setting.Device;

    /// <summary>What floating-point numbers are computed in.</summary>
    public ScalarType Floating => setting.Floating;

    public int Count => inputs.Count;

    /// <summary>An input that the operator needs.</summary>
    /// <exception cref="UnsupportedOnnxException">The node lacks it.</exception>
    public Tensor this[int position] => Optional(position) ?? throw new UnsupportedOnnxException(node, $"it lacks its input {position}");

    public Tensor? Optional(int position) => position < inputs.Count ? inputs[position] : null;

    /// <summary>All inputs that are there.</summary>
    public IReadOnlyList<Tensor> All => [.. inputs.OfType<Tensor>()];

    public long Int(string name, long otherwise) => node.Attributes.TryGetValue(name, out OnnxAttribute? found) ? found.Int : otherwise;

    public float Float(string name, float otherwise) =>
        node.Attributes.TryGetValue(name, out OnnxAttribute? found) ? found.Float : otherwise;

    public string Text(string name, string otherwise) =>
        node.Attributes.TryGetValue(name, out OnnxAttribute? found) ? found.Text : otherwise;

    public bool Is(string name, bool otherwise = false) => Int(name, otherwise ? 1 : 0) != 0;

    public IReadOnlyList<long>? Ints(string name) => node.Attributes.TryGetValue(name, out OnnxAttribute? found) ? found.Ints : null;

    /// <summary>Whole numbers of an input, such as a shape; null where it is left out.</summary>
    public long[]? Longs(int position)
    {
        if (Optional(position) is not { } tensor)
            return null;
        using Tensor plain = tensor.to(ScalarType.Int64).cpu().contiguous();
        return plain.data<long>().ToArray();
    }

    /// <summary>Whole numbers that older opsets have as an attribute and newer ones as an input.</summary>
    public IReadOnlyList<long>? Longs(string attribute, int position) => Ints(attribute) ?? Longs(position);

    /// <summary>A dimension counted from the front, of one that may be counted from the back.</summary>
    public static int Axis(long axis, Tensor tensor) => (int)(axis < 0 ? axis + tensor.dim() : axis);

    /// <summary>An input on the device of another: shapes are computed on the CPU.</summary>
    public Tensor Beside(int position, Tensor other) => this[position].to(other.device);
}

/// <summary>What all nodes of a graph share.</summary>
/// <param name="Opset">The version of the standard's operators.</param>
/// <param name="Floating">What floating-point numbers are computed in; a cast to float32 is one to this.</param>
internal sealed record GraphSetting(int Opset, ScalarType Floating, Device Device);
