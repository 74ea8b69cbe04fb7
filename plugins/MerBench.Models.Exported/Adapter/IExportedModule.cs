using static TorchSharp.torch;

namespace MerBench.Models.Exported.Adapter;

/// <summary>A network that another program wrote, as its file has it: it takes one tensor and returns one or more. What the tensors mean is
/// the adapter's affair.</summary>
public interface IExportedModule : IDisposable
{
    /// <summary>The file, for messages.</summary>
    string File { get; }

    /// <summary>What the file says about itself.</summary>
    ModuleMetadata Metadata { get; }

    /// <summary>The shape of the input as the file declares it, with the batch: null for what is free, and null where nothing is
    /// declared.</summary>
    IReadOnlyList<long?>? DeclaredInput { get; }

    /// <summary>All parameters and buffers by name: the very tensors that <see cref="Forward"/> computes with.</summary>
    IReadOnlyDictionary<string, Tensor> State { get; }

    /// <summary>Computes; differentiable with respect to the input.</summary>
    /// <param name="input">Floating point of any width; the module converts it to its own.</param>
    /// <exception cref="PluginUserException">It returns what cannot be read.</exception>
    NamedOutputs Forward(Tensor input);
}
