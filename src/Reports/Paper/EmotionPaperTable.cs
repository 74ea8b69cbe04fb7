using System.Globalization;
using MerBench.Host.Results;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Paper;

/// <summary>Which emotions are harmed: each perturbation at the strength that harms most.</summary>
internal static class EmotionPaperTable
{
    public static PaperTable Create(RunResults results)
    {
        string metric = HeadlineMetrics.FindError(results) ?? RobustnessTable.MetricIds(results).FirstOrDefault("");
        var notes = new SortedSet<string>(StringComparer.Ordinal);
        var rows = new List<IReadOnlyList<string>>();
        foreach (
            var perturbation in results
                .Cells.Where(c => c.Result is not null)
                .OrderBy(c => !c.LabelPreserving)
                .GroupBy(c => (c.Perturbation, c.LabelPreserving))
        )
        {
            var worst = perturbation
                .GroupBy(c => c.Strength, StringComparer.Ordinal)
                .MaxBy(s => SharedLabels.Find([.. s.Select(c => c.Result!.Metrics[metric])]).Mean.Harm ?? double.NegativeInfinity)!;
            string name = PaperMarks.Perturbation(perturbation.Key.Perturbation, perturbation.Key.LabelPreserving, notes);
            bool first = true;
            foreach (var model in worst.GroupBy(c => c.Model, StringComparer.Ordinal))
            {
                string label = PaperMarks.Number(model.Key, model.Any(c => c.Believable == Believable.Doubtful), notes);
                var harms = SharedLabels.Find([.. model.Select(c => c.Result!.Metrics[metric])]);
                rows.Add([
                    first ? name : "",
                    first ? PaperMarks.Strength(worst.Key) : "",
                    label,
                    .. results.Dataset.Emotions.Select(e => Text(harms.OfLabel(e)?.Harm)),
                ]);
                first = false;
            }
        }

        return new PaperTable(
            "emotions",
            $"Each perturbation at its most harmful strength; means over seeds. {PaperTables.WhatWasRun(results)}",
            new ReportTable(
                $"Harm in {results.Metrics[metric].Symbol} by emotion",
                ["Perturbation", "Strength", "Model", .. results.Dataset.Emotions],
                rows,
                TextColumns: 3
            )
        )
        {
            Notes = [.. notes, .. new CellTally(results).Caution is { } caution ? [caution] : Array.Empty<string>()],
        };
    }

    private static string Text(double? harm) => harm?.ToString("0.000;-0.000;0.000", CultureInfo.InvariantCulture) ?? "n/a";
}
