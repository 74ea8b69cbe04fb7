using System.Diagnostics;
using MerBench.Host.Execution;

namespace MerBench.Perf;

/// <summary>What a cell costs beside the work of its plugins: a run of many cells of a fitted model and the cheapest attack, from the first cell to the last, and what the run does before and after.</summary>
internal static class CellHarness
{
    private const int Cells = 100;
    private static int s_seed;

    public static void Write(TextWriter report, int rounds)
    {
        string folder = Directory.CreateTempSubdirectory("merbench-perf-").FullName;
        try
        {
            var cells = new List<double>();
            var beside = new List<double>();
            for (int round = -1; round < rounds; round++)
            {
                (double aCell, double rest) = Run(folder);
                if (round < 0) continue;
                cells.Add(aCell);
                beside.Add(rest / 1000);
            }

            report.WriteLine(FormattableString.Invariant($"A cell of `ridge` and `fgsm` on 16 clips, with its checks, until it is stored: {Turns.Spread(cells)} ms. What a run of {Cells} of them does before and after, figures and statistics of {Cells} conditions included: {Turns.Spread(beside)} s."));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Cells are new in each run, by a seed that no run had; the cache keeps features.
    private static (double Cell, double Beside) Run(string folder)
    {
        string file = Path.Combine(folder, "cells.yaml");
        s_seed++;
        File.WriteAllText(file, $$"""
            name: cells
            dataset: { use: cues, with: { clips: 160, seconds: 1 } }
            models: { ridge: ridge }
            perturbations: { fgsm: { use: fgsm, budgets: { linf: [{{string.Join(", ", Enumerable.Range(1, Cells).Select(i => FormattableString.Invariant($"{i * 0.001}")))}}] } } }
            seeds: [{{s_seed}}]
            """);
        long start = Stopwatch.GetTimestamp();
        (TimeSpan first, TimeSpan last) = (default, default);
        BenchmarkRun.Execute(new RunRequest(file, [.. HostBenchmarks.Plugins], Path.Combine(folder, "results"), Path.Combine(folder, "cache")), Note, CancellationToken.None);
        TimeSpan all = Stopwatch.GetElapsedTime(start);
        return ((last - first).TotalMilliseconds / (Cells - 1), (all - last + first).TotalMilliseconds);

        // The first cell waits for its model.
        void Note(RunEvent happened)
        {
            if (happened is not RunEvent.CellFinished) return;
            if (first == default) first = Stopwatch.GetElapsedTime(start);
            last = Stopwatch.GetElapsedTime(start);
        }
    }
}
