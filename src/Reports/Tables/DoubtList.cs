using System.Globalization;
using MerBench.Host.Checks;
using MerBench.Host.Results;
using MerBench.Host.Text;

namespace MerBench.Reports.Tables;

/// <summary>The doubts of a run, those of the same check and perturbation together.</summary>
internal static class DoubtList
{
    /// <summary>One line each: <c>check: model / perturbation / strength / seed 1 (and 3 more): reason</c>.</summary>
    public static IReadOnlyList<string> Lines(RunResults results) =>
        [
            .. results
                .Cells.SelectMany(cell => cell.Doubts.Select(doubt => (Cell: cell, Doubt: doubt)))
                .GroupBy(d => (d.Doubt.Check, d.Cell.Model, Perturbation: d.Doubt.IsOfModel ? "" : d.Cell.Perturbation))
                .Select(group =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{group.Key.Check}: {GuestText.Escape(group.First().Cell.Name)}{More(group.Count())}: "
                            + $"{GuestText.Flatten(group.First().Doubt.Reason)}"
                    )
                ),
        ];

    private static string More(int count) => count > 1 ? string.Create(CultureInfo.InvariantCulture, $" (and {count - 1} more)") : "";
}
