using System.Text.Json;

namespace MerBench.Host.Plugins.Guests;

/// <summary>Says what plugins of others are doing, for a process that watches over this one and tells people what ended it.</summary>
public static class GuestWatch
{
    /// <summary>Holds assemblies that ended a process as they were loaded: their paths, and what happened, as a JSON object.</summary>
    public const string UnusableVariable = "MERBENCH_UNUSABLE_PLUGINS";

    private static readonly Lazy<IReadOnlyDictionary<string, string>> s_unusable = new(ReadUnusable);
    private static string s_step = "";

    /// <summary>Hears of each step; null where nobody watches.</summary>
    public static Action<GuestStep>? Watcher { get; set; }

    /// <summary>Assemblies that must not be loaded, with the reason.</summary>
    internal static IReadOnlyDictionary<string, string> Unusable => s_unusable.Value;

    /// <summary>A step begins, and the one before is over.</summary>
    /// <param name="what">Such as «the dataset x is loaded».</param>
    public static void Note(string what) => Note(what, assembly: null);

    /// <summary>An assembly is loaded, and its classes are made for a look at them.</summary>
    internal static void NoteLoading(string assembly) => Note($"{assembly} was loaded", assembly);

    private static void Note(string what, string? assembly)
    {
        if (Watcher is not { } watcher || what == s_step)
            return;
        s_step = what;
        watcher(new GuestStep(what, assembly));
    }

    private static IReadOnlyDictionary<string, string> ReadUnusable() =>
        Environment.GetEnvironmentVariable(UnusableVariable) is { Length: > 0 } json
            ? JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? []
            : [];
}

/// <summary>What plugins are doing.</summary>
/// <param name="What">For the end of a sentence: «while ...».</param>
/// <param name="Loading">The assembly that is loaded, or null.</param>
public sealed record GuestStep(string What, string? Loading);
