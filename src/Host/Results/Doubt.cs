using System.Text.Json.Serialization;

namespace MerBench.Host.Results;

/// <summary>A reason not to believe a cell: the model may be less robust than its harm says.</summary>
/// <param name="Check">The check's name, in kebab-case.</param>
/// <param name="Reason">What was seen, with numbers, and what to do.</param>
public sealed record Doubt(string Check, string Reason)
{
    /// <summary>Whether it concerns the model's predictions, and so corruptions as well, which follow no gradient.</summary>
    [JsonIgnore]
    public bool IsOfPredictions => Check is "random-model" or "train-mode" or "batch-dependent" or "prediction-wrong";

    /// <summary>Whether it concerns the model, and is the same for all perturbations.</summary>
    [JsonIgnore]
    public bool IsOfModel => IsOfPredictions || Check is "not-differentiable" or "saturated" or "gradient-wrong";
}
