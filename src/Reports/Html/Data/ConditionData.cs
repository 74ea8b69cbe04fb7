using MerBench.Host.Results;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Html.Data;

/// <summary>
/// The table <c>conditions</c> of a report: a row a model, perturbation, strength and emotion, with mean absolute errors over seeds and
/// clips and their 95 % intervals: for means over emotions those of the results
/// (bootstrap), for single emotions those of <see cref="RunErrors"/>.
/// </summary>
internal static class ConditionData
{
    public const string Name = "conditions";

    public static PageData Create(RunResults results, RunErrors errors, IReadOnlyList<Condition> strongest)
    {
        ILookup<(string, string, string), CellSummary> cells = results
            .Cells.Where(c => c.Result is not null)
            .ToLookup(c => (c.Model, c.Perturbation, c.Strength));
        ILookup<(string, string, string), ConditionEstimates> found = errors.Conditions.ToLookup(e =>
            (e.Model, e.Perturbation, e.Strength)
        );
        var bootstrap = results
            .Statistics.SelectMany(s => s.Means.Select(m => (Key: (s.Perturbation, s.Strength, m.System, m.Measure), m.Mean, m.Bootstrap)))
            .ToDictionary(m => m.Key, m => new RunErrors.Estimate(m.Mean, m.Bootstrap.Low, m.Bootstrap.High));
        RunErrors.Estimate Best(ConditionEstimates error, ErrorMeasure measure, RunErrors.Estimate computed) =>
            error.Emotion == PageData.AllEmotions
            && bootstrap.TryGetValue((error.Perturbation, error.Strength, error.Model, measure.Name), out RunErrors.Estimate? known)
                ? known
                : computed;
        ILookup<string, CellSummary> failed = results
            .Cells.Where(c => c.Failure is not null)
            .ToLookup(c => c.Model, StringComparer.Ordinal);
        Row[] rows =
        [
            .. results
                .Summary.OrderBy(s => !s.LabelPreserving)
                .SelectMany(s =>
                    found[(s.Model, s.Perturbation, s.Strength)]
                        .Select(e =>
                        {
                            CellSummary[] all = [.. cells[(s.Model, s.Perturbation, s.Strength)]];
                            return new Row(
                                s,
                                all[0],
                                e.Emotion,
                                Best(e, ErrorMeasure.Before, e.Clean),
                                Best(e, ErrorMeasure.After, e.Perturbed),
                                Best(e, ErrorMeasure.Harm, e.Harm),
                                all.Count(c => c.Believable == Believable.Doubtful),
                                strongest.Any(c => c.Perturbation == s.Perturbation && c.Strength == s.Strength)
                            );
                        })
                ),
        ];
        return PageData.Create(
            Name,
            rows,
            ("model", r => r.Summary.Model),
            ("perturbation", r => r.Perturbation),
            ("strength", r => r.Summary.Strength),
            ("condition", r => $"{r.Perturbation} {r.Summary.Strength}".Trim()),
            ("emotion", r => r.Emotion),
            ("domain", r => r.Cell.Domain),
            ("norm", r => r.Cell.Norm),
            ("size", r => r.Cell.Size),
            ("severity", r => r.Cell.Severity),
            ("seeds", r => r.Summary.Seeds),
            ("label_preserving", r => r.Summary.LabelPreserving),
            ("strongest", r => r.Strongest),
            ("clean", r => r.Clean.Mean),
            ("clean_low", r => r.Clean.Low),
            ("clean_high", r => r.Clean.High),
            ("perturbed", r => r.Perturbed.Mean),
            ("perturbed_low", r => r.Perturbed.Low),
            ("perturbed_high", r => r.Perturbed.High),
            ("harm", r => r.Harm.Mean),
            ("harm_low", r => r.Harm.Low),
            ("harm_high", r => r.Harm.High),
            ("doubtful", r => r.Doubtful),
            ("failed", r => failed[r.Summary.Model].Count())
        );
    }

    private sealed record Row(
        RobustnessRow Summary,
        CellSummary Cell,
        string Emotion,
        RunErrors.Estimate Clean,
        RunErrors.Estimate Perturbed,
        RunErrors.Estimate Harm,
        int Doubtful,
        bool Strongest
    )
    {
        public string Perturbation => LabelMark.Name(Summary.Perturbation, Summary.LabelPreserving);
    }
}
