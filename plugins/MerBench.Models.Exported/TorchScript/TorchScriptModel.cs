using MerBench.Host.Text;
using TorchSharp;
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
public sealed class TorchScriptModel(TorchScriptOptions options) : IFreezable, IDoublePrecision
{
    private jit.ScriptModule? _module;
    private ModelContext? _context;

    /// <inheritdoc/>
    public Domain Input => options.Input;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> State => Module.state_dict();

    private jit.ScriptModule Module => _module ?? throw new InvalidOperationException("The model is not built yet.");

    /// <inheritdoc/>
    public void Build(ModelContext context)
    {
        _context = context;
        _module = Load(context.Device);
        Probe(context);
    }

    /// <inheritdoc/>
    public IFrozenModel Freeze(Precision precision) =>
        precision switch
        {
            Precision.Fp32 => new FrozenTorchScript(Forward),
            Precision.Bf16 => InHalf(ScalarType.BFloat16),
            Precision.Fp16 => InHalf(ScalarType.Float16),
            _ => throw new PluginUserException($"torchscript has no form for attacks in {precision}."),
        };

    /// <inheritdoc/>
    public ModelOutput Forward(Tensor input) => Forward(Module, input);

    private ModelOutput Forward(jit.ScriptModule module, Tensor input)
    {
        object output = module.forward(
            options.Input == Domain.Features && options.Layout == FeatureLayout.Bctf ? input.unsqueeze(1) : input
        );
        return new ModelOutput(
            Pick(output, options.EmotionOutput, "emotion-output"),
            options.ConceptOutput < 0 ? null : Pick(output, options.ConceptOutput, "concept-output")
        );
    }

    /// <summary>Does nothing: the module is evaluated as it was exported.</summary>
    /// <param name="training">Not used.</param>
    public void SetTraining(bool training) => Module.eval();

    /// <inheritdoc/>
    public void ToDouble()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        Module.to(ScalarType.Float64);
        RequireComputes(
            ScalarType.Float64,
            () => Forward(Sample(ScalarType.Float64)),
            "the host compares its gradients with differences of its predictions instead"
        );
    }

    /// <inheritdoc/>
    public void Dispose() => _module?.Dispose();

    private jit.ScriptModule Load(Device device)
    {
        if (TorchScriptFile.Complaint(options.Path) is { } complaint)
            throw new PluginUserException($"{options.Path} {complaint}.");
        try
        {
            jit.ScriptModule module = jit.load(options.Path, device.type, device.index);
            module.eval();
            foreach (var parameter in module.parameters())
                parameter.requires_grad_(false);
            return module;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new PluginUserException(
                $"{options.Path} cannot be loaded as TorchScript: {NativeMessage.Cause(e.Message)}. It is damaged, or was written by a "
                    + $"newer PyTorch: save it anew with torch.jit.script(model).save(path).",
                e
            );
        }
    }

    // Weights may have been loaded since the module was.
    private FrozenTorchScript InHalf(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        jit.ScriptModule module = Load(_context!.Device);
        foreach ((string name, Tensor value) in module.state_dict())
            value.copy_(State[name]);
        module.to(type);
        var frozen = new FrozenTorchScript(input => Forward(module, input), type, module);
        try
        {
            RequireComputes(type, () => frozen.Forward(Sample(ScalarType.Float32)), "leave 'precision' out");
            return frozen;
        }
        catch
        {
            frozen.Dispose();
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

    private void Probe(ModelContext context)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        ModelOutput output;
        try
        {
            output = Forward(zeros([2, .. context.InputShape], device: context.Device));
        }
        catch (Exception e) when (e is not PluginUserException and not OutOfMemoryException)
        {
            throw new PluginUserException(
                $"{options.Path} does not take {options.Input.ToString().ToLowerInvariant()} of shape [2, "
                    + $"{string.Join(", ", context.InputShape)}]: {NativeMessage.Cause(e.Message)}. See 'input' and 'layout'.",
                e
            );
        }

        Require(output.Emotion, context.Emotions, "emotions");
        if (output.Concepts is { } concepts && context.Concepts is { } space)
            Require(concepts, space, "concepts");
    }

    private void Require(Tensor output, LabelSpace labels, string what)
    {
        if (!output.shape.SequenceEqual([2, labels.Count]))
            throw new PluginUserException(
                $"{options.Path} returns {what} of shape [{string.Join(", ", output.shape)}] for 2 clips; expected [2, {labels.Count}]: "
                    + $"{string.Join(", ", labels.Names)}."
            );
    }

    private Tensor Pick(object output, int position, string option)
    {
        object? picked = output switch
        {
            Tensor tensor when position == 0 => tensor,
            System.Runtime.CompilerServices.ITuple tuple when position < tuple.Length => tuple[position],
            System.Collections.IList list when position < list.Count => list[position],
            _ => null,
        };
        return picked as Tensor
            ?? throw new PluginUserException(
                $"{options.Path} returns {output.GetType().Name}, in which '{option}: {position}' is not a tensor."
            );
    }
}
