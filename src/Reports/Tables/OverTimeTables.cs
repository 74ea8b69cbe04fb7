using System.Globalization;
using MerBench.Host.Results;

namespace MerBench.Reports.Tables;

/// <summary>Predictions over time: agreement within songs and over all frames, where harm is largest, and how far it reaches.</summary>
internal static class OverTimeTables
{
    public static IEnumerable<ReportTable> Create(RunResults results)
    {
        CellSummary[] cells = [.. results.Cells.Where(c => c.Result?.OverTime is not null)];
        if (cells.Length == 0)
            yield break;
        string[] metrics = [.. cells[0].Result!.OverTime!.PerSong.Keys];
        yield return Agreement("Over time, within songs (the mean over songs of each metric over a song's moments)", r => r.PerSong);
        yield return Agreement("Over time, over all frames (each metric over all rated moments of all songs)", r => r.AllFrames);
        yield return new ReportTable(
            "Where in time harm is largest (in the mean absolute error; reach is how far beyond its window a perturbation still changes "
                + "predictions by a tenth of the most)",
            ["Model", "Perturbation", "Strength", "largest harm", "clip", "at s", "window", "change outside", "reach s"],
            [.. Group().Select(Largest)],
            TextColumns: 3
        );

        ReportTable Agreement(string title, Func<OverTimeResult, IReadOnlyDictionary<string, MetricResult>> part) =>
            new(
                title,
                ["Model", "Perturbation", "Strength", .. metrics.SelectMany(m => new[] { $"{results.Metrics[m].Symbol} clean", "harm" })],
                [
                    .. Group()
                        .Select(
                            IReadOnlyList<string> (g) =>
                                [
                                    g.Key.Model,
                                    g.Key.Perturbation,
                                    g.Key.Strength,
                                    .. metrics.SelectMany(m =>
                                    {
                                        var shared = SharedLabels.Find([.. g.Select(c => part(c.Result!.OverTime!)[m])]);
                                        return new[] { Value(shared.Mean.Clean), Change(shared.Mean.Harm) };
                                    }),
                                ]
                        ),
                ],
                TextColumns: 3
            );

        IEnumerable<IGrouping<(string Model, string Perturbation, string Strength), CellSummary>> Group() =>
            cells.GroupBy(c => (c.Model, c.Perturbation, c.Strength));
    }

    private static IReadOnlyList<string> Largest(IGrouping<(string Model, string Perturbation, string Strength), CellSummary> cells)
    {
        CellSummary worst = cells.MaxBy(c => c.Result!.OverTime!.Largest.Harm)!;
        OverTimeResult result = worst.Result!.OverTime!;
        return
        [
            cells.Key.Model,
            cells.Key.Perturbation,
            cells.Key.Strength,
            Change(result.Largest.Harm),
            result.Largest.Clip,
            result.Largest.Seconds.ToString("0.##", CultureInfo.InvariantCulture),
            worst.Window ?? "",
            Mean(r => r.Share, "0 %"),
            Mean(r => r.Seconds, "0.##"),
        ];

        string Mean(Func<ReachBeyondWindow, double> value, string format) =>
            cells.All(c => c.Result!.OverTime!.Reach is not null)
                ? cells.Average(c => value(c.Result!.OverTime!.Reach!)).ToString(format, CultureInfo.InvariantCulture)
                : "";
    }

    private static string Value(double? value) => value?.ToString("0.000", CultureInfo.InvariantCulture) ?? "n/a";

    private static string Change(double? change) => change?.ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture) ?? "n/a";
}
