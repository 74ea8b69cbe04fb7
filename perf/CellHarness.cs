using System.Diagnostics;
using System.Globalization;
using MathNet.Numerics.Statistics;
using MerBench.Host.Execution;

namespace MerBench.Perf;

/// <summary>What a cell costs beside the work of its plugins: a whole run of many cells of a fitted model and the cheapest attack, less one of few, with features at hand.</summary>
internal static class CellHarness
{
    private const int Few = 10, Many = 110;

    private static int s_seed;

    public static void Write(TextWriter report, int rounds)
    {
        string folder = Directory.CreateTempSubdirectory("merbench-perf-").FullName;
        try
        {
            var turns = new Turns();
            foreach (int cells in (int[])[Few, Many]) turns.Add(Name(cells), () => Run(folder, cells));
            turns.Run(rounds);
            double[] aCell = [.. turns.Of(Name(Many)).Zip(turns.Of(Name(Few)), (many, few) => (many - few) / (Many - Few))];
            report.WriteLine(FormattableString.Invariant($"A cell of `ridge` and `fgsm` on 16 clips, stored and reported: {Turns.Spread(aCell)} ms. A run of {Few} of them: {turns.Of(Name(Few)).Median():0} ms."));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Name(int cells) => cells.ToString(CultureInfo.InvariantCulture);

    // Cells are new in each run, by a seed that no run had; the cache keeps features.
    private static double Run(string folder, int cells)
    {
        string file = Path.Combine(folder, "cells.yaml");
        s_seed++;
        File.WriteAllText(file, $$"""
            name: cells
            dataset: { use: cues, with: { clips: 160, seconds: 1 } }
            models: { ridge: ridge }
            perturbations: { fgsm: { use: fgsm, budgets: { linf: [{{string.Join(", ", Enumerable.Range(1, cells).Select(i => FormattableString.Invariant($"{i * 0.001}")))}}] } } }
            seeds: [{{s_seed}}]
            """);
        long start = Stopwatch.GetTimestamp();
        BenchmarkRun.Execute(new RunRequest(file, [.. HostBenchmarks.Plugins], Path.Combine(folder, "results"), Path.Combine(folder, "cache")), _ => { }, CancellationToken.None);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
