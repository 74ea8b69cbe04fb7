using System.Globalization;
using MerBench.Host.Results;

namespace MerBench.Reports.Tables;

/// <summary>The robustness table as text cells: a clean row for each model, then a row for each perturbation and strength, those that
/// change what listeners feel last and marked.</summary>
public sealed class RobustnessTable
{
    private RobustnessTable(IReadOnlyList<string> headers, IReadOnlyList<IReadOnlyList<string>> rows) => (Headers, Rows) = (headers, rows);

    /// <summary>Marks strengths with a doubtful cell.</summary>
    public const string DoubtMark = "?";

    /// <summary>The first three columns are text (model, perturbation, strength), the others are numbers.</summary>
    public const int TextColumns = 3;

    public IReadOnlyList<string> Headers { get; }

    public IReadOnlyList<IReadOnlyList<string>> Rows { get; }

    /// <summary>Builds the table.</summary>
    /// <param name="metrics">Metric ids to show, each with its harm.</param>
    /// <param name="clipped">True to show metrics of predictions clipped to the rating scale.</param>
    public static RobustnessTable Build(RunResults results, IReadOnlyList<string> metrics, bool clipped = false)
    {
        string[] headers =
        [
            "Model",
            "Perturbation",
            "Strength",
            .. metrics.SelectMany(m => new[] { results.Metrics[m].Symbol, "harm" }),
            "success",
            "out of range",
            "SNR dB",
            .. MelInversion(results, "Mel-inversion SNR dB"),
        ];
        var rows = new List<IReadOnlyList<string>>();
        foreach (IGrouping<string, RobustnessRow> model in results.Summary.GroupBy(r => r.Model, StringComparer.Ordinal))
        {
            bool isNamed = false;
            foreach (IGrouping<string?, RobustnessRow> dataset in model.GroupBy(r => r.On, StringComparer.Ordinal))
            {
                if (dataset.FirstOrDefault(r => r.Seeds > 0) is { } any)
                    Add(CleanRow(Name(), any));
                foreach (RobustnessRow row in dataset.OrderBy(r => !r.LabelPreserving))
                    Add([
                        .. Cells(results, Name(), row, metrics, clipped),
                        .. MelInversion(results, Decibels(row.MedianMelInversionSnrDb)),
                    ]);
            }

            string Name() => isNamed ? "" : model.Key;

            void Add(IReadOnlyList<string> row)
            {
                rows.Add(row);
                isNamed = true;
            }
        }

        return new RobustnessTable(headers, rows);

        IReadOnlyList<string> CleanRow(string model, RobustnessRow any) =>
            [
                model,
                any.On is null ? "clean" : $"clean on {any.On}",
                "",
                .. metrics.SelectMany(m => new[] { Clean(results, any, m, clipped), "" }),
                "",
                CleanOutOfRange(results, any),
                "",
                .. MelInversion(results, ""),
            ];
    }

    public static IReadOnlyList<string> MetricIds(RunResults results) =>
        [.. results.Summary.FirstOrDefault(r => r.Metrics.Count > 0)?.Metrics.Keys ?? Enumerable.Empty<string>()];

    /// <summary>What the mark beside a doubtful strength means; null where no row carries it.</summary>
    public static string? DoubtLegend(RunResults results) =>
        results.DoubtfulCells == 0 ? null : $"{DoubtMark} doubtful: a check found a reason not to take this harm for the truth.";

    // A mean over the seeds that were finished is not what was asked for.
    private static string StrengthOf(RunResults results, RobustnessRow row)
    {
        string strength = MarkDoubtful(results, row);
        return row is { Seeds: > 0, Failed: > 0 }
            ? string.Create(CultureInfo.InvariantCulture, $"{strength} ({row.Failed} of {row.Seeds + row.Failed} seeds failed)")
            : strength;
    }

    private static string MarkDoubtful(RunResults results, RobustnessRow row) =>
        results.Cells.Any(c =>
            c.Believable == Believable.Doubtful && c.Model == row.Model && c.Perturbation == row.Perturbation && c.Strength == row.Strength
        )
            ? $"{row.Strength} {DoubtMark}"
            : row.Strength;

    private static List<string> Cells(RunResults results, string model, RobustnessRow row, IReadOnlyList<string> metrics, bool clipped)
    {
        var cells = new List<string> { model, LabelMark.Name(row.Perturbation, row.LabelPreserving), StrengthOf(results, row) };
        if (row.Seeds == 0)
        {
            cells.Add("failed");
            cells.AddRange(Enumerable.Repeat("", (metrics.Count * 2) + 2));
            return cells;
        }

        foreach (string metric in metrics)
        {
            SeedSummary summary = Select(row, clipped)[metric];
            cells.Add(Value(summary.Perturbed));
            cells.Add(LeftOutMark.Append(Harm(summary), summary.LeftOut, results));
        }

        cells.Add(Share(row.SuccessRate));
        cells.Add(Share(row.OutOfRange));
        cells.Add(Decibels(row.MedianSnrDb));
        return cells;
    }

    private static IReadOnlyDictionary<string, SeedSummary> Select(RobustnessRow row, bool clipped) =>
        clipped ? row.ClippedMetrics : row.Metrics;

    // Clean predictions alone: what is not defined under some perturbation counts here.
    private static string Clean(RunResults results, RobustnessRow row, string metric, bool clipped)
    {
        var shared = SharedLabels.FindClean([
            .. results
                .Cells.Where(c =>
                    c.Result is not null && c.Model == row.Model && c.Perturbation == row.Perturbation && c.Strength == row.Strength
                )
                .Select(c => (clipped ? c.Result!.ClippedMetrics : c.Result!.Metrics)[metric]),
        ]);
        return LeftOutMark.Append(Value(shared.Mean.Clean), shared.LeftOut, results);
    }

    private static string CleanOutOfRange(RunResults results, RobustnessRow row) =>
        Share(results.Cells.Where(c => c.Model == row.Model && c.On == row.On).Select(c => c.Result?.OutOfRange.Clean).Average());

    private static string Value(double? value) => value is { } v ? v.ToString("0.000", CultureInfo.InvariantCulture) : "n/a";

    private static string Harm(SeedSummary summary)
    {
        if (summary.Harm is not { } harm)
            return "n/a";
        return summary.HarmSd is { } sd
            ? string.Create(CultureInfo.InvariantCulture, $"{harm:+0.000;-0.000;0.000}±{sd:.000}")
            : harm.ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture);
    }

    // A column only where there are perturbations of features.
    private static string[] MelInversion(RunResults results, string cell) =>
        results.Summary.Any(r => r.MedianMelInversionSnrDb is not null) ? [cell] : [];

    private static string Decibels(double? level) => level is { } db ? db.ToString("0.0", CultureInfo.InvariantCulture) : "";

    private static string Share(double? share) => share is { } s ? s.ToString("0 %", CultureInfo.InvariantCulture) : "";
}
