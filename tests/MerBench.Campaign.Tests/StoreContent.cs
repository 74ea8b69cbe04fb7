using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace MerBench.Tests.Campaign;

/// <summary>What a store holds, without how long it took.</summary>
internal static partial class StoreContent
{
    private static readonly string[] s_kinds = ["cells", "models", "features"];

    /// <summary>Hashes of all files of finished work by their paths: equal for runs that found the same to the last bit.</summary>
    public static IReadOnlyDictionary<string, string> Read(string store) =>
        Files(store)
            .Where(file => Path.GetFileName(file) != "manifest.json")
            .ToDictionary(
                file => Path.GetRelativePath(store, file),
                file => file.EndsWith(".json", StringComparison.Ordinal) ? Timeless(File.ReadAllText(file)) : Hash(file),
                StringComparer.Ordinal
            );

    /// <summary>Finished cells and models, with how long they took: what changes here was computed again.</summary>
    public static IReadOnlyDictionary<string, string> ReadFinished(string store) =>
        Files(store)
            .Where(file => Path.GetFileName(file) is "cell.json" or "training.json")
            .ToDictionary(file => Path.GetRelativePath(store, file), File.ReadAllText, StringComparer.Ordinal);

    // Entries that are being written have names that begin with a dot.
    private static IEnumerable<string> Files(string store) =>
        s_kinds
            .Select(kind => Path.Combine(store, kind))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Where(file => !Path.GetRelativePath(store, file).Split('/').Any(part => part.StartsWith('.')));

    private static string Hash(string file) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)));

    private static string Timeless(string json) => Times().Replace(json, "");

    [GeneratedRegex(@"""(seconds|wallTime)"": [^,\n]*", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Times();
}
