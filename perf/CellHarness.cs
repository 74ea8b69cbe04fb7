using System.Diagnostics;
using System.Globalization;
using MerBench.Host.Events;
using MerBench.Host.Runs;

namespace MerBench.Perf;

/// <summary>What a cell costs beside the work of its plugins: a run of many cells of a fitted model and the cheapest attack, from the first
/// cell to the last, and what the run does before and after.</summary>
internal static class CellHarness
{
    private const int Cells = 100,
        Many = 16,
        Few = 4;
    private static int s_seed;

    public static void Write(TextWriter report, int rounds)
    {
        string folder = Directory.CreateTempSubdirectory("merbench-perf-").FullName;
        try
        {
            var (many, few, beside) = (new List<double>(), new List<double>(), new List<double>());
            for (int round = -1; round < rounds; round++)
            {
                (double ofMany, double rest) = Run(folder, Many);
                (double ofFew, _) = Run(folder, Few);
                if (round < 0)
                    continue;
                many.Add(ofMany);
                few.Add(ofFew);
                beside.Add(rest / 1000);
            }

            double[] own = [.. many.Zip(few, (m, f) => f - ((m - f) * Few / (Many - Few)))];
            report.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"A cell of `ridge` and `fgsm`, with its checks and measures, until it is stored: {Turns.Spread(many)} ms for {Many} "
                        + $"clips, {Turns.Spread(few)} ms for {Few}, so that {Turns.Spread(own)} ms belong to no clip. What a run of "
                        + $"{Cells} such cells does before and after, figures and statistics of {Cells} conditions included: "
                        + $"{Turns.Spread(beside)} s."
                )
            );
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Cells are new in each run, by a seed that no run had; the cache keeps features.
    private static (double Cell, double Beside) Run(string folder, int testClips)
    {
        string file = Path.Combine(folder, "cells.yaml");
        s_seed++;
        File.WriteAllText(
            file,
            $$"""
            name: cells
            dataset: { use: cues, with: { clips: {{testClips * 10}}, seconds: 1 } }
            models: { ridge: ridge }
            perturbations: { fgsm: { use: fgsm, budgets: { linf: [{{string.Join(
                ", ",
                Enumerable.Range(1, Cells).Select(i => FormattableString.Invariant($"{i * 0.001}"))
            )}}] } } }
            seeds: [{{s_seed}}]
            """
        );
        long start = Stopwatch.GetTimestamp();
        (TimeSpan first, TimeSpan last) = (default, default);
        BenchmarkRun.Execute(
            new RunRequest(file, [.. HostBenchmarks.Plugins])
            {
                Output = Path.Combine(folder, "results"),
                Cache = Path.Combine(folder, "cache"),
            },
            artifacts: null,
            Note,
            CancellationToken.None
        );
        TimeSpan all = Stopwatch.GetElapsedTime(start);
        return ((last - first).TotalMilliseconds / (Cells - 1), (all - last + first).TotalMilliseconds);

        // The first cell waits for its model.
        void Note(RunEvent happened)
        {
            if (happened is not RunEvent.CellFinished)
                return;
            if (first == default)
                first = Stopwatch.GetElapsedTime(start);
            last = Stopwatch.GetElapsedTime(start);
        }
    }
}
