using System.Reflection;
using McMaster.NETCore.Plugins;

namespace MerBench.Host.Plugins;

/// <summary>Loads a plugin assembly into a load context of its own. The only place that knows the loader library.</summary>
internal static class PluginAssemblyLoader
{
    private static readonly HashSet<string> HostAssemblies = ReadHostAssemblies();

    /// <summary>Loads an assembly and makes sure that what it references is there.</summary>
    /// <exception cref="FileNotFoundException">A referenced assembly is missing.</exception>
    public static Assembly Load(string path, AssemblyFacts facts)
    {
        // Shared types are what lets host and plugin exchange tensors; unloading and hot reload would copy natives apart.
        PluginLoader loader = PluginLoader.CreateFromAssemblyFile(
            path,
            config =>
            {
                config.PreferSharedTypes = true;
                config.IsUnloadable = false;
                config.EnableHotReload = false;
                config.IsLazyLoaded = false;
            }
        );
        Assembly assembly = loader.LoadDefaultAssembly();
        string folder = Path.GetDirectoryName(path)!;
        foreach (AssemblyName reference in facts.References)
        {
            // Types that only method bodies mention would be missed otherwise, until a cell runs into them.
            if (HostAssemblies.Contains(reference.Name!) || File.Exists(Path.Combine(folder, reference.Name + ".dll")))
                continue;
            loader.LoadAssembly(reference);
        }

        return assembly;
    }

    private static HashSet<string> ReadHostAssemblies()
    {
        string paths = AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "";
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (string path in paths.Split(Path.PathSeparator))
            names.Add(Path.GetFileNameWithoutExtension(path));
        return names;
    }
}
