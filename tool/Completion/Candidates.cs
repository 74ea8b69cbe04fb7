using System.CommandLine;
using System.CommandLine.Completions;
using MerBench.Host.Plugins;

namespace MerBench.Tool.Completion;

/// <summary>Words that shells offer for arguments and options.</summary>
internal static class Candidates
{
    public static Argument<T> OfBenchmarkFiles<T>(this Argument<T> argument)
    {
        argument.CompletionSources.Add(FindBenchmarkFiles);
        return argument;
    }

    public static Option<T> OfBenchmarkFiles<T>(this Option<T> option)
    {
        option.CompletionSources.Add(FindBenchmarkFiles);
        return option;
    }

    public static Argument<T> OfPlugins<T>(this Argument<T> argument)
    {
        argument.CompletionSources.Add(_ => FindPlugins());
        return argument;
    }

    private static IEnumerable<string> FindPlugins() =>
        PluginCatalogs
            .For(null, [])
            .All.Where(p => p.State == PluginState.Ready)
            .Select(p => p.Id)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);

    // Of the folder that was begun: its YAML files, and its folders, in which the search goes on.
    private static string[] FindBenchmarkFiles(CompletionContext context)
    {
        string begun = context.WordToComplete;
        string folder = begun[..(begun.LastIndexOf('/') + 1)];
        try
        {
            var inside = new DirectoryInfo(folder.Length == 0 ? "." : folder);
            return
            [
                .. inside
                    .EnumerateFiles()
                    .Where(f => f.Extension is ".yaml" or ".yml" && f.Name[0] != '.')
                    .Select(f => folder + f.Name)
                    .Order(StringComparer.Ordinal),
                .. inside
                    .EnumerateDirectories()
                    .Where(d => d.Name[0] != '.')
                    .Select(d => $"{folder}{d.Name}/")
                    .Order(StringComparer.Ordinal),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return [];
        }
    }
}
