using System.Collections;
using System.Runtime.CompilerServices;
using MerBench.Host.Text;
using MerBench.Models.Exported.Adapter;
using TorchSharp;
using static TorchSharp.torch;

namespace MerBench.Models.Exported.TorchScript;

/// <summary>A module that libtorch loaded, in evaluation mode; it computes in one format and takes and returns any.</summary>
internal sealed class TorchScriptModule : IExportedModule
{
    private readonly jit.ScriptModule _module;
    private readonly bool _returnsDictionary;
    private IReadOnlyList<string>? _names;

    private TorchScriptModule(string file, jit.ScriptModule module, bool returnsDictionary, ModuleMetadata metadata)
    {
        (File, _module, _returnsDictionary, Metadata) = (file, module, returnsDictionary, metadata);
        Type = FindType();
    }

    /// <inheritdoc/>
    public string File { get; }

    /// <inheritdoc/>
    public ModuleMetadata Metadata { get; }

    /// <inheritdoc/>
    public IReadOnlyList<long?>? DeclaredInput => null;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> State => _module.state_dict();

    /// <summary>In which it computes.</summary>
    public ScalarType Type { get; private set; }

    /// <summary>Loads a file.</summary>
    /// <exception cref="PluginUserException">It is no module; the message says what it is.</exception>
    public static TorchScriptModule Load(string path, Device device)
    {
        if (TorchScriptFile.Complaint(path) is { } complaint)
            throw new PluginUserException($"{path} {complaint}.");
        try
        {
            ModuleMetadata metadata = TorchScriptArchive.ReadMetadata(path);
            byte[]? rewritten = DictionaryForm.Rewrite(path);
            jit.ScriptModule module = rewritten is null
                ? jit.load(path, device.type, device.index)
                : jit.load(rewritten, device.type, device.index);
            module.eval();
            foreach (var parameter in module.parameters())
                parameter.requires_grad_(false);
            return new TorchScriptModule(path, module, rewritten is not null, metadata);
        }
        catch (PluginUserException e)
        {
            throw new PluginUserException($"{path} {e.Message}.", e);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new PluginUserException(
                $"{path} cannot be loaded as TorchScript: {NativeMessage.Cause(e.Message)}. It is damaged, or was written by a "
                    + $"newer PyTorch: save it anew with torch.jit.script(model).save(path).",
                e
            );
        }
    }

    /// <summary>Loads a file; one in half precision computes in float32, whose gradients are finer.</summary>
    /// <exception cref="PluginUserException">It is no module; the message says what it is.</exception>
    public static TorchScriptModule LoadWide(string path, Device device)
    {
        TorchScriptModule module = Load(path, device);
        if (module.Type is ScalarType.Float16 or ScalarType.BFloat16)
            module.ConvertTo(ScalarType.Float32);
        return module;
    }

    /// <inheritdoc/>
    public NamedOutputs Forward(Tensor input)
    {
        Tensor own = input.to(Type);
        if (!_returnsDictionary)
            return Read(Call(() => _module.forward(own)));
        _names ??= ReadNames((Tensor[])_module.invoke(DictionaryForm.Names, own));
        return Read(_module.invoke(DictionaryForm.Values, own)) with { Names = _names };
    }

    /// <summary>Converts it, for good.</summary>
    public void ConvertTo(ScalarType type)
    {
        _module.to(type);
        Type = type;
    }

    /// <summary>Evaluation mode, whatever was asked for.</summary>
    public void Evaluate() => _module.eval();

    /// <inheritdoc/>
    public void Dispose() => _module.Dispose();

    // TorchSharp knows tensors, and tuples and lists of them.
    private static object Call(Func<object> forward)
    {
        try
        {
            return forward();
        }
        catch (Exception e) when (e is NotImplementedException or ArgumentOutOfRangeException)
        {
            throw new PluginUserException(
                "returns something else than tensors, tuples, lists or a dictionary of tensors; export a module that returns the tensor "
                    + "alone",
                e
            );
        }
    }

    private static NamedOutputs Read(object output)
    {
        Tensor[] tensors = [.. Flatten(output)];
        return tensors.Length > 0 ? new NamedOutputs(tensors) : throw new PluginUserException("returns no tensor");
    }

    // Numbers and None within a tuple are no outputs; what lies in an inner tuple follows in its place.
    private static IEnumerable<Tensor> Flatten(object? output) =>
        output switch
        {
            Tensor tensor => [tensor],
            ITuple tuple => Enumerable.Range(0, tuple.Length).SelectMany(i => Flatten(tuple[i])),
            IEnumerable list => list.Cast<object?>().SelectMany(Flatten),
            _ => [],
        };

    private static string[] ReadNames(Tensor[] letters)
    {
        using var scope = NewDisposeScope();
        return [.. letters.Select(l => string.Concat(l.cpu().to(int64).data<long>().Select(c => char.ConvertFromUtf32((int)c))))];
    }

    private ScalarType FindType() =>
        State.Values.Where(v => v.is_floating_point()).Select(v => (ScalarType?)v.dtype).FirstOrDefault() ?? ScalarType.Float32;
}
