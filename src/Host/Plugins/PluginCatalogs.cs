namespace MerBench.Host.Plugins;

/// <summary>The plugins that a benchmark file can use.</summary>
public static class PluginCatalogs
{
    /// <param name="benchmarkFile">Looks into <c>plugins/</c> beside it; null without a file.</param>
    /// <param name="explicitPaths">Assemblies or folders that the user named.</param>
    public static PluginCatalog For(string? benchmarkFile, IReadOnlyList<string> explicitPaths) =>
        PluginDiscovery.Discover(PluginFolders.Standard(benchmarkFile, explicitPaths));
}
