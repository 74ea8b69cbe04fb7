namespace MerBench.Host.Plugins;

/// <summary>The descriptions of metrics by id. An id stands for a metric that is not among them.</summary>
public sealed class MetricDescriptions
{
    private readonly Lazy<Dictionary<string, MetricDescription>> _known;

    /// <param name="plugins">Any plugins; those that are metrics count.</param>
    public MetricDescriptions(IEnumerable<PluginDescriptor> plugins) =>
        _known = new(() =>
            plugins.Select(p => p.Metric).OfType<MetricDescription>().DistinctBy(m => m.Id).ToDictionary(m => m.Id, StringComparer.Ordinal)
        );

    /// <summary>Of the metrics that come with MerBench, for results whose plugins are out of reach. Plugins are loaded when one is asked
    /// for.</summary>
    public static MetricDescriptions Bundled { get; } = new(LoadBundled());

    public MetricDescription this[string id] => _known.Value.GetValueOrDefault(id) ?? MetricDescription.FromId(id);

    private static IEnumerable<PluginDescriptor> LoadBundled()
    {
        foreach (
            PluginDescriptor metric in PluginDiscovery
                .Discover(PluginFolders.OnlyBundled, assembly => assembly.MarksMetrics)
                .Ready(PluginKind.Metric)
        )
            yield return metric;
    }
}
