namespace MerBench.Host.Plugins;

/// <summary>An assembly that may hold plugins.</summary>
/// <param name="Path">Its absolute path.</param>
/// <param name="IsNamedByUser">True when the user named it, so that silence about it would puzzle.</param>
internal sealed record PluginCandidate(string Path, bool IsNamedByUser);

/// <summary>Finds the assemblies that may hold plugins: <c>Name/Name.dll</c> within a plugin folder, and whatever the user names.</summary>
internal static class PluginCandidates
{
    /// <summary>Every candidate once, in the order in which equal ids win.</summary>
    /// <exception cref="UserErrorException">A path that the user named does not exist.</exception>
    public static IReadOnlyList<PluginCandidate> In(PluginFolders folders)
    {
        var candidates = new List<PluginCandidate>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        Add(ByConvention(folders.Bundled), isNamedByUser: false);
        foreach (string path in folders.Explicit)
            Add(Named(path), isNamedByUser: true);
        Add(ByConvention(folders.BesideBenchmark), isNamedByUser: false);
        Add(ByConvention(folders.User), isNamedByUser: false);
        return candidates;

        void Add(IEnumerable<string> paths, bool isNamedByUser)
        {
            foreach (string path in paths)
            {
                string absolute = Path.GetFullPath(path);
                if (seen.Add(absolute))
                    candidates.Add(new PluginCandidate(absolute, isNamedByUser));
            }
        }
    }

    private static List<string> ByConvention(string? folder)
    {
        var assemblies = new List<string>();
        if (folder is null || !Directory.Exists(folder))
            return assemblies;
        string[] subfolders = Directory.GetDirectories(folder);
        Array.Sort(subfolders, StringComparer.Ordinal);
        foreach (string subfolder in subfolders)
            if (OwnAssembly(subfolder) is { } assembly)
                assemblies.Add(assembly);
        return assemblies;
    }

    private static List<string> Named(string path)
    {
        if (File.Exists(path))
            return [path];
        if (!Directory.Exists(path))
            throw new UserErrorException(
                $"--plugin {path}: there is no such file or folder. Name a plugin's .dll, its folder, or a folder of plugin folders."
            );
        if (OwnAssembly(path) is { } own)
            return [own];
        List<string> within = ByConvention(path);
        if (within.Count > 0)
            return within;
        List<string> stamped = Stamped(path);
        return stamped.Count == 1
            ? stamped
            : throw new UserErrorException(
                $"--plugin {path}: the folder holds {(stamped.Count == 0 ? "no plugin" : $"{stamped.Count} plugins")}; expected "
                    + $"{Path.GetFileName(Path.GetFullPath(path).TrimEnd(Path.DirectorySeparatorChar))}.dll, "
                    + "folders Name/Name.dll, or exactly one assembly that is built against MerBench.Abstractions. Name the .dll itself."
            );
    }

    private static string? OwnAssembly(string folder)
    {
        string assembly = Path.Combine(folder, Path.GetFileName(Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar)) + ".dll");
        return File.Exists(assembly) ? assembly : null;
    }

    private static List<string> Stamped(string folder)
    {
        var stamped = new List<string>();
        foreach (string path in Directory.GetFiles(folder, "*.dll"))
        {
            try
            {
                if (AssemblyFacts.Read(path) is { ContractStamp: not null } facts && facts.Name != HostContract.AssemblyName)
                    stamped.Add(path);
            }
            catch (BadImageFormatException)
            {
                // Some other file: it is no plugin, and nobody said that it was.
            }
        }

        return stamped;
    }
}
