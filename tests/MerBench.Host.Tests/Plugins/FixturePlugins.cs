using MerBench.Host.Plugins;

namespace MerBench.Tests.Plugins;

/// <summary>The fixture plugins as built, and temporary plugin folders to drop them in.</summary>
internal sealed class FixturePlugins : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("merbench-plugins-").FullName;

    /// <summary>The assembly of a fixture plugin in the tests' output.</summary>
    public static string Assembly(string name) => Path.Combine(AppContext.BaseDirectory, "fixtures", name, name + ".dll");

    /// <summary>Discovers exactly one fixture plugin, named by the user.</summary>
    public static PluginCatalog Discover(params string[] names) =>
        PluginDiscovery.Discover(new PluginFolders(null, [.. names.Select(Assembly)], null, null));

    /// <summary>A plugin folder that holds copies of the named fixture plugins.</summary>
    public string FolderWith(string folder, params string[] names)
    {
        string path = Path.Combine(_root, folder);
        Directory.CreateDirectory(path);
        foreach (string name in names)
        {
            string target = Directory.CreateDirectory(Path.Combine(path, name)).FullName;
            foreach (string file in Directory.GetFiles(Path.GetDirectoryName(Assembly(name))!))
                File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }

        return path;
    }

    // Loaded assemblies stay locked on Windows; the temporary folder is then left to the system.
    public void Dispose()
    {
        try
        {
            Directory.Delete(_root, recursive: true);
        }
        catch (UnauthorizedAccessException) when (OperatingSystem.IsWindows()) { }
    }
}
