using static TorchSharp.torch;

namespace MerBench;

/// <summary>What a model predicts for a batch.</summary>
/// <param name="Emotion">Emotions <c>[B, E]</c>, in the order and units of the dataset's label space.</param>
/// <param name="Concepts">Concepts <c>[B, C]</c> of a bottleneck model, or null.</param>
public sealed record ModelOutput(Tensor Emotion, Tensor? Concepts = null);
