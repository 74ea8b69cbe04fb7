using static TorchSharp.torch;

namespace MerBench.Models.Exported.Adapter;

/// <summary>A module for attacks: in float32 the model itself, else a copy that computes in another format.</summary>
/// <param name="adapter">Asks the module.</param>
/// <param name="module">Which one.</param>
/// <param name="copy">The module where this form owns it; null for the model's own.</param>
internal sealed class FrozenModule(ModelAdapter adapter, IExportedModule module, IDisposable? copy = null) : IFrozenModel
{
    /// <inheritdoc/>
    public ModelOutput Forward(Tensor input) => adapter.Forward(module, input);

    /// <inheritdoc/>
    public void Dispose() => copy?.Dispose();
}
