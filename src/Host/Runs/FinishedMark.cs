using System.Collections;
using System.Globalization;
using System.Text.Json;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.IO;
using MerBench.Host.Plugins;
using MerBench.Host.Results;
using MerBench.Host.Runs.Progress;
using MerBench.Host.Storage;
using MerBench.Host.Torch;

namespace MerBench.Host.Runs;

/// <summary>
/// Says that a run finished, and how everything was that it came of: the benchmark, the files that it names, recordings, plugins, the
/// program, the environment, its cells and models in the store, and what it wrote. While all that is so, to run it again is to read its
/// results. Files are known by length and time.
/// </summary>
/// <param name="Folder">Where its results are.</param>
/// <param name="FinishedAt">When they were written.</param>
/// <param name="Inputs">Files and folders that it read, absolute.</param>
/// <param name="Entries">Folders of its cells and models in the store.</param>
/// <param name="State">A hash of how all that was.</param>
public sealed record FinishedMark(
    string Folder,
    DateTimeOffset FinishedAt,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<string> Entries,
    string State
)
{
    // Then entries of the store are read again, so that none counts as long unused.
    private static readonly TimeSpan Valid = TimeSpan.FromDays(7);

    private static readonly string[] Variables = ["MERBENCH_", "ONEDNN_", "DNNL_", "OMP_", "MKL_", "KMP_", "CUDA_", "TORCH_", "PYTORCH_"];

    /// <summary>What somebody asked for, noted before anything runs: a run sets variables and the current directory for itself.</summary>
    /// <param name="Name">The same for what is asked again.</param>
    /// <param name="Facts">The benchmark, the machine and the environment.</param>
    internal sealed record Asked(string Name, IReadOnlyList<string> Facts);

    /// <summary>The mark of a run that need not run again; null where there is none, or something is not as it was.</summary>
    /// <param name="artifacts">What is to be written beside the results.</param>
    public static FinishedMark? Find(RunRequest request, string artifacts)
    {
        try
        {
            Asked asked = Note(request, artifacts);
            return
                new FileEntries(new StoreFolder(request.CacheFolder), EntryKind.Finished).Read(asked.Name) is { } content
                && JsonSerializer.Deserialize(content.Span, FinishedMarkJson.Default.FinishedMark) is { } mark
                && DateTimeOffset.UtcNow - mark.FinishedAt < Valid
                && mark.State == FindState(request, asked, mark.Folder, mark.Inputs, mark.Entries)
                ? mark
                : null;
        }
        // Whatever is wrong, the run itself will say it.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or UserErrorException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Marks a run as finished, if nothing of it failed and all that it read is known.</summary>
    internal static void Write(RunSession session, RunResults results, Asked asked)
    {
        RunPlan plan = session.Plan;
        // What datasets of others read is theirs to know.
        if (
            results.Cells.Any(cell => cell.Failure is not null)
            || plan.Definition.Uses.Any(use => use.Plugin.Kind == PluginKind.Dataset && !PluginFolders.IsBundled(use.Plugin))
        )
            return;
        string folder = session.Request.OutputFolder(plan.Definition.Name);
        string[] inputs =
        [
            .. plan
                .Inputs.Concat(session.Elsewhere.Values.Prepend(session.Data).SelectMany(FindRecordings))
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
        string[] entries =
        [
            .. plan
                .Cells.SelectMany(cell =>
                    new[]
                    {
                        session.Store.FindCell(session.Keys.Cell(cell)),
                        session.Store.FindModel(session.Keys.Model(cell.Model, cell.Seed)),
                    }
                )
                .OfType<string>()
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
        RunRequest request = session.Request;
        var mark = new FinishedMark(folder, DateTimeOffset.UtcNow, inputs, entries, FindState(request, asked, folder, inputs, entries));
        new FileEntries(session.Store.Folder, EntryKind.Finished).Write(
            asked.Name,
            JsonSerializer.SerializeToUtf8Bytes(mark, FinishedMarkJson.Default.FinishedMark)
        );
    }

    private static IEnumerable<string> FindRecordings(Data.PreparedData data) =>
        Enum.GetValues<Split>().SelectMany(data.Clips).Select(clip => clip.Audio).OfType<AudioSource.File>().Select(file => file.Path);

    /// <exception cref="IOException">The benchmark cannot be read.</exception>
    internal static Asked Note(RunRequest request, string artifacts)
    {
        using var name = new FileStamps();
        string?[] wishes =
        [
            Path.GetFullPath(request.File),
            request.Output is null ? Environment.CurrentDirectory : Path.GetFullPath(request.Output),
            request.LibTorch,
            request.Devices?.ToString(),
            request.Threads?.ToString(CultureInfo.InvariantCulture),
            request.Isolation?.ToString(),
            artifacts,
            .. request.Plugins,
        ];
        foreach (string? wish in wishes)
            name.AddText(wish ?? "-");
        string benchmark = File.ReadAllText(request.File);
        return new Asked(name.Finish(), [benchmark, .. DescribeMachine(), .. DescribeEnvironment(benchmark)]);
    }

    private static string FindState(
        RunRequest request,
        Asked asked,
        string folder,
        IReadOnlyList<string> inputs,
        IReadOnlyList<string> entries
    )
    {
        using var state = new FileStamps();
        foreach (string fact in asked.Facts)
            state.AddText(fact);
        state.Add(AppContext.BaseDirectory);
        PluginFolders plugins = PluginFolders.Standard(request.File, request.Plugins);
        string[] named = [.. plugins.Explicit.Select(p => File.Exists(p) ? Path.GetDirectoryName(Path.GetFullPath(p))! : p)];
        foreach (string? place in new[] { plugins.BesideBenchmark, plugins.User, LibTorchFolder.FindNamed(request.LibTorch) }.Concat(named))
            if (place is not null)
                state.Add(place);
        foreach (string path in inputs.Concat(entries))
            state.Add(path);
        // The journal is written on when all else is there.
        state.Add(folder, ProgressJournal.FileName);
        return state.Finish();
    }

    private static IEnumerable<string> DescribeMachine() =>
        [
            Environment.MachineName,
            Processor.Name,
            Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture),
            Environment.Version.ToString(),
            NvidiaDriver.Read().Version ?? "no GPU",
        ];

    // A benchmark may name any variable.
    private static IEnumerable<string> DescribeEnvironment(string benchmark) =>
        Environment
            .GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .Select(variable => (Name: (string)variable.Key, Value: (string?)variable.Value))
            .Where(v =>
                v.Name == "PATH"
                || Variables.Any(prefix => v.Name.StartsWith(prefix, StringComparison.Ordinal))
                || benchmark.Contains($"${{{v.Name}", StringComparison.Ordinal)
            )
            .Select(v => $"{v.Name}={v.Value}")
            .Order(StringComparer.Ordinal);
}
