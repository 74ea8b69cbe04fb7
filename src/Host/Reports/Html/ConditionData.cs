using MerBench.Host.Queries;
using MerBench.Host.Results;

namespace MerBench.Host.Reports.Html;

/// <summary>
/// The table <c>conditions</c> of a report: a row a model, perturbation, strength and emotion, with mean absolute errors over seeds and clips, and 95 % intervals.
/// </summary>
internal static class ConditionData
{
    public const string Name = "conditions";

    public static PageData Of(RunResults results, RunDatabase database)
    {
        List<Row> rows = [.. results.Summary.Where(s => s.Seeds > 0).OrderBy(s => !s.LabelPreserving).SelectMany(s => Rows(results, s))];
        return PageData.Of(
            Name, rows,
            ("model", r => r.Summary.Model), ("perturbation", r => LabelMark.Name(r.Summary.Perturbation, r.Summary.LabelPreserving)), ("strength", r => r.Summary.Strength), ("emotion", r => r.Emotion),
            ("norm", r => r.Cell.Norm), ("size", r => r.Cell.Size), ("severity", r => r.Cell.Severity), ("seeds", r => r.Summary.Seeds), ("label_preserving", r => r.Summary.LabelPreserving),
            ("clean", r => r.Clean.Mean), ("clean_low", r => r.Clean.Low), ("clean_high", r => r.Clean.High),
            ("perturbed", r => r.Perturbed.Mean), ("perturbed_low", r => r.Perturbed.Low), ("perturbed_high", r => r.Perturbed.High),
            ("harm", r => r.Harm.Mean), ("harm_low", r => r.Harm.Low), ("harm_high", r => r.Harm.High),
            ("doubtful", r => r.Doubtful));
    }

    private static IEnumerable<Row> Rows(RunResults results, RobustnessRow summary)
    {
        List<CellSummary> cells = [.. results.Cells.Where(c => c.Model == summary.Model && c.Perturbation == summary.Perturbation && c.Strength == summary.Strength && c.Result is not null)];
        ConditionStatistics? statistics = results.Statistics.FirstOrDefault(s => s.Perturbation == summary.Perturbation && s.Strength == summary.Strength);
        Estimate Of(string measure) => statistics?.Means.FirstOrDefault(m => m.Measure == measure && m.System == summary.Model) is { } mean ? new Estimate(mean.Mean, mean.Bootstrap.Low, mean.Bootstrap.High) : new Estimate(null, null, null);
        yield return new Row(summary, cells[0], PageData.AllEmotions, Of("MAE before"), Of("MAE after"), Of("harm"), cells.Count(c => c.Believable == Believable.Doubtful));
    }

    private sealed record Estimate(double? Mean, double? Low, double? High);

    private sealed record Row(RobustnessRow Summary, CellSummary Cell, string Emotion, Estimate Clean, Estimate Perturbed, Estimate Harm, int Doubtful);
}
