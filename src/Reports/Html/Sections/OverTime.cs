using MerBench.Host.Results;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Html.Sections;

/// <summary>Emotions over time: the curves of the clip that each cell harms most, and where in time predictions change.</summary>
internal static class OverTime
{
    private const string Curves = "curves",
        Moments = "moments",
        Largest = "largest-moments";

    public static HtmlSection? Create(RunReportData data)
    {
        // Of the first seed, whose curves stand for the others.
        CellSummary[] cells =
        [
            .. data.Results.Cells.Where(c => c.Result?.OverTime is not null).DistinctBy(c => (c.Model, c.Perturbation, c.Strength)),
        ];
        if (cells.Length == 0)
            return null;
        var curves = new Chart(
            "curves-chart",
            "The clip with the largest harm",
            "Lines over time for each emotion: what listeners rated with a band of one standard deviation, the prediction for the clean "
                + "clip, and the prediction for the perturbed one.",
            new PageView(Curves) { Choice = new("condition", "Model and perturbation") },
            ChartSpec.Read("over-time")
        )
        {
            PanelWidth = 380,
            Note = Passage.Read("report", "over time, legend").Sentences(),
        };
        var moments = new Chart(
            "moments-chart",
            "When predictions change",
            "Lines over time of the mean absolute change of predictions, one for each model.",
            new PageView(Moments) { Choice = new("condition", "Perturbation") },
            ChartSpec.Read("over-time-change")
        )
        {
            Note = Markup.Format(
                $"Means over clips and emotions; a perturbation with a window may change inputs between the dashed lines alone."
            ),
        };
        return new HtmlSection(
            "over-time",
            "Over time",
            Markup.Format($"{Passage.Read("report", "over time").Paragraphs()}{curves.Render()}{moments.Render()}{LargestTable().Render()}")
        )
        {
            Data = [CurveData(cells, data), MomentData(cells, data), LargestData(cells, data)],
        };
    }

    private static PageData CurveData(IEnumerable<CellSummary> cells, RunReportData data) =>
        PageData.Create<CurveRow>(
            Curves,
            [.. cells.SelectMany(c => Rows(c, data.Results.Dataset.Emotions))],
            ("condition", r => r.Condition),
            ("model", r => r.Cell.Model),
            ("perturbation", r => data.Names[r.Cell.Perturbation]),
            ("clip", r => r.Clip),
            ("emotion", r => r.Emotion),
            ("seconds", r => r.Seconds),
            ("rated", r => r.Rated),
            ("low", r => r.Rated - r.Sd),
            ("high", r => r.Rated + r.Sd),
            ("before", r => r.Clean),
            ("after", r => r.Perturbed)
        );

    private static PageTable LargestTable() =>
        new(
            "largest-moments-table",
            "Where in time harm is largest",
            new PageView(Largest),
            [
                new("model", "Model"),
                new("perturbation", "Perturbation"),
                new("strength", "Strength"),
                new("harm", "Largest harm", "signed") { Meaning = "How much the mean absolute error of one clip rose at one moment" },
                new("clip", "Clip"),
                new("seconds", "At s", "number") { Meaning = "Seconds after the excerpt's beginning" },
                new("window", "Window") { Meaning = "Where inputs could change; empty for everywhere" },
                new("outside", "Outside", "percent") { Meaning = "Share of the change of predictions that lies outside of the window" },
                new("reach", "Reach s", "number") { Meaning = "How far from the window the change is still a tenth of its largest" },
            ]
        );

    private static PageData LargestData(IReadOnlyCollection<CellSummary> cells, RunReportData data) =>
        PageData.Create(
            Largest,
            cells,
            ("model", c => c.Model),
            ("perturbation", c => data.Names[c.Perturbation]),
            ("strength", c => c.Strength),
            ("harm", c => c.Result!.OverTime!.Largest.Harm),
            ("clip", c => c.Result!.OverTime!.Largest.Clip),
            ("seconds", c => c.Result!.OverTime!.Largest.Seconds),
            ("window", c => c.Window ?? ""),
            ("outside", c => c.Result!.OverTime!.Reach?.Share),
            ("reach", c => c.Result!.OverTime!.Reach?.Seconds)
        );

    private static PageData MomentData(IEnumerable<CellSummary> cells, RunReportData data) =>
        PageData.Create<(CellSummary Cell, double Seconds, double Change)>(
            Moments,
            [.. cells.SelectMany(c => c.Result!.OverTime!.Change.Select((change, k) => (c, k * c.Result.OverTime.HopSeconds, change)))],
            ("condition", r => $"{data.Names[r.Cell.Perturbation]} {r.Cell.Strength}"),
            ("model", r => r.Cell.Model),
            ("perturbation", r => data.Names[r.Cell.Perturbation]),
            ("seconds", r => r.Seconds),
            ("change", r => r.Change),
            ("from", r => r.Cell.Result!.OverTime!.Reach?.From),
            ("to", r => r.Cell.Result!.OverTime!.Reach?.To)
        );

    private static IEnumerable<CurveRow> Rows(CellSummary cell, IReadOnlyList<string> emotions)
    {
        OverTimeResult result = cell.Result!.OverTime!;
        if (result.Example is not { } example)
            yield break;
        string[] names = [.. emotions.Where(result.AllFrames.Values.First().PerLabel.ContainsKey)];
        for (int k = 0; k < example.Rated.Count; k++)
        for (int e = 0; e < names.Length; e++)
            yield return new CurveRow(
                cell,
                $"{cell.Model}, {cell.Perturbation} {cell.Strength}: {example.Clip}",
                example.Clip,
                names[e],
                k * result.HopSeconds,
                example.Rated[k][e],
                example.Sd?[k][e],
                example.Clean[k][e],
                example.Perturbed[k][e]
            );
    }

    private sealed record CurveRow(
        CellSummary Cell,
        string Condition,
        string Clip,
        string Emotion,
        double Seconds,
        double? Rated,
        double? Sd,
        double? Clean,
        double? Perturbed
    );
}
