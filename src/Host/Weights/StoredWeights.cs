namespace MerBench.Host.Weights;

/// <summary>What a file of weights holds.</summary>
/// <param name="Tensors">By name.</param>
/// <param name="Key">Where a checkpoint has them; null where the file holds nothing else.</param>
/// <param name="OtherKeys">Where the same checkpoint has others, such as averaged ones.</param>
public sealed record StoredWeights(IReadOnlyDictionary<string, StoredTensor> Tensors, string? Key, IReadOnlyList<string> OtherKeys);
