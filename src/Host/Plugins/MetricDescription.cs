namespace MerBench.Host.Plugins;

/// <summary>How a metric describes itself, with what stands for what it leaves out.</summary>
/// <param name="Name">What it is called within a sentence.</param>
/// <param name="Symbol">How tables and figures head it.</param>
public sealed record MetricDescription(string Id, string Name, string Symbol)
{
    /// <summary>Whether tables show it where there is room for two metrics alone.</summary>
    public bool IsHeadline { get; init; }

    /// <summary>Objectives whose worst case shows in it; empty where it does not say.</summary>
    public IReadOnlyList<string> Objectives { get; init; } = [];

    /// <summary>Of a metric that says nothing, or of which nothing but its id is known.</summary>
    public static MetricDescription FromId(string id) => new(id, id, id.ToUpperInvariant());
}
