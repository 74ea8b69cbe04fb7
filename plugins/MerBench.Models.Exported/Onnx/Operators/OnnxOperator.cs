using MerBench.Models.Exported.Onnx.File;
using static TorchSharp.torch;

namespace MerBench.Models.Exported.Onnx.Operators;

/// <summary>The translation of an operator to operations of torch.</summary>
/// <param name="Compute">Its outputs, in the order of the node's.</param>
internal sealed record OnnxOperator(Func<OnnxCall, Tensor[]> Compute)
{
    /// <summary>Says why a node cannot be translated all the same; null where it can.</summary>
    public Func<OnnxNode, string?> Limit { get; init; } = static _ => null;
}

/// <summary>Operators of a family, in the few words that a list of them needs.</summary>
internal sealed class OperatorFamily : Dictionary<string, OnnxOperator>
{
    public OperatorFamily()
        : base(StringComparer.Ordinal) { }

    /// <summary>An operator with one output.</summary>
    public void Add(string name, Func<OnnxCall, Tensor> compute, Func<OnnxNode, string?>? limit = null) =>
        AddMany(name, call => [compute(call)], limit);

    /// <summary>An operator with several outputs.</summary>
    public void AddMany(string name, Func<OnnxCall, Tensor[]> compute, Func<OnnxNode, string?>? limit = null) =>
        this[name] = limit is null ? new OnnxOperator(compute) : new OnnxOperator(compute) { Limit = limit };
}
