using System.Globalization;
using System.Text.Json;
using MerBench.Host.IO;
using MerBench.Host.Results.Tables;
using MerBench.Host.Storage;
using MerBench.Host.Text;

namespace MerBench.Host.Results;

/// <summary>The results of a run where they were written: <c>results.json</c> and the tables beside it.</summary>
/// <param name="Path">The folder, absolute.</param>
public sealed record RunFolder(string Path)
{
    public const string ResultsFile = "results.json";

    /// <summary>The benchmark as it was run, whatever became of its file; versions up to 0.1 kept none.</summary>
    public const string BenchmarkFile = "benchmark.yaml";

    private const string Kind = "results";

    /// <summary>What somebody named: the folder itself, or the archive that it was unpacked from for a while.</summary>
    public string Source { get; init; } = Path;

    /// <summary>Where what is made of it belongs unless somebody says otherwise: for an archive a folder of its name beside it.</summary>
    public string Home => Source == Path ? Path : System.IO.Path.ChangeExtension(Source, null);

    /// <summary>The run's name among others: that of its folder.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    public string ResultsPath => System.IO.Path.Combine(Path, ResultsFile);

    public string CellsPath => System.IO.Path.Combine(Path, RunTables.Cells);

    /// <summary>Rows of all clips of all finished cells; absent where no cell was finished.</summary>
    public string ClipsPath => System.IO.Path.Combine(Path, RunTables.Clips);

    public string MetricsPath => System.IO.Path.Combine(Path, RunTables.Metrics);

    public string TrainingPath => System.IO.Path.Combine(Path, RunTables.Training);

    /// <summary>Makes sure that results can be written, before anything is computed for them.</summary>
    /// <exception cref="DiskException">They cannot.</exception>
    internal static void RequireWritable(string folder)
    {
        string probe = System.IO.Path.Combine(folder, TemporaryName.Create());
        try
        {
            AtomicFile.Write(probe, "1");
            File.Delete(probe);
            TemporaryName.Sweep(folder, TimeSpan.FromMinutes(10));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DiskException.Explain(
                folder,
                e is DiskException ? e.InnerException! : e,
                "Results go there: name another folder by --output."
            );
        }
    }

    /// <summary>Writes a run's results and tables, and last the manifest by which they are believed.</summary>
    /// <param name="benchmark">The benchmark file as it was read.</param>
    /// <exception cref="DiskException">They cannot be written.</exception>
    internal static void Write(RunResults results, string benchmark, ResultStore store, string folder)
    {
        AtomicFile.Write(System.IO.Path.Combine(folder, BenchmarkFile), benchmark);
        results.Write(System.IO.Path.Combine(folder, ResultsFile));
        RunTables.Write(results, store, folder);
        EntryManifest.Write(
            folder,
            Kind,
            results.Benchmark,
            new[] { ResultsFile, BenchmarkFile, RunTables.Cells, RunTables.Clips, RunTables.Metrics, RunTables.Training }.Where(f =>
                File.Exists(System.IO.Path.Combine(folder, f))
            )
        );
    }

    /// <summary>Opens a run's results, if they are as they were written.</summary>
    /// <param name="path">The folder, or the <c>results.json</c> in it.</param>
    /// <exception cref="UserErrorException">There are no results of a run, or they are damaged.</exception>
    public static RunFolder Open(string path)
    {
        string absolute = System.IO.Path.GetFullPath(path),
            folder = System.IO.Path.TrimEndingDirectorySeparator(
                System.IO.Path.GetFileName(path) == ResultsFile ? System.IO.Path.GetDirectoryName(absolute)! : absolute
            );
        if (IsOfRun(folder))
            return new RunFolder(folder).Believed();
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
                    Directory.Exists(path) && !IsOfRun(path) && Below(path) is { Length: > 0 } runs
                        ? runs.Select(r => r.Believed())
                        : [Open(path)]
            ),
        ];

    /// <exception cref="UserErrorException">The file is damaged, or of a newer version.</exception>
    public RunResults ReadResults()
    {
        try
        {
            return ResultsReader.Read(File.ReadAllBytes(ResultsPath));
        }
        catch (JsonException e)
        {
            throw Unreadable(
                e.LineNumber is { } line
                    ? string.Create(CultureInfo.InvariantCulture, $":{line + 1}:{(e.BytePositionInLine ?? 0) + 1}")
                    : "",
                e.Path is { } at ? $"no results of a run stand at {GuestText.Name(at)}" : GuestText.Message(e.Message),
                e
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable("", e.Message, e);
        }
    }

    private UserErrorException Unreadable(string at, string reason, Exception inner) =>
        new(
            $"{ResultsPath}{at}: it cannot be read: {reason.TrimEnd('.')}. Run the benchmark again; finished cells are kept.",
            inner: inner
        );

    // A folder with the manifest of results is one of a run, whatever it has lost.
    private static bool IsOfRun(string folder) =>
        (File.Exists(System.IO.Path.Combine(folder, ResultsFile)) && File.Exists(System.IO.Path.Combine(folder, RunTables.Cells)))
        || EntryManifest.IsIn(folder);

    // Versions up to 0.1 wrote no manifest.
    private RunFolder Believed() =>
        EntryManifest.IsIn(Path) && EntryManifest.FindFault(Path, Kind, null) is { } fault
            ? throw new UserErrorException(
                $"The results in {Path} are not as they were written: {fault}. Run the benchmark again; finished cells are kept."
            )
            : this;

    private static RunFolder[] Below(string folder) =>
        [
            .. Directory
                .EnumerateDirectories(folder)
                .Where(IsOfRun)
                .Order(StringComparer.Ordinal)
                .Select(d => new RunFolder(System.IO.Path.GetFullPath(d))),
        ];
}
