using System.Globalization;
using MerBench.Host.Results;
using MerBench.Host.Text;

namespace MerBench.Reports.Tables;

/// <summary>How many cells a run asked for, and what became of them; and those that failed, with their reasons.</summary>
internal sealed class CellTally(RunResults results)
{
    /// <summary>«21 cells: 14 finished, 7 failed, 2 doubtful».</summary>
    public string Counts =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Count(results.Cells.Count, "cell")}: {Finished:#,0} finished, {results.FailedCells:#,0} failed, "
                + $"{results.DoubtfulCells:#,0} doubtful"
        );

    public int Finished => results.Cells.Count - results.FailedCells;

    /// <summary>Models without a finished cell, in the order of the benchmark.</summary>
    public IReadOnlyList<FailedModel> FailedModels =>
        [
            .. results
                .Cells.GroupBy(c => c.Model, StringComparer.Ordinal)
                .Where(model => model.All(c => c.Failure is not null))
                .Select(model => new FailedModel(
                    model.Key,
                    model.Count(),
                    string.Join("; ", model.Select(c => GuestText.Flatten(c.Failure!)).Distinct(StringComparer.Ordinal).Take(MostReasons))
                )),
        ];

    /// <summary>Failures, those of the same reason together: the first cell's name, how many more, and the reason.</summary>
    public IReadOnlyList<string> Failures =>
        [
            .. results
                .Cells.Where(c => c.Failure is not null)
                .GroupBy(c => c.Failure!, StringComparer.Ordinal)
                .Select(same =>
                {
                    string more =
                        same.Count() > 1 ? string.Create(CultureInfo.InvariantCulture, $" (and {same.Count() - 1:#,0} more)") : "";
                    return $"{GuestText.Escape(same.First().Name)}{more}: {GuestText.Flatten(same.Key)}";
                }),
        ];

    /// <summary>One sentence for where results are read apart from the others; null where nothing failed.</summary>
    public string? Caution
    {
        get
        {
            if (results.FailedCells == 0)
                return null;
            string[] models = [.. FailedModels.Select(m => m.Model)];
            string none = models.Length == 0 ? "" : $", among them all of {string.Join(", ", models)}";
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{results.FailedCells:#,0} of {results.Cells.Count:#,0} cells failed{none}; what they would have shown is not here."
            );
        }
    }

    private const int MostReasons = 3;

    private static string Count(int count, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:#,0} {what}{(count == 1 ? "" : "s")}");
}

/// <summary>A model of which no cell was finished.</summary>
/// <param name="Reason">Those of its cells, one of each.</param>
internal sealed record FailedModel(string Model, int Cells, string Reason);
