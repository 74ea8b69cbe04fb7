using MerBench.Host.Training;

namespace MerBench.Host.Results;

/// <summary>How a model came to be; stored beside its weights.</summary>
/// <param name="Source">trained, fitted, loaded or fixed.</param>
public sealed record TrainedModel(string Key, string Source, TrainingOutcome? Outcome);
