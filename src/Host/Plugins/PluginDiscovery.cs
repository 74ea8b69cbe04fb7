using System.Reflection;
using MerBench.Host.Plugins.Guests;

namespace MerBench.Host.Plugins;

/// <summary>Finds plugins, and says of each whether it can be used. One that cannot never stops the others.</summary>
public static class PluginDiscovery
{
    /// <summary>Finds all plugins in the given folders.</summary>
    /// <param name="folders">Where to look.</param>
    /// <exception cref="UserErrorException">A path that the user named does not exist, or holds no plugin.</exception>
    public static PluginCatalog Discover(PluginFolders folders) => Discover(folders, _ => true);

    /// <param name="isWanted">Assemblies of which it is not true are not loaded.</param>
    internal static PluginCatalog Discover(PluginFolders folders, Func<AssemblyFacts, bool> isWanted)
    {
        var plugins = new List<PluginDescriptor>();
        var owners = new Dictionary<(PluginKind, string), string>();
        foreach (PluginCandidate candidate in PluginCandidates.In(folders))
        {
            foreach (PluginDescriptor plugin in Read(candidate, isWanted))
                plugins.Add(plugin.State == PluginState.Ready ? ClaimId(plugin, owners) : plugin);
        }

        GuestWatch.Note("what was found was looked through");
        return new PluginCatalog(plugins);
    }

    private static PluginDescriptor ClaimId(PluginDescriptor plugin, Dictionary<(PluginKind, string), string> owners)
    {
        (PluginKind, string) key = (plugin.Kind!.Value, plugin.Id);
        if (owners.TryAdd(key, plugin.AssemblyPath))
            return plugin;
        string kind = plugin.Kind == PluginKind.FrontEnd ? "front end" : plugin.Kind.Value.ToString().ToLowerInvariant();
        return plugin with
        {
            State = PluginState.DuplicateId,
            Reason =
                $"another {kind} '{plugin.Id}' was found first in {owners[key]}; this one in {plugin.AssemblyPath} is not used. Rename "
                + $"or remove one",
            Type = null,
            OptionsType = null,
        };
    }

    private static List<PluginDescriptor> Read(PluginCandidate candidate, Func<AssemblyFacts, bool> isWanted)
    {
        string name = Path.GetFileNameWithoutExtension(candidate.Path);
        try
        {
            AssemblyFacts? facts = AssemblyFacts.Read(candidate.Path);
            if (facts is null || (facts.ContractStamp is null && facts.VersionOf(HostContract.AssemblyName) is null))
                return candidate.IsNamedByUser
                    ? [Unusable(PluginState.NotAPlugin, $"is not built against {HostContract.AssemblyName}")]
                    : [];
            if (!isWanted(facts))
                return [];
            if (HostContract.Current.Problem(facts) is { } skew)
                return [Unusable(PluginState.NeedsAnotherContract, skew)];
            if (GuestWatch.Unusable.TryGetValue(candidate.Path, out string? end))
                return [Unusable(PluginState.EndsItsProcess, end)];
            if (!PluginFolders.IsBundled(candidate.Path))
                GuestWatch.NoteLoading(candidate.Path);
            return ReadClasses(PluginAssemblyLoader.Load(candidate.Path, facts), candidate.Path, NoteOn(facts, candidate.Path));
        }
        catch (Exception e)
        {
            (PluginState state, string reason) = LoadProblem.Explain(e, PluginState.NotAPlugin, "cannot be read");
            return [Unusable(state, reason)];
        }

        PluginDescriptor Unusable(PluginState state, string reason) => new(null, name, "", "", candidate.Path, state, $"{name}: {reason}");
    }

    private static List<PluginDescriptor> ReadClasses(Assembly assembly, string path, string note)
    {
        var plugins = new List<PluginDescriptor>();
        Type? unmarked = null;
        bool hasLookalike = false;
        string name = assembly.GetName().Name!;
        foreach (Type type in assembly.GetTypes())
        {
            if (!type.IsClass)
                continue;
            try
            {
                int before = plugins.Count;
                foreach (PluginDescriptor plugin in PluginClass.Read(type, path))
                    plugins.Add(plugin with { Note = note });
                if (plugins.Count > before)
                    continue;
                unmarked ??= PluginClass.InterfaceOf(type) is null ? null : type;
                hasLookalike |= PluginClass.ImplementsLookalike(type);
            }
            catch (Exception e)
            {
                (PluginState state, string reason) = LoadProblem.Explain(e, PluginState.NotAPlugin, "cannot be read");
                plugins.Add(new PluginDescriptor(null, type.Name, "", "", path, state, $"{type.FullName}: {reason}"));
            }
        }

        if (plugins.Count > 0)
            return plugins;
        (PluginState assemblyState, string why) = hasLookalike
            ? (
                PluginState.NeedsAnotherContract,
                $"its classes implement another copy of {HostContract.AssemblyName} than the host's contract "
                    + $"{HostContract.Current.Version}; rebuild it against that, without shipping a copy"
            )
            : (
                PluginState.NotAPlugin,
                unmarked is null
                    ? "no class carries [Model], [FrontEnd], [Attack], [Corruption], [Dataset] or [Metric]"
                    : $"{unmarked.FullName} implements {PluginClass.InterfaceOf(unmarked)!.Name} but carries no attribute with an id"
            );
        return [new PluginDescriptor(null, name, "", "", path, assemblyState, $"{name}: {why}")];
    }

    private static string NoteOn(AssemblyFacts facts, string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        string[] leaked = Array.FindAll(
            [HostContract.AssemblyName + ".dll", HostContract.TorchSharpName + ".dll"],
            file => File.Exists(Path.Combine(folder, file))
        );
        if (leaked.Length > 0)
            return $"its folder holds {string.Join(" and ", leaked)}, which the host shares with it; the host's are used. Leave them out "
                + $"of the plugin";
        return facts.VersionOf(HostContract.TorchSharpName) is { } torch && torch < HostContract.Current.TorchSharp
            ? $"built against TorchSharp {torch}, host has {HostContract.Current.TorchSharp}; rebuild it if it fails"
            : "";
    }
}
