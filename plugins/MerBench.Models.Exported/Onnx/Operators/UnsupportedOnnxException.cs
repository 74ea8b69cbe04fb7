using MerBench.Models.Exported.Onnx.File;

namespace MerBench.Models.Exported.Onnx.Operators;

/// <summary>A node that has no translation.</summary>
internal sealed class UnsupportedOnnxException(OnnxNode node, string why) : Exception($"{node.Describe()}: {why}")
{
    public OnnxNode Node => node;
}
