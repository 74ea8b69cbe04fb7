using System.Reflection;
using System.Text.Json;
using MerBench.Host.Events;
using MerBench.Host.IO;
using MerBench.Host.Runs;

namespace MerBench.Tests.Storage;

/// <summary>A benchmark of two small cells with the plugins that come with the tool, run in this process.</summary>
internal sealed class SmallBenchmark
{
    /// <summary>The folder of the plugins that come with the tool.</summary>
    public static string Plugins { get; } =
        Path.Combine(
            Path.GetDirectoryName(
                typeof(SmallBenchmark)
                    .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
                    .First(a => a.Key == "MerBench.Tool")
                    .Value!["dotnet ".Length..]
            )!,
            "plugins"
        );

    private readonly string _folder,
        _store;
    private readonly List<string> _putAside = [];

    public SmallBenchmark(string folder, string store)
    {
        (_folder, _store) = (folder, store);
        File.WriteAllText(
            Path.Combine(folder, "bench.yaml"),
            """
            name: bench
            dataset: { use: cues, with: { clips: 10, seconds: 1 } }
            models: { r: ridge }
            perturbations: { n: { use: noise, severities: [3] } }
            seeds: [1, 2]
            metrics: [mae]
            """
        );
    }

    /// <summary>The entries that the last run put aside.</summary>
    public IReadOnlyList<string> PutAside => _putAside;

    /// <summary>Runs it, with results in the folder's <c>results</c>; hands back all its numbers.</summary>
    public string Run()
    {
        _putAside.Clear();
        var request = new RunRequest(Path.Combine(_folder, "bench.yaml"), [Plugins])
        {
            Cache = _store,
            Output = Path.Combine(_folder, "results"),
            Threads = 1,
        };
        FinishedRun run = BenchmarkRun.Execute(request, null, Note, CancellationToken.None);
        return JsonSerializer.Serialize(
            new
            {
                Cells = run.Results.Cells.Select(c => c.Result! with { Seconds = 0 }),
                Clips = run.Conditions.SelectMany(c => c.Logs).SelectMany(l => l.Rows),
                Models = run.Results.Models.Select(m => $"{m.Seed} {m.Training!.Source} {m.Training.Key}"),
            },
            ResultJson.Options
        );

        void Note(RunEvent happened)
        {
            if (happened is RunEvent.EntryPutAside { Entry: var entry })
                _putAside.Add(entry.Entry);
        }
    }
}
