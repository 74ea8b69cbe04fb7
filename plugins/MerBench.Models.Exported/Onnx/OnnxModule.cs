using MerBench.Models.Exported.Adapter;
using MerBench.Models.Exported.Onnx.File;
using MerBench.Models.Exported.Onnx.Operators;
using static TorchSharp.torch;

namespace MerBench.Models.Exported.Onnx;

/// <summary>A graph of ONNX as operations of torch, through which gradients flow to its input.</summary>
internal sealed class OnnxModule : IExportedModule
{
    private readonly Dictionary<string, Tensor> _weights;
    private readonly Dictionary<string, Tensor> _constants;
    private readonly OnnxValue _input;
    private OnnxGraph _graph;
    private GraphSetting _setting;

    /// <summary>Makes tensors of a file's weights.</summary>
    /// <exception cref="PluginUserException">It holds numbers that are not read.</exception>
    public OnnxModule(string path, OnnxFile file, Device device)
    {
        File = path;
        Metadata = ModuleMetadata.Read(file.Metadata);
        _graph = file.Graph;
        _input = file.Graph.Inputs[0];
        _setting = new GraphSetting(file.Opset, ScalarType.Float32, device);
        _weights = Load(file.Graph.Initializers.Where(i => OnnxTypes.IsFloat(i.Type)));
        _constants = Load(file.Graph.Initializers.Where(i => !OnnxTypes.IsFloat(i.Type)));
    }

    /// <inheritdoc/>
    public string File { get; }

    /// <inheritdoc/>
    public ModuleMetadata Metadata { get; }

    /// <inheritdoc/>
    public IReadOnlyList<long?>? DeclaredInput => _input.Shape is { } shape ? [.. shape.Select(d => d.Size)] : null;

    /// <summary>The floating-point weights by their names in the graph.</summary>
    public IReadOnlyDictionary<string, Tensor> State => _weights;

    /// <inheritdoc/>
    public NamedOutputs Forward(Tensor input)
    {
        DeclaredShape.Require(_input, input);
        using var scope = NewDisposeScope();
        var known = new Dictionary<string, Tensor>(_weights, StringComparer.Ordinal) { [_input.Name] = input.to(_setting.Floating) };
        foreach ((string name, Tensor constant) in _constants)
            known[name] = constant;
        Tensor[] outputs = GraphRunner.Run(_graph, known, _setting);
        // An output may be a weight, or the input itself.
        return new NamedOutputs([.. outputs.Select(o => o.alias().MoveToOuterDisposeScope())], [.. _graph.Outputs.Select(o => o.Name)]);
    }

    /// <summary>Computes in another format from now on, for good.</summary>
    public void ConvertTo(ScalarType type)
    {
        _setting = _setting with { Floating = type };
        foreach (string name in _weights.Keys.ToArray())
        {
            using Tensor before = _weights[name];
            _weights[name] = before.to(type, copy: true).DetachFromDisposeScope();
        }
    }

    /// <summary>Takes batch norms into the convolutions before them, for good: the weights are no longer those of the file.</summary>
    public void FoldBatchNorms() => _graph = BatchNormFolding.Fold(_graph, _weights);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in _weights.Values.Concat(_constants.Values))
            tensor.Dispose();
    }

    private Dictionary<string, Tensor> Load(IEnumerable<OnnxTensor> stored)
    {
        var loaded = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (OnnxTensor tensor in stored.Where(t => t.Type != OnnxTypes.Text))
            loaded[tensor.Name] = StoredValues.ToTensor(tensor, _setting.Floating, _setting.Device).DetachFromDisposeScope();
        return loaded;
    }
}
