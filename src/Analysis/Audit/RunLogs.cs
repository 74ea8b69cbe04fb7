using MerBench.Host;
using MerBench.Host.Results;
using MerBench.Host.Results.Tables;

namespace MerBench.Analysis.Audit;

/// <summary>The clips of a run as attack logs: each model under each perturbation of one strength is a system, and ratings and predictions
/// are on the scale 0 to 1. Of several datasets, the benchmark's own.</summary>
public static class RunLogs
{
    /// <exception cref="UserErrorException">The run has no finished cells, or its files are damaged.</exception>
    public static IReadOnlyList<ClipLog> Read(RunFolder run)
    {
        RunResults results = run.ReadResults();
        Dictionary<string, CellSummary> cells = results
            .Cells.Where(c => c.Result is not null && c.On is null)
            .ToDictionary(c => c.Name, StringComparer.Ordinal);
        if (cells.Count == 0 || !File.Exists(run.ClipsPath))
            throw new UserErrorException($"{run.Source} has no finished cell whose clips could be audited.");
        TableFile file = TableFile.Read(run.ClipsPath);
        file.Require([ClipTable.Cell]);
        // Of other datasets there may be emotions that this one does not rate.
        TableFile own = file with
        {
            Headers =
            [
                .. file.Headers.Where(h =>
                    !h.StartsWith(ClipTable.Rating, StringComparison.Ordinal)
                    || results.Dataset.Emotions.Contains(h[ClipTable.Rating.Length..], StringComparer.Ordinal)
                ),
            ],
            Rows = [.. file.Rows.Where(row => cells.ContainsKey(row.Text(ClipTable.Cell)))],
        };
        (IReadOnlyList<string> emotions, IReadOnlyList<ClipRow> rows) = ClipTable.Read(own);
        return
        [
            .. own
                .Rows.Zip(rows)
                .GroupBy(pair => pair.First.Text(ClipTable.Cell), pair => pair.Second, StringComparer.Ordinal)
                .Select(clips => CreateLog(cells[clips.Key], clips, run, emotions, results.Dataset)),
        ];
    }

    private static ClipLog CreateLog(
        CellSummary cell,
        IEnumerable<ClipRow> clips,
        RunFolder run,
        IReadOnlyList<string> emotions,
        DatasetSummary dataset
    )
    {
        double[] ToUnit(double[] values) => Array.ConvertAll(values, v => (v - dataset.Minimum) / (dataset.Maximum - dataset.Minimum));
        return new ClipLog(
            $"{cell.Model} / {cell.Perturbation} / {cell.Strength}",
            cell.Seed,
            run.Source,
            emotions,
            [
                .. clips.Select(clip =>
                    clip with
                    {
                        Rating = ToUnit(clip.Rating),
                        Clean = ToUnit(clip.Clean),
                        Perturbed = ToUnit(clip.Perturbed),
                        BudgetL2 = cell.Norm == "l2" ? cell.Size : null,
                        BudgetLinf = cell.Norm == "linf" ? cell.Size : null,
                    }
                ),
            ]
        );
    }
}
