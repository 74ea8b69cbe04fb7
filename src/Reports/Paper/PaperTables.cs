using System.Globalization;
using MerBench.Host.Results;
using MerBench.Host.Statistics;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Paper;

/// <summary>The tables of a run that a paper shows. Those without rows are left out.</summary>
internal static class PaperTables
{
    public static IEnumerable<PaperTable> All(RunResults results)
    {
        IEnumerable<PaperTable> tables =
        [
            CleanTable.Create(results),
            RobustnessPaperTable.Create(results),
            EmotionPaperTable.Create(results),
            Comparisons(results),
            TrainingCost(results),
        ];
        return tables.Where(t => t.Table.Rows.Count > 0);
    }

    /// <summary>What was run, in a few words, for captions.</summary>
    public static string WhatWasRun(RunResults results)
    {
        int seeds = results.Models.Select(m => m.Seed).Distinct().Count();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Dataset {results.Dataset.Id}, {results.Dataset.Test} test clips, {(seeds == 1 ? "one seed" : $"{seeds} seeds")}."
        );
    }

    private static PaperTable Comparisons(RunResults results)
    {
        var rows = new List<IReadOnlyList<string>>();
        var notes = new SortedSet<string>(StringComparer.Ordinal);
        foreach (
            ConditionStatistics condition in results
                .Statistics.GroupBy(s => s.Perturbation, StringComparer.Ordinal)
                .Select(p => p.MaxBy(s => s.MeanHarm)!)
                .OrderBy(s => !s.LabelPreserving)
        )
        {
            string name = PaperMarks.Perturbation(condition.Perturbation, condition.LabelPreserving, notes);
            foreach (SystemComparison c in condition.Comparisons)
            {
                bool first = ReferenceEquals(c, condition.Comparisons[0]);
                rows.Add([first ? name : "", first ? PaperMarks.Strength(condition.Strength) : "", .. StatisticsTables.ComparisonCells(c)]);
            }
        }

        int seeds = results.Statistics.Select(s => s.Seeds).DefaultIfEmpty().Max();
        string margin = results
            .Statistics.SelectMany(s => s.Comparisons)
            .Select(c => c.Margin.ToString(CultureInfo.InvariantCulture))
            .FirstOrDefault("");
        return new PaperTable(
            "comparisons",
            $"Each perturbation at its most harmful strength; first minus second, with 95 % interval; p after Holm's correction within a "
                + $"condition; {(seeds > 1 ? "seeds and clips are random" : "clips alone are random")}. Equivalent: within {margin}; "
                + $"negligible: different, and within it. {WhatWasRun(results)}",
            new ReportTable(
                "Differences between models in harm (MAE)",
                ["Perturbation", "Strength", "Models", "difference", "p", "d_z", "verdict"],
                rows,
                TextColumns: 3
            )
        )
        {
            Notes = [.. notes],
        };
    }

    private static PaperTable TrainingCost(RunResults results) =>
        new(
            "training-cost",
            $"{TrainingCostTable.Note} {results.Environment.Device}, {results.Environment.Processor}.",
            TrainingCostTable.Create(results)
        );
}
