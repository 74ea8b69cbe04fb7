using MerBench.Host.Text;
using MerBench.Models.Exported.Adapter;
using static TorchSharp.torch;

namespace MerBench.Models.Exported.TorchScript;

/// <summary>
/// A module exported from PyTorch, in evaluation mode and with its own weights; attacks differentiate through it. Script it
/// (<c>torch.jit.script</c>) rather than trace it: a traced module keeps the mode that it was traced in, so trace only after <c>eval()</c>.
/// For attacks in another format a copy of it computes in that. A module is a program: it can read and write files, and run without end.
/// </summary>
[Model(
    "torchscript",
    Summary = "Any module exported from PyTorch with TorchScript; it is code, which can read and write files",
    Source = "torch.jit.script, torch.jit.trace",
    RunsForeignCode = true
)]
public sealed class TorchScriptModel(TorchScriptOptions options) : IFreezable, IDoublePrecision, IStaticInspection
{
    private TorchScriptModule? _module;
    private ModelAdapter? _adapter;
    private ModelContext? _context;
    private Domain? _input;

    /// <inheritdoc/>
    public Domain Input => _input ??= FindInput();

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> State => Module.State;

    private TorchScriptModule Module => _module ?? throw new InvalidOperationException("The model is not built yet.");

    private ModelAdapter Adapter => _adapter ?? throw new InvalidOperationException("The model is not built yet.");

    /// <summary>Looks at the archive alone: the code in it is not loaded.</summary>
    public ModelFileReport Inspect() => TorchScriptInspection.Inspect(options);

    /// <inheritdoc/>
    public void Build(ModelContext context)
    {
        _context = context;
        _module = TorchScriptModule.LoadWide(options.Path, context.Device);
        _adapter = ModelAdapter.Fit(_module, options with { Input = Input }, context);
    }

    /// <inheritdoc/>
    public IFrozenModel Freeze(Precision precision) =>
        precision switch
        {
            Precision.Fp32 => new FrozenModule(Adapter, Module),
            Precision.Bf16 => InHalf(ScalarType.BFloat16),
            Precision.Fp16 => InHalf(ScalarType.Float16),
            _ => throw new PluginUserException($"torchscript has no form for attacks in {precision}."),
        };

    /// <inheritdoc/>
    public ModelOutput Forward(Tensor input) => Adapter.Forward(Module, input);

    /// <summary>Does nothing: the module is evaluated as it was exported.</summary>
    /// <param name="training">Not used.</param>
    public void SetTraining(bool training) => Module.Evaluate();

    /// <inheritdoc/>
    public void ToDouble()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        Module.ConvertTo(ScalarType.Float64);
        RequireComputes(
            ScalarType.Float64,
            () => Forward(Sample(ScalarType.Float64)),
            "the host compares its gradients with differences of its predictions instead"
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _adapter?.Dispose();
        _module?.Dispose();
    }

    private Domain FindInput()
    {
        if (options.Input is { } given)
            return given;
        using TorchScriptModule module = TorchScriptModule.LoadWide(options.Path, CPU);
        return DomainProbe.Find(module, options, CPU);
    }

    // Weights may have been loaded since the module was.
    private FrozenModule InHalf(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        TorchScriptModule module = TorchScriptModule.Load(options.Path, _context!.Device);
        try
        {
            foreach ((string name, Tensor value) in module.State)
                value.copy_(State[name]);
            module.ConvertTo(type);
            RequireComputes(type, () => Adapter.Forward(module, Sample(ScalarType.Float32)), "leave 'precision' out");
            return new FrozenModule(Adapter, module, module);
        }
        catch
        {
            module.Dispose();
            throw;
        }
    }

    private Tensor Sample(ScalarType type) => zeros([2, .. _context!.InputShape], dtype: type, device: _context.Device);

    private void RequireComputes(ScalarType type, Action forward, string instead)
    {
        try
        {
            forward();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            const string Reason = "Its code or its constants name a format (as those of torch.jit.freeze do)";
            throw new PluginUserException(
                $"{options.Path} does not compute in {type}: {NativeMessage.Cause(e.Message)}. {Reason}; {instead}.",
                e
            );
        }
    }
}
