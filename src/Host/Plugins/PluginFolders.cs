namespace MerBench.Host.Plugins;

/// <summary>Where plugins are looked for, in the order in which the first of two equal ids wins.</summary>
/// <param name="Bundled">The plugins that come with MerBench, or null.</param>
/// <param name="Explicit">Assemblies or folders that the user named with <c>--plugin</c>; each must exist.</param>
/// <param name="BesideBenchmark">The folder <c>plugins</c> beside the benchmark file, or null.</param>
/// <param name="User">The user's own plugin folder, or null.</param>
public sealed record PluginFolders(string? Bundled, IReadOnlyList<string> Explicit, string? BesideBenchmark, string? User)
{
    /// <summary>Names the user's plugin folder; <c>~/.merbench/plugins</c> without it.</summary>
    public const string UserFolderVariable = "MERBENCH_PLUGINS";

    /// <summary>The folder of this installation alone.</summary>
    public static PluginFolders OnlyBundled { get; } = new(BundledFolder, [], BesideBenchmark: null, User: null);

    private static string BundledFolder => Path.Combine(AppContext.BaseDirectory, "plugins");

    /// <summary>The folders of this installation and this user.</summary>
    /// <param name="benchmarkFile">The benchmark file, or null when there is none.</param>
    /// <param name="explicitPaths">What the user named with <c>--plugin</c>.</param>
    /// <exception cref="UserErrorException">The environment names a plugin folder that does not exist.</exception>
    public static PluginFolders Standard(string? benchmarkFile = null, IReadOnlyList<string>? explicitPaths = null) =>
        new(
            BundledFolder,
            explicitPaths ?? [],
            benchmarkFile is null ? null : Path.Combine(Path.GetDirectoryName(Path.GetFullPath(benchmarkFile))!, "plugins"),
            UserFolder()
        );

    /// <summary>Whether a plugin comes with MerBench.</summary>
    public static bool IsBundled(PluginDescriptor plugin) => IsBundled(plugin.AssemblyPath);

    /// <summary>Whether assemblies may be found there that do not come with MerBench; loads none.</summary>
    /// <exception cref="UserErrorException">A path that the user named does not exist.</exception>
    public bool HoldGuests() => PluginCandidates.In(this with { Bundled = null }).Any(c => !IsBundled(c.Path));

    internal static bool IsBundled(string assembly) =>
        assembly.StartsWith(BundledFolder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static string UserFolder()
    {
        string? named = Environment.GetEnvironmentVariable(UserFolderVariable);
        if (string.IsNullOrWhiteSpace(named))
            return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".merbench", "plugins");
        if (Directory.Exists(named))
            return named;
        throw new UserErrorException(
            $"The environment variable {UserFolderVariable} names '{named}', which is not a folder: create it, or clear the variable.",
            ErrorKind.Environment
        );
    }
}
