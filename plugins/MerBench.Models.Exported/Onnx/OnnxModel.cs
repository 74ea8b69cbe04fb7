using MerBench.Host.Text;
using MerBench.Models.Exported.Adapter;
using MerBench.Models.Exported.Onnx.File;
using MerBench.Models.Exported.Onnx.Operators;
using static TorchSharp.torch;

namespace MerBench.Models.Exported.Onnx;

/// <summary>
/// A graph of ONNX (opsets 11 to 20), translated to operations of torch, so that attacks differentiate through it. Its answers are compared
/// with OnnxRuntime's when it is loaded and on the first clips, within 1e-5 of the largest output. A graph with operators that have no
/// translation is answered by OnnxRuntime alone, and knows no gradients. For attacks batch norms are folded into convolutions.
/// </summary>
[Model("onnx", Summary = "Any network exported to ONNX, with gradients to its input", Source = "onnx.ai, opsets 11 to 20")]
public sealed class OnnxModel(OnnxOptions options) : IFreezable, IDoublePrecision, IStaticInspection
{
    private readonly Lazy<OnnxFile> _file = new(() => GraphInspection.Read(options.Path));
    private IExportedModule? _module;
    private RuntimeComparison? _comparison;
    private ModelAdapter? _adapter;
    private ModelContext? _context;

    /// <inheritdoc/>
    public Domain Input => GraphInspection.FindInput(options, _file.Value);

    /// <summary>The floating-point weights by their names in the graph; none where OnnxRuntime answers.</summary>
    public IReadOnlyDictionary<string, Tensor> State => Module.State;

    private IExportedModule Module => _module ?? throw new InvalidOperationException("The model is not built yet.");

    private ModelAdapter Adapter => _adapter ?? throw new InvalidOperationException("The model is not built yet.");

    /// <inheritdoc/>
    public ModelFileReport Inspect() => GraphInspection.Inspect(options, _file);

    /// <inheritdoc/>
    public void Build(ModelContext context)
    {
        _context = context;
        try
        {
            _module = Load(context.Device);
            _adapter = ModelAdapter.Fit(_module, options with { Input = Input }, context);
            if (_module is OnnxModule translated)
                _comparison = RuntimeComparison.Begin(translated, _file.Value, _adapter, context);
        }
        catch (PluginUserException e) when (!e.Message.StartsWith(options.Path, StringComparison.Ordinal))
        {
            throw new PluginUserException($"{options.Path} {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <inheritdoc/>
    public IFrozenModel Freeze(Precision precision) =>
        precision switch
        {
            Precision.Fp32 when _module is RuntimeModule => new FrozenModule(Adapter, Module),
            Precision.Fp32 => Folded(ScalarType.Float32),
            Precision.Bf16 => Folded(ScalarType.BFloat16),
            Precision.Fp16 => Folded(ScalarType.Float16),
            _ => throw new PluginUserException($"onnx has no form for attacks in {precision}."),
        };

    /// <inheritdoc/>
    public ModelOutput Forward(Tensor input) => _comparison?.Forward(input) ?? Adapter.Forward(Module, input);

    /// <summary>Does nothing: a graph is evaluated as it was exported.</summary>
    /// <param name="training">Not used.</param>
    public void SetTraining(bool training) { }

    /// <inheritdoc/>
    public void ToDouble()
    {
        Translated("does not compute in float64").ConvertTo(ScalarType.Float64);
        _comparison?.Dispose();
        _comparison = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _comparison?.Dispose();
        _adapter?.Dispose();
        _module?.Dispose();
    }

    private IExportedModule Load(Device device)
    {
        OnnxFile file = _file.Value;
        return GraphRunner.Complaints(file.Graph).Any()
            ? new RuntimeModule(options.Path, file)
            : new OnnxModule(options.Path, file, device);
    }

    private OnnxModule Translated(string refusal) =>
        Module as OnnxModule
        ?? throw new PluginUserException($"{options.Path} {refusal}: OnnxRuntime answers for it, as it has operators without translation.");

    // Weights may have been loaded since the graph was.
    private FrozenModule Folded(ScalarType type)
    {
        Translated($"has no form in {type}");
        using var guard = no_grad();
        var copy = new OnnxModule(options.Path, _file.Value, _context!.Device);
        try
        {
            foreach ((string name, Tensor value) in copy.State)
                value.copy_(State[name]);
            copy.FoldBatchNorms();
            if (type != ScalarType.Float32)
                copy.ConvertTo(type);
            using var scope = NewDisposeScope();
            Adapter.Forward(copy, zeros([1, .. _context.InputShape], device: _context.Device));
            return new FrozenModule(Adapter, copy, copy);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            copy.Dispose();
            throw new PluginUserException($"{options.Path} does not compute in {type}: {NativeMessage.Cause(e.Message)}.", e);
        }
    }
}
