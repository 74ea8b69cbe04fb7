using System.Globalization;
using MerBench.Host.Results;

namespace MerBench.Reports.Tables;

/// <summary>Marks means that leave emotions out, as the metric is not defined for them (<see cref="SharedLabels"/>).</summary>
internal static class LeftOutMark
{
    /// <summary>What the mark means.</summary>
    public const string Explanation =
        "(2 of 3): the mean over 2 of 3 emotions. In the others the metric is not defined for some seed, clean or perturbed, as r is not "
        + "where ratings or predictions do not vary; clean, perturbed and harm are over the same emotions.";

    /// <summary>A mean with its mark, such as <c>+0.039 (1 of 3)</c>.</summary>
    /// <param name="leftOut">Null where none is.</param>
    public static string Append(string mean, IReadOnlyList<string>? leftOut, RunResults results) =>
        leftOut is null
            ? mean
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{mean} ({results.Dataset.Emotions.Count - leftOut.Count} of {results.Dataset.Emotions.Count})"
            );

    /// <summary>The same where the number of all emotions is not at hand.</summary>
    public static string Append(string mean, IReadOnlyList<string>? leftOut) =>
        leftOut is null ? mean : $"{mean} (without {string.Join(", ", leftOut)})";

    /// <summary>What the mark means, and where which emotions are left out; null where none is.</summary>
    /// <param name="clean">Whether perturbed predictions are not looked at.</param>
    public static string? Explain(RunResults results, bool clean = false)
    {
        string[] where =
        [
            .. results
                .Cells.Where(c => c.Result is not null)
                .SelectMany(c =>
                    c.Result!.Metrics.Select(m => (Metric: m.Key, Shared: Find([m.Value], clean)))
                        .Where(m => m.Shared.LeftOut is not null)
                        .Select(m => (c.Model, m.Metric, Emotions: string.Join(", ", m.Shared.LeftOut!)))
                )
                .GroupBy(m => (m.Model, m.Metric, m.Emotions))
                .Select(g =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{results.Metrics[g.Key.Metric].Symbol} of {g.Key.Model} without {g.Key.Emotions} in {g.Count()} "
                            + $"{(g.Count() == 1 ? "cell" : "cells")}"
                    )
                ),
        ];
        if (where.Length == 0)
            return null;
        string more = where.Length > Most ? string.Create(CultureInfo.InvariantCulture, $"; and {where.Length - Most} more") : "";
        return $"{Explanation} Left out: {string.Join("; ", where.Take(Most))}{more}.";
    }

    private const int Most = 8;

    private static SharedLabels Find(IReadOnlyList<MetricResult> results, bool clean) =>
        clean ? SharedLabels.FindClean(results) : SharedLabels.Find(results);
}
