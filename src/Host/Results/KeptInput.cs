using MerBench.Host.Weights;

namespace MerBench.Host.Results;

/// <summary>A clip's perturbed input as the model saw it, kept so that it can be listened to.</summary>
/// <param name="Clip">The clip's id.</param>
/// <param name="Perturbed">Waveform <c>[N]</c> or standardised features <c>[T, F]</c>, float32.</param>
/// <param name="Realised">The waveform <c>[N]</c> that <c>Cells.Resynthesis</c> found for perturbed features; null where it was not asked
/// for.</param>
internal sealed record KeptInput(string Clip, StoredTensor Perturbed, StoredTensor? Realised = null);

/// <summary>The kept inputs of a cell as a safetensors file with tensors <c>perturbed.CLIP</c> and <c>realised.CLIP</c>.</summary>
internal static class KeptInputFile
{
    private const string Perturbed = "perturbed.",
        Realised = "realised.";

    public static void Write(string path, IReadOnlyList<KeptInput> inputs, IReadOnlyDictionary<string, string> metadata)
    {
        var tensors = inputs.ToDictionary(k => Perturbed + k.Clip, k => k.Perturbed, StringComparer.Ordinal);
        foreach (KeptInput input in inputs.Where(k => k.Realised is not null))
            tensors.Add(Realised + input.Clip, input.Realised!);
        SafetensorsFile.Write(path, tensors, metadata);
    }

    /// <summary>The inputs in the order of their clips' names.</summary>
    /// <exception cref="UserErrorException">The file is damaged.</exception>
    public static IReadOnlyList<KeptInput> Read(string path)
    {
        IReadOnlyDictionary<string, StoredTensor> tensors = SafetensorsFile.Read(path).Tensors;
        return
        [
            .. tensors
                .Where(t => t.Key.StartsWith(Perturbed, StringComparison.Ordinal))
                .OrderBy(t => t.Key, StringComparer.Ordinal)
                .Select(t => (Clip: t.Key[Perturbed.Length..], Input: t.Value))
                .Select(k => new KeptInput(k.Clip, k.Input, tensors.GetValueOrDefault(Realised + k.Clip))),
        ];
    }
}
