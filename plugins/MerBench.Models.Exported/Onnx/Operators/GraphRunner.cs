using MerBench.Host.Text;
using MerBench.Models.Exported.Onnx.File;
using static TorchSharp.torch;

namespace MerBench.Models.Exported.Onnx.Operators;

/// <summary>Computes graphs, node by node, with operations of torch.</summary>
internal static class GraphRunner
{
    private const string Branch = "If";

    /// <summary>Why nodes of a graph, and of the branches within it, cannot be translated.</summary>
    public static IEnumerable<(OnnxNode Node, string Why)> Complaints(OnnxGraph graph)
    {
        foreach (OnnxNode node in graph.Nodes)
        {
            if (!IsBranch(node) && OperatorRegistry.Complaint(node) is { } complaint)
                yield return (node, complaint);
            if (IsBranch(node))
                foreach ((OnnxNode, string) inner in node.Attributes.Values.Select(a => a.Graph).OfType<OnnxGraph>().SelectMany(Complaints))
                    yield return inner;
        }
    }

    /// <param name="known">Values by name: inputs, weights and constants; of a branch also those around it. Gets what nodes make.</param>
    /// <exception cref="PluginUserException">A node takes no such inputs; the message continues <c>FILE ...</c>.</exception>
    public static Tensor[] Run(OnnxGraph graph, Dictionary<string, Tensor> known, GraphSetting setting)
    {
        foreach (OnnxNode node in graph.Nodes)
        {
            Tensor?[] inputs = [.. node.Inputs.Select(n => n.Length == 0 ? null : Find(known, n, node))];
            Tensor[] outputs = IsBranch(node) ? RunBranch(node, inputs[0]!, known, setting) : Compute(node, inputs, setting);
            for (int i = 0; i < Math.Min(outputs.Length, node.Outputs.Count); i++)
                known[node.Outputs[i]] = outputs[i];
        }

        return [.. graph.Outputs.Select(o => Find(known, o.Name, graph.Nodes[^1]))];
    }

    private static bool IsBranch(OnnxNode node) => node is { Operator: Branch, IsStandard: true };

    private static Tensor Find(Dictionary<string, Tensor> known, string name, OnnxNode node) =>
        known.TryGetValue(name, out Tensor? value)
            ? value
            : throw new PluginUserException(
                $"asks for '{GuestText.Name(name)}' at {GuestText.Name(node.Describe())}, which nothing computes"
            );

    private static Tensor[] RunBranch(OnnxNode node, Tensor condition, Dictionary<string, Tensor> known, GraphSetting setting)
    {
        string taken = condition.cpu().to(ScalarType.Bool).item<bool>() ? "then_branch" : "else_branch";
        OnnxGraph branch = node.Attributes[taken].Graph!;
        var inner = new Dictionary<string, Tensor>(known, StringComparer.Ordinal);
        foreach (OnnxTensor constant in branch.Initializers)
            inner[constant.Name] = StoredValues.ToTensor(constant, setting.Floating, setting.Device);
        return Run(branch, inner, setting);
    }

    private static Tensor[] Compute(OnnxNode node, Tensor?[] inputs, GraphSetting setting)
    {
        try
        {
            return OperatorRegistry.Find(node).Compute(new OnnxCall(node, inputs, setting));
        }
        catch (UnsupportedOnnxException e)
        {
            throw new PluginUserException($"cannot be translated at {GuestText.Message(e.Message)}", e);
        }
        catch (Exception e) when (e is not PluginUserException and not OutOfMemoryException)
        {
            string given = string.Join(", ", inputs.Select(i => i is null ? "nothing" : $"[{string.Join(", ", i.shape)}]"));
            throw new InvalidOperationException($"{GuestText.Name(node.Describe())}, given {given}: {NativeMessage.Cause(e.Message)}", e);
        }
    }
}
