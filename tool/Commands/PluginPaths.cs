using MerBench.Host.Plugins;

namespace MerBench.Tool.Commands;

/// <summary>Which plugins came from the paths that the user named.</summary>
internal static class PluginPaths
{
    public static IReadOnlyList<PluginDescriptor> Within(PluginCatalog catalog, IEnumerable<string> paths)
    {
        string[] whole = [.. paths.Select(Path.GetFullPath)];
        return
        [
            .. catalog.All.Where(p =>
                Array.Exists(
                    whole,
                    path =>
                        p.AssemblyPath == path
                        || p.AssemblyPath.StartsWith(
                            path.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar,
                            StringComparison.Ordinal
                        )
                )
            ),
        ];
    }
}
