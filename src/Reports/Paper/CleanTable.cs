using System.Globalization;
using MathNet.Numerics.Statistics;
using MerBench.Host.Results;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Paper;

/// <summary>How well models predict clips as they are.</summary>
internal static class CleanTable
{
    public static PaperTable Create(RunResults results)
    {
        IReadOnlyList<string> metrics = RobustnessTable.MetricIds(results);
        // Each cell predicts the clean clips anew, in its domain; one a model and seed is enough.
        var models = results
            .Cells.Where(c => c.Result is not null)
            .GroupBy(c => c.Model, StringComparer.Ordinal)
            .Select(m => (Model: m.Key, Seeds: m.GroupBy(c => c.Seed).Select(seed => seed.First().Result!).ToList()))
            .ToList();
        bool spread = models.Any(m => m.Seeds.Count > 1);
        return new PaperTable(
            "clean",
            $"Means over emotions{(spread ? " and seeds, ± sample standard deviation over seeds" : "")}. Out of range: share of "
                + $"predictions outside the rating scale. {PaperTables.WhatWasRun(results)}",
            new ReportTable(
                "Performance on clean clips",
                ["Model", .. metrics.Select(id => results.Metrics[id].Symbol), "out of range"],
                [
                    .. models.Select(
                        IReadOnlyList<string> (m) =>
                            [
                                m.Model,
                                .. metrics.Select(id => Cell(SharedLabels.FindClean([.. m.Seeds.Select(s => s.Metrics[id])]), results)),
                                Share(m.Seeds.Select(s => s.OutOfRange.Clean).Average()),
                            ]
                    ),
                    .. new CellTally(results).FailedModels.Select(
                        IReadOnlyList<string> (m) => [m.Model, .. metrics.Select(_ => "failed"), ""]
                    ),
                ],
                TextColumns: 1
            )
        )
        {
            Notes = [.. new[] { LeftOutMark.Explain(results, clean: true), new CellTally(results).Caution }.OfType<string>()],
        };
    }

    private static string Cell(SharedLabels shared, RunResults results)
    {
        double[] values = [.. shared.Means.Select(v => v.Clean).OfType<double>()];
        string text = values.Length switch
        {
            0 => "n/a",
            1 => Text(values[0]),
            _ => $"{Text(values.Average())} ± {values.StandardDeviation().ToString(".000", CultureInfo.InvariantCulture)}",
        };
        return LeftOutMark.Append(text, shared.LeftOut, results);
    }

    private static string Text(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Share(double? share) => share?.ToString("0 %", CultureInfo.InvariantCulture) ?? "";
}
