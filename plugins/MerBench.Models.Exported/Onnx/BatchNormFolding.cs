using MerBench.Models.Exported.Onnx.File;
using static TorchSharp.torch;

namespace MerBench.Models.Exported.Onnx;

/// <summary>Takes the scaling of a batch norm into the weights of the convolution before it, where nothing else reads what is between
/// them.</summary>
internal static class BatchNormFolding
{
    private const int Parameters = 4;

    /// <param name="weights">Of the graph; folded ones are added.</param>
    /// <returns>The graph without those batch norms.</returns>
    public static OnnxGraph Fold(OnnxGraph graph, Dictionary<string, Tensor> weights)
    {
        using var guard = no_grad();
        var makers = new Dictionary<string, OnnxNode>(StringComparer.Ordinal);
        foreach (OnnxNode node in graph.Nodes)
        foreach (string output in node.Outputs)
            makers[output] = node;
        var nodes = graph.Nodes.ToList();
        foreach (OnnxNode norm in graph.Nodes.Where(n => n is { Operator: "BatchNormalization", IsStandard: true }))
        {
            if (!makers.TryGetValue(norm.Inputs[0], out OnnxNode? maker) || !CanFold(graph, maker, norm, weights))
                continue;
            nodes[nodes.IndexOf(maker)] = Folded(maker, norm, weights);
            nodes.Remove(norm);
        }

        return graph with
        {
            Nodes = nodes,
        };
    }

    private static bool CanFold(OnnxGraph graph, OnnxNode maker, OnnxNode norm, Dictionary<string, Tensor> weights)
    {
        string between = maker.Outputs[0];
        bool isReadOnce = graph.Nodes.Sum(n => n.Inputs.Count(i => i == between)) == 1 && graph.Outputs.All(o => o.Name != between);
        bool hasBranches = graph.Nodes.Any(n => n.Attributes.Values.Any(a => a.Graph is not null));
        return maker is { Operator: "Conv", IsStandard: true }
            && isReadOnce
            && !hasBranches
            && maker.Inputs.Skip(1).Concat(norm.Inputs.Skip(1)).All(n => n.Length == 0 || weights.ContainsKey(n));
    }

    private static OnnxNode Folded(OnnxNode convolution, OnnxNode norm, Dictionary<string, Tensor> weights)
    {
        using var scope = NewDisposeScope();
        Tensor weight = weights[convolution.Inputs[1]];
        Tensor[] parameters = [.. norm.Inputs.Skip(1).Take(Parameters).Select(n => weights[n].to(ScalarType.Float64))];
        float epsilon = norm.Attributes.TryGetValue("epsilon", out OnnxAttribute? given) ? given.Float : 1e-5f;
        Tensor scale = parameters[0].div(parameters[3].add(epsilon).sqrt());
        Tensor bias =
            convolution.Inputs.Count > 2 && convolution.Inputs[2].Length > 0
                ? weights[convolution.Inputs[2]].to(ScalarType.Float64)
                : zeros_like(scale);
        Tensor scaled = weight.to(ScalarType.Float64).mul(scale.reshape([scale.numel(), .. Enumerable.Repeat(1L, (int)weight.dim() - 1)]));
        string name = $"{norm.Outputs[0]}/folded";
        weights[name] = scaled.to(weight.dtype).DetachFromDisposeScope();
        weights[name + "-bias"] = bias.sub(parameters[2]).mul(scale).add(parameters[1]).to(weight.dtype).DetachFromDisposeScope();
        return convolution with { Inputs = [convolution.Inputs[0], name, name + "-bias"], Outputs = norm.Outputs };
    }
}
