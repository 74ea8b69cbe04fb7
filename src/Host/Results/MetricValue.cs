using System.Text.Json.Serialization;

namespace MerBench.Host.Results;

/// <summary>One value for clean predictions, one for perturbed ones; null where the metric is not defined.</summary>
/// <param name="Harm">How much worse the perturbed predictions are; positive is always worse, whatever the metric's direction.</param>
public sealed record MetricValue(double? Clean, double? Perturbed, double? Harm)
{
    /// <summary>Of a mean over labels: those that it leaves out, as the metric is not defined for them on one side or both; null where it
    /// leaves out none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? LeftOut { get; init; }

    public static MetricValue From(double clean, double perturbed, bool higherIsBetter) =>
        new(Defined(clean), Defined(perturbed), Defined(higherIsBetter ? clean - perturbed : perturbed - clean));

    private static double? Defined(double value) => double.IsFinite(value) ? value : null;
}
