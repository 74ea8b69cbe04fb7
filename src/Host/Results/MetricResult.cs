using System.Text.Json.Serialization;

namespace MerBench.Host.Results;

/// <summary>A metric over the test clips, for each label.</summary>
public sealed record MetricResult(IReadOnlyDictionary<string, MetricValue> PerLabel)
{
    /// <summary>The mean over labels, see <see cref="SharedLabels"/>. It follows from the labels, and is never read.</summary>
    [JsonPropertyOrder(-1)]
    public MetricValue Mean => SharedLabels.Find([this]).Mean;
}
