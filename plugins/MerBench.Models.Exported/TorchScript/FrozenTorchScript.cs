using static TorchSharp.torch;

namespace MerBench.Models.Exported.TorchScript;

/// <summary>A module for attacks: in float32 the model itself, else a copy that computes in another format.</summary>
/// <param name="forward">Predicts with that module.</param>
/// <param name="type">In which it computes.</param>
/// <param name="copy">What it owns; null for the model itself.</param>
internal sealed class FrozenTorchScript(Func<Tensor, ModelOutput> forward, ScalarType type = ScalarType.Float32, IDisposable? copy = null)
    : IFrozenModel
{
    /// <inheritdoc/>
    public ModelOutput Forward(Tensor input)
    {
        ModelOutput output = forward(input.to(type));
        return new ModelOutput(output.Emotion.to(ScalarType.Float32), output.Concepts?.to(ScalarType.Float32));
    }

    /// <inheritdoc/>
    public void Dispose() => copy?.Dispose();
}
