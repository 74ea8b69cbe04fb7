using MerBench.Models.Exported.Adapter;
using static TorchSharp.torch;

namespace MerBench.Models.Exported.Probe;

/// <summary>Reads an embedding a clip out of what an encoder returned.</summary>
/// <param name="output">The output that holds it; null for the first.</param>
/// <param name="timeAxis">Of embeddings with three axes.</param>
internal sealed class EmbeddingReader(string? output, int timeAxis) : IAnswerReader
{
    /// <summary>Embeddings <c>[B, D]</c>, in place of emotions.</summary>
    public ModelOutput Read(NamedOutputs outputs, long clips)
    {
        int found = output is null ? 0 : outputs.Find(output);
        if (found < 0)
            throw new PluginUserException($"has no output '{output}', which 'output' names; there is {outputs.Describe()}");
        Tensor embeddings = outputs.Tensors[found];
        if (!embeddings.is_floating_point() || embeddings.dim() is < 2 or > 4 || embeddings.shape[0] != clips)
            throw new PluginUserException(
                $"returns {embeddings.dtype} of shape {OutputColumns.Write(embeddings)} for {clips} clips; expected embeddings "
                    + $"[{clips}, D] or [{clips}, T, D]"
            );
        Tensor wide = embeddings.dtype == ScalarType.Float64 ? embeddings : embeddings.to(ScalarType.Float32);
        return new ModelOutput(
            wide.dim() switch
            {
                2 => wide,
                3 => wide.mean([timeAxis]),
                _ => wide.mean([2, 3]),
            }
        );
    }
}
