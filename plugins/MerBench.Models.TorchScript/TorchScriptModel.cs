using static TorchSharp.torch;

namespace MerBench.Models.TorchScript;

/// <summary>
/// A module exported from PyTorch, in evaluation mode and with its own weights; attacks differentiate through it. Script it
/// (<c>torch.jit.script</c>) rather than trace it: a traced module keeps the mode that it was traced in, so trace only after <c>eval()</c>.
/// </summary>
[Model("torchscript", Summary = "Any module exported from PyTorch with TorchScript", Source = "torch.jit.script, torch.jit.trace")]
public sealed class TorchScriptModel(TorchScriptOptions options) : IModel
{
    private jit.ScriptModule? _module;

    /// <inheritdoc/>
    public Domain Input => options.Input;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> State => Module.state_dict();

    private jit.ScriptModule Module => _module ?? throw new InvalidOperationException("The model is not built yet.");

    /// <inheritdoc/>
    public void Build(ModelContext context)
    {
        try
        {
            _module = jit.load(options.Path, context.Device.type, context.Device.index);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new PluginUserException(
                $"{options.Path} cannot be loaded as TorchScript: {FirstLine(e)}. Save it with torch.jit.script(model).save(path); state dicts go to the key 'weights' instead.", e);
        }

        _module.eval();
        foreach (var parameter in _module.parameters()) parameter.requires_grad_(false);
        Probe(context);
    }

    /// <inheritdoc/>
    public ModelOutput Forward(Tensor input)
    {
        object output = Module.forward(options.Input == Domain.Features && options.Layout == FeatureLayout.Bctf ? input.unsqueeze(1) : input);
        return new ModelOutput(
            Pick(output, options.EmotionOutput, "emotion-output"),
            options.ConceptOutput < 0 ? null : Pick(output, options.ConceptOutput, "concept-output"));
    }

    /// <summary>Does nothing: the module is evaluated as it was exported.</summary>
    /// <param name="training">Not used.</param>
    public void SetTraining(bool training) => Module.eval();

    /// <inheritdoc/>
    public void Dispose() => _module?.Dispose();

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
                $"{options.Path} does not take {options.Input.ToString().ToLowerInvariant()} of shape [2, {string.Join(", ", context.InputShape)}]: {FirstLine(e)}. See 'input' and 'layout'.", e);
        }

        Require(output.Emotion, context.Emotions, "emotions");
        if (output.Concepts is { } concepts && context.Concepts is { } space) Require(concepts, space, "concepts");
    }

    private void Require(Tensor output, LabelSpace labels, string what)
    {
        if (!output.shape.SequenceEqual([2, labels.Count]))
            throw new PluginUserException(
                $"{options.Path} returns {what} of shape [{string.Join(", ", output.shape)}] for 2 clips; expected [2, {labels.Count}]: {string.Join(", ", labels.Names)}.");
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
        return picked as Tensor ?? throw new PluginUserException($"{options.Path} returns {output.GetType().Name}, in which '{option}: {position}' is not a tensor.");
    }

    private static string FirstLine(Exception e) => e.Message.Trim().Split('\n')[^1].Trim() is { Length: > 0 } last ? last : e.Message.Split('\n')[0];
}
