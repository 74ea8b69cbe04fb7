using MerBench.Host;
using MerBench.Host.Results;
using MerBench.Host.Results.Archives;
using MerBench.Host.Results.Tables;

namespace MerBench.Analysis.Audit;

/// <summary>Reads attack logs in the published format of Hoedt, Flexer and Widmer (2025) and in MerBench's own, and runs; docs/audit.md
/// describes them.</summary>
public static class AttackLogReader
{
    /// <summary>Reads logs.</summary>
    /// <param name="paths">
    /// Results folders of runs, archives, files, or folders: of a folder all files called <c>log.csv</c>, at any depth, or else all
    /// <c>.csv</c> and <c>.parquet</c> files that lie in it.
    /// </param>
    /// <exception cref="UserErrorException">Nothing was found, or a file cannot be read; the message names file and line.</exception>
    public static IReadOnlyList<ClipLog> Read(IEnumerable<string> paths)
    {
        ILookup<bool, string> given = paths.ToLookup(IsRun);
        using var runs = NamedRuns.OpenEach(given[true].Distinct(StringComparer.Ordinal));
        List<ClipLog> logs =
        [
            .. runs.SelectMany(RunLogs.Read),
            .. given[false].SelectMany(Files).Distinct(StringComparer.Ordinal).SelectMany(ReadFile),
        ];
        foreach (var twice in logs.GroupBy(l => (l.System, l.Seed)).Where(g => g.Count() > 1))
            throw new UserErrorException(
                $"{string.Join(" and ", twice.Select(l => l.Path))} are both logs of {twice.Key.System} seed {twice.Key.Seed}. Name one "
                    + $"of them."
            );
        return [.. logs.OrderBy(l => l.System, StringComparer.Ordinal).ThenBy(l => l.Seed)];
    }

    private static bool IsRun(string path) =>
        File.Exists(Path.Combine(path, RunFolder.ResultsFile))
        || Path.GetFileName(path) == RunFolder.ResultsFile
        || Path.GetExtension(path).Equals(".zip", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<ClipLog> ReadFile(string path)
    {
        TableFile file = TableFile.Read(path);
        return NeutralLogFormat.Keys.All(file.Headers.Contains) ? NeutralLogFormat.Read(file) : [PublishedLogFormat.Read(file)];
    }

    private static IEnumerable<string> Files(string path)
    {
        if (File.Exists(path))
            return [Path.GetFullPath(path)];
        if (!Directory.Exists(path))
            throw new UserErrorException($"There is no file or folder {path}.");
        string folder = Path.GetFullPath(path);
        string[] found = Directory.GetFiles(folder, "log.csv", SearchOption.AllDirectories);
        if (found.Length == 0)
            found = [.. Directory.GetFiles(folder, "*.csv"), .. Directory.GetFiles(folder, "*.parquet")];
        return found.Length > 0
            ? found.Order(StringComparer.Ordinal)
            : throw new UserErrorException(
                $"{path} holds no log.csv, and no other .csv or .parquet file. Name the folder above SYSTEM/seedN/log.csv, or the file."
            );
    }
}
