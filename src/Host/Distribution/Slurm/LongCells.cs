using MerBench.Host.Results;
using MerBench.Host.Runs.Progress;
using MerBench.Host.Text;

namespace MerBench.Host.Distribution.Slurm;

/// <summary>Names cells that would not end within a job's time, as far as finished cells of the same model tell.</summary>
internal static class LongCells
{
    private const int Shown = 5;

    /// <returns>A remark, or nothing.</returns>
    public static IEnumerable<string> Find(StudyPlan plan, StudyState state, ResultStore store, TimeSpan? limit)
    {
        if (limit is not { } most)
            return [];
        HashSet<string> missing = [.. state.Shards.SelectMany(s => s.Missing).Select(c => c.Key)];
        (PlannedCell Cell, TimeSpan Time)[] tooLong =
        [
            .. plan
                .Models.GroupBy(m => m.Name, StringComparer.Ordinal)
                .SelectMany(seeds => EstimateCells([.. seeds.SelectMany(m => m.Cells)], missing, store))
                .Where(c => c.Time > most)
                .OrderByDescending(c => c.Time),
        ];
        if (tooLong.Length == 0)
            return [];
        string[] names = [.. tooLong.Select(c => $"{c.Cell.Name} (about {StatusText.Duration(c.Time)})")];
        return
        [
            $"Longer than the time limit of {StatusText.Duration(most)}, judging by finished cells of the same model: "
                + $"{ShortList.Write(names, Shown)}. Raise 'time', or lower what they cost.",
        ];
    }

    private static IEnumerable<(PlannedCell Cell, TimeSpan Time)> EstimateCells(
        IReadOnlyList<PlannedCell> cells,
        HashSet<string> missing,
        ResultStore store
    )
    {
        (double Work, double Rate)[] finished =
        [
            .. cells
                .Where(c => !missing.Contains(c.Key))
                .Select(c => (c.Work, Rate: store.ReadCell(c.Key)?.Seconds / c.Work))
                .Where(c => c.Rate is { } rate && double.IsFinite(rate))
                .Select(c => (c.Work, c.Rate!.Value)),
        ];
        // What a cell costs beside its passes weighs less the more of them there are: the nearest one tells best.
        return finished.Length == 0
            ? []
            : cells
                .Where(c => missing.Contains(c.Key))
                .Select(c => (c, TimeSpan.FromSeconds(c.Work * finished.MinBy(f => Math.Abs(Math.Log(f.Work / c.Work))).Rate)));
    }
}
