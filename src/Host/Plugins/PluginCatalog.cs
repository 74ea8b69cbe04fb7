namespace MerBench.Host.Plugins;

/// <summary>Every plugin that was found, usable or not.</summary>
public sealed class PluginCatalog(IReadOnlyList<PluginDescriptor> plugins)
{
    public IReadOnlyList<PluginDescriptor> All { get; } = plugins;

    public IEnumerable<PluginDescriptor> Ready(PluginKind kind) => All.Where(p => p.Kind == kind && p.State == PluginState.Ready);

    public PluginDescriptor? Find(PluginKind kind, string id) => Ready(kind).FirstOrDefault(p => p.Id == id);
}
