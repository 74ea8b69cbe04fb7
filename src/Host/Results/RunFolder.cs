using System.Text.Json;
using MerBench.Host.IO;
using MerBench.Host.Results.Tables;

namespace MerBench.Host.Results;

/// <summary>The results of a run where they were written: <c>results.json</c> and the tables beside it.</summary>
/// <param name="Path">The folder, absolute.</param>
public sealed record RunFolder(string Path)
{
    public const string ResultsFile = "results.json";

    /// <summary>The run's name among others: that of its folder.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    public string ResultsPath => System.IO.Path.Combine(Path, ResultsFile);

    public string CellsPath => System.IO.Path.Combine(Path, RunTables.Cells);

    /// <summary>Rows of all clips of all finished cells; absent where no cell was finished.</summary>
    public string ClipsPath => System.IO.Path.Combine(Path, RunTables.Clips);

    public string MetricsPath => System.IO.Path.Combine(Path, RunTables.Metrics);

    public string TrainingPath => System.IO.Path.Combine(Path, RunTables.Training);

    /// <summary>Opens a run's results.</summary>
    /// <param name="path">The folder, or the <c>results.json</c> in it.</param>
    /// <exception cref="UserErrorException">There are no results of a run.</exception>
    public static RunFolder Open(string path)
    {
        string absolute = System.IO.Path.GetFullPath(path),
            folder = System.IO.Path.TrimEndingDirectorySeparator(
                System.IO.Path.GetFileName(path) == ResultsFile ? System.IO.Path.GetDirectoryName(absolute)! : absolute
            );
        if (File.Exists(System.IO.Path.Combine(folder, ResultsFile)) && File.Exists(System.IO.Path.Combine(folder, RunTables.Cells)))
            return new RunFolder(folder);
        string[] near = Directory.Exists(folder)
            ? [.. Below(folder).Select(r => System.IO.Path.GetRelativePath(Environment.CurrentDirectory, r.Path))]
            : [];
        throw new UserErrorException(
            near.Length > 0
                ? $"{path} holds several runs; name one of them: {string.Join(", ", near)}."
                : $"{path} holds no results of a run: expected a folder such as merbench-results/NAME with {ResultsFile} and "
                    + $"{RunTables.Cells}, as 'merbench run' writes it."
        );
    }

    /// <summary>Opens each named run; folders that hold runs stand for all of them.</summary>
    /// <exception cref="UserErrorException">A path holds no results.</exception>
    public static IReadOnlyList<RunFolder> OpenAll(IEnumerable<string> paths) =>
        [
            .. paths.SelectMany(
                IEnumerable<RunFolder> (path) =>
                    Directory.Exists(path) && !File.Exists(System.IO.Path.Combine(path, ResultsFile)) && Below(path) is { Length: > 0 } runs
                        ? runs
                        : [Open(path)]
            ),
        ];

    /// <exception cref="UserErrorException">The file is damaged.</exception>
    public RunResults ReadResults()
    {
        try
        {
            using FileStream stream = File.OpenRead(ResultsPath);
            return JsonSerializer.Deserialize<RunResults>(stream, ResultJson.Options) ?? throw new JsonException("it is empty");
        }
        catch (JsonException e)
        {
            throw new UserErrorException(
                $"{ResultsPath} cannot be read: {e.Message} Run the benchmark again; finished cells are kept.",
                inner: e
            );
        }
    }

    private static RunFolder[] Below(string folder) =>
        [
            .. Directory
                .EnumerateDirectories(folder)
                .Where(d => File.Exists(System.IO.Path.Combine(d, ResultsFile)) && File.Exists(System.IO.Path.Combine(d, RunTables.Cells)))
                .Order(StringComparer.Ordinal)
                .Select(d => new RunFolder(System.IO.Path.GetFullPath(d))),
        ];
}
