using System.Globalization;
using MerBench.Host.Results;
using MerBench.Host.Statistics;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Paper;

/// <summary>Harm in MAE of every model under every condition: with intervals where columns are few enough for them, else with standard
/// deviations over seeds.</summary>
internal static class RobustnessPaperTable
{
    private const int MostWithIntervals = 4;
    private const double Level = 0.05;

    public static PaperTable Create(RunResults results)
    {
        string[] models =
        [
            .. results.Statistics.SelectMany(s => s.Means.Select(m => m.System)).Distinct(StringComparer.Ordinal),
            .. new CellTally(results).FailedModels.Select(m => m.Model),
        ];
        int seeds = results.Statistics.Select(s => s.Seeds).DefaultIfEmpty().Max();
        bool intervals = models.Length <= MostWithIntervals || seeds == 1;
        var notes = new SortedSet<string>(StringComparer.Ordinal);
        var rows = new List<IReadOnlyList<string>>();
        var bold = new HashSet<(int, int)>();
        string last = "";
        foreach (ConditionStatistics condition in results.Statistics.OrderBy(s => !s.LabelPreserving))
        {
            string? best = condition.LabelPreserving ? Best(condition) : null;
            string name = PaperMarks.Perturbation(condition.Perturbation, condition.LabelPreserving, notes);
            var row = new List<string> { condition.Perturbation == last ? "" : name, PaperMarks.Strength(condition.Strength) };
            foreach (string model in models)
            {
                bool doubtful = PaperMarks.IsDoubtful(results, model, condition.Perturbation, condition.Strength);
                if (model == best && !doubtful)
                    bold.Add((rows.Count, row.Count));
                row.Add(
                    Harm(condition, model, intervals) is { } harm
                        ? PaperMarks.Number(harm, doubtful, notes)
                        : Missing(results, model, condition)
                );
            }

            rows.Add(row);
            last = condition.Perturbation;
        }

        string sampled = seeds > 1 ? "seeds and clips" : "clips";
        string spread = intervals ? $"with 95 % interval over {sampled}" : "± sample standard deviation over seeds";
        string best95 = bold.Count > 0 ? " Bold: less than every other model's, by the corrected test at 5 %." : "";
        return new PaperTable(
            "robustness",
            $"Mean {spread}; harm is the mean absolute error after a perturbation minus that before.{best95} "
                + $"{PaperTables.WhatWasRun(results)}",
            new ReportTable("Harm in MAE", ["Perturbation", "Strength", .. models], rows, TextColumns: 2)
        )
        {
            Notes = [.. notes, .. new CellTally(results).Caution is { } caution ? [caution] : Array.Empty<string>()],
            Bold = bold,
        };
    }

    private static string Missing(RunResults results, string model, ConditionStatistics condition) =>
        results.Cells.Any(c =>
            c.Failure is not null && c.Model == model && c.Perturbation == condition.Perturbation && c.Strength == condition.Strength
        )
            ? "failed"
            : "";

    // The model that is better than each other one, by the corrected test.
    private static string? Best(ConditionStatistics condition) =>
        Means(condition)
            .Select(m => m.System)
            .FirstOrDefault(model =>
            {
                SystemComparison[] own = [.. condition.Comparisons.Where(c => c.First == model || c.Second == model)];
                return own.Length > 0
                    && own.Length == Means(condition).Count() - 1
                    && Array.TrueForAll(own, c => c.CorrectedP < Level && (c.First == model ? c.Difference < 0 : c.Difference > 0));
            });

    private static IEnumerable<SystemMean> Means(ConditionStatistics condition) =>
        condition.Means.Where(m => m.Measure == ErrorMeasure.Harm.Name);

    private static string? Harm(ConditionStatistics condition, string model, bool interval)
    {
        if (Means(condition).FirstOrDefault(m => m.System == model) is not { } mean)
            return null;
        if (interval)
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{mean.Mean:0.000;-0.000;0.000} [{mean.Bootstrap.Low:0.000;-0.000;0.000}, {mean.Bootstrap.High:0.000;-0.000;0.000}]"
            );
        HarmOverSeeds? seeds = condition.Harms.FirstOrDefault(h => h.System == model);
        if (seeds is { Seeds: > 1 })
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{mean.Mean:0.000;-0.000;0.000} ± {seeds.Harm.Sd * Math.Sqrt(seeds.Seeds / (seeds.Seeds - 1.0)):.000}"
            );
        return mean.Mean.ToString("0.000;-0.000;0.000", CultureInfo.InvariantCulture);
    }
}
