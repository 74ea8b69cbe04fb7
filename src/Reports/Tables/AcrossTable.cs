using System.Globalization;
using MerBench.Host.Results;

namespace MerBench.Reports.Tables;

/// <summary>Models on the dataset that they were trained on, and on others.</summary>
internal static class AcrossTable
{
    public static ReportTable Create(RunResults results)
    {
        string? metric = FindError(results);
        return new(
            $"Across datasets ({(metric is null ? "" : results.Metrics[metric].Symbol)}, over the emotions that both rate; shift is how "
                + "much the clean error rises on the other dataset)",
            ["Model", "Judged on", "Perturbation", "Strength", "own clean", "clean there", "shift", "own harm", "harm there", "emotions"],
            [
                .. results
                    .Across.Where(r => metric is not null && r.Metrics.ContainsKey(metric))
                    .Select(
                        IReadOnlyList<string> (r) =>
                        {
                            AcrossValues values = r.Metrics[metric!];
                            return
                            [
                                r.Model,
                                r.On,
                                r.Perturbation,
                                r.Strength,
                                Error(values.OwnClean),
                                Error(values.Clean),
                                Change(values.Clean - values.OwnClean),
                                Change(values.OwnHarm),
                                Change(values.Harm),
                                r.Emotions.Count.ToString(CultureInfo.InvariantCulture),
                            ];
                        }
                    ),
            ],
            TextColumns: 4
        );
    }

    /// <summary>Whether those that withstand attacks travel well, in sentences; empty where there are too few models.</summary>
    public static IEnumerable<string> Describe(RunResults results) =>
        results.BesideShift.Select(s =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{s.Perturbation} {s.Strength}, judged on {s.On}: over {s.Models} models, harm on their own dataset and shift have a rank "
                    + $"correlation of {s.RankCorrelation:0.00;-0.00;0.00}"
            )
        );

    /// <summary>The first metric that is an error; null where there is none.</summary>
    public static string? FindError(RunResults results) =>
        RobustnessTable.MetricIds(results).FirstOrDefault(m => !results.HigherIsBetter.Contains(m, StringComparer.Ordinal));

    private static string Error(double error) => error.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Change(double change) => change.ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture);
}
