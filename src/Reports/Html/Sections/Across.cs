using MerBench.Host.Results;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Html.Sections;

/// <summary>Models on the dataset that they were trained on, and on others.</summary>
internal static class Across
{
    private const string Errors = "across",
        Shifts = "shifts";

    public static HtmlSection? Create(RunReportData data)
    {
        if (data.Results.Across.Count == 0 || AcrossTable.FindError(data.Results) is not { } metric)
            return null;
        string symbol = data.Results.Metrics[metric].Symbol;
        AcrossRow[] rows = [.. data.Results.Across.Where(r => r.Metrics.ContainsKey(metric))];
        var map = new Chart(
            "across-map",
            $"{symbol} on each dataset",
            $"A heat map of {symbol}: a row for each model, a column for each dataset on which it was judged, clean or perturbed.",
            new PageView(Errors) { Choice = new("condition", "Clips") },
            ChartSpec.Read("across")
        )
        {
            Note = Markup.Format($"Over the emotions that both datasets rate, means over seeds. The darker, the larger the error."),
        };
        var shifts = new Chart(
            "shifts-chart",
            "Robustness beside shift",
            $"A scatter plot: by how much the clean {symbol} rises on another dataset, and by how much a perturbation raises it on the own "
                + "one, a point for each model.",
            new PageView(Shifts) { Choice = new("condition", "Perturbation") },
            ChartSpec.Read("across-shift")
        )
        {
            Note = Markup.Format($"{string.Join(". ", AcrossTable.Describe(data.Results))}"),
        };
        return new HtmlSection(
            "across",
            "Across datasets",
            Markup.Format($"{Passage.Read("report", "across").Paragraphs()}{Labels(data.Results)}{map.Render()}{shifts.Render()}")
        )
        {
            Data = [ErrorData(rows, data), ShiftData(rows, metric, data)],
        };

        PageData ErrorData(AcrossRow[] of, RunReportData names) =>
            PageData.Create<ErrorRow>(
                Errors,
                [.. of.SelectMany(r => ListErrors(r, metric, names.Results.Dataset.Id)).Distinct()],
                ("condition", r => r.Condition),
                ("model", r => r.Model),
                ("dataset", r => r.Dataset),
                ("error", r => r.Error)
            );
    }

    private static IEnumerable<ErrorRow> ListErrors(AcrossRow row, string metric, string own)
    {
        AcrossValues values = row.Metrics[metric];
        string perturbed = $"{row.Perturbation} {row.Strength}";
        // Over the emotions of that dataset: another one may share others.
        string ownName = $"{own} (as {row.On})";
        yield return new ErrorRow("clean", row.Model, ownName, values.OwnClean);
        yield return new ErrorRow("clean", row.Model, row.On, values.Clean);
        yield return new ErrorRow(perturbed, row.Model, ownName, values.OwnClean + values.OwnHarm);
        yield return new ErrorRow(perturbed, row.Model, row.On, values.Clean + values.Harm);
    }

    private static PageData ShiftData(IReadOnlyCollection<AcrossRow> rows, string metric, RunReportData data) =>
        PageData.Create(
            Shifts,
            rows,
            ("condition", r => $"{r.Perturbation} {r.Strength}, {r.On}"),
            ("model", r => r.Model),
            ("perturbation", r => data.Names[r.Perturbation]),
            ("shift", r => r.Metrics[metric].Clean - r.Metrics[metric].OwnClean),
            ("harm", r => r.Metrics[metric].OwnHarm)
        );

    private static Markup Labels(RunResults results) =>
        Markup.Join(
            results.EvaluatedOn.Select(e => Markup.Format($"<p><b>{e.Name}</b> (<code>{e.Id}</code>): {string.Join("; ", e.Labels)}.</p>"))
        );

    private sealed record ErrorRow(string Condition, string Model, string Dataset, double Error);
}
