using MerBench.Host.Results;
using MerBench.Host.Statistics;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Figures;

/// <summary>The figures that a run's summary has all numbers for.</summary>
internal static class RunFigureData
{
    // As many as a page has room for.
    private const int MostEmotionRows = 48;

    public static IEnumerable<RunFigure> Budgets(RunResults results, IGrouping<string, ConditionStatistics> perturbation)
    {
        foreach (
            var norm in perturbation
                .SelectMany(c => Points(results, c))
                .Where(p => p.Cell.Size is not null)
                .GroupBy(p => p.Cell.Norm!, StringComparer.Ordinal)
        )
        {
            BudgetPoint[] points =
            [
                .. norm.Select(p => new BudgetPoint(
                    p.Mean.System,
                    p.Cell.Size!.Value,
                    p.Mean.Mean,
                    p.Mean.Bootstrap.Low,
                    p.Mean.Bootstrap.High,
                    p.IsDoubtful
                )),
            ];
            if (points.Select(p => p.Size).Distinct().Count() < 2)
                continue;
            string name = RunFigures.FileName(perturbation.Key),
                crosses = points.Any(p => p.IsDoubtful) ? " Crossed-out points are doubtful." : "";
            yield return new RunFigure(
                $"budget-{name}-{norm.Key}",
                $"Harm of {perturbation.Key} against its budget, with 95 % intervals.{crosses}",
                IsStandard: true,
                FigureWidth.One,
                width => BudgetFigure.Draw(perturbation.Key, norm.Key, points, width)
            );
        }
    }

    public static IEnumerable<RunFigure> Severities(RunResults results)
    {
        SeverityPoint[] points =
        [
            .. results
                .Statistics.OrderBy(s => !s.LabelPreserving)
                .SelectMany(c => Points(results, c))
                .Where(p => p.Cell.Severity is not null)
                .Select(p => new SeverityPoint(
                    LabelMark.Name(p.Cell.Perturbation, p.Cell.LabelPreserving),
                    p.Mean.System,
                    p.Cell.Severity!.Value,
                    p.Mean.Mean,
                    p.Mean.Bootstrap.Low,
                    p.Mean.Bootstrap.High
                )),
        ];
        if (points.GroupBy(p => p.Corruption, StringComparer.Ordinal).All(g => g.Select(p => p.Severity).Distinct().Count() < 2))
            yield break;
        string mark = LabelMark.Legend(results) is { } legend ? $" {legend}" : "";
        yield return new RunFigure(
            "severities",
            $"Harm of corruptions by severity, with 95 % intervals.{mark}",
            IsStandard: false,
            FigureWidth.One,
            width => SeverityFigure.Draw(points, width)
        );
    }

    public static IEnumerable<RunFigure> Emotions(RunResults results)
    {
        if (HeadlineMetrics.FindError(results) is not { } metric)
            yield break;
        (string Name, double[] Harms)[] rows = EmotionRows(results, metric, byModel: true);
        string over = rows.Length > MostEmotionRows ? "models and seeds" : "seeds";
        if (rows.Length > MostEmotionRows)
            rows = EmotionRows(results, metric, byModel: false);
        if (rows.Length > 0)
            yield return new RunFigure(
                "emotions",
                $"Harm ({results.Metrics[metric].Symbol}) by emotion, each perturbation at its most harmful strength; means over {over}.",
                IsStandard: false,
                results.Dataset.Emotions.Count > 4 ? FigureWidth.Two : FigureWidth.One,
                width => EmotionFigure.Draw(results.Dataset.Emotions, rows, width)
            );
    }

    private static (string Name, double[] Harms)[] EmotionRows(RunResults results, string metric, bool byModel)
    {
        return
        [
            .. from perturbation in results.Statistics.GroupBy(s => s.Perturbation, StringComparer.Ordinal)
            let worst = perturbation.MaxBy(c => c.MeanHarm)!
            orderby !worst.LabelPreserving
            from cells in CellsOf(results, worst)
                .Where(c => c.Result!.Metrics.ContainsKey(metric))
                .GroupBy(c => byModel ? $", {c.Model}" : "", StringComparer.Ordinal)
            let harms = SharedLabels.Find([.. cells.Select(c => c.Result!.Metrics[metric])])
            select (
                $"{LabelMark.Name(worst.Perturbation, worst.LabelPreserving)} {worst.Strength}{cells.Key}",
                results.Dataset.Emotions.Select(e => harms.OfLabel(e)?.Harm ?? double.NaN).ToArray()
            ),
        ];
    }

    public static IEnumerable<RunFigure> Concepts(RunResults results)
    {
        SeriesPoint[] points =
        [
            .. results
                .Cells.Where(c => c.Result?.ConceptShift is not null)
                .GroupBy(c => (c.Model, c.Perturbation, c.Strength))
                .Select(g => new SeriesPoint(
                    g.Key.Model,
                    g.Average(c => c.Result!.ConceptShift!.Value),
                    g.Average(c => c.Result!.EmotionShift)
                )),
        ];
        if (points.Length > 0)
            yield return new RunFigure(
                "concepts",
                "How far perturbations move emotions against how far they move concepts: mean absolute changes of predictions, a point a "
                    + "perturbation and strength, means over seeds.",
                IsStandard: false,
                FigureWidth.One,
                width => PointsFigure.Draw("shift of concepts", "shift of emotions", points, width)
            );
    }

    public static IEnumerable<RunFigure> Cost(RunResults results)
    {
        IReadOnlyList<TrainingCost> costs = TrainingCost.Summarise(results);
        ConditionStatistics? worst = results
            .Statistics.Where(s => s.LabelPreserving && CellsOf(results, s).Any(c => c.Objective is not null && c.Norm is not null))
            .MaxBy(c => c.MeanHarm);
        if (costs.Count < 2 || worst is null)
            yield break;
        bool flops = costs.All(c => c.Flops is not null);
        SeriesPoint[] points =
        [
            .. from cost in costs
            let harm = worst.Harms.FirstOrDefault(h => h.System == cost.Model)
            where harm is not null && double.IsFinite(harm.Harm.Mean)
            select new SeriesPoint(cost.Model, flops ? cost.Flops!.Value / 1e12 : cost.Seconds, harm.Harm.Mean),
        ];
        if (points.Length > 1)
            yield return new RunFigure(
                "training-cost",
                $"Harm under {RunFigures.Title(worst)} against the cost of training; means over seeds.",
                IsStandard: false,
                FigureWidth.One,
                width =>
                    PointsFigure.Draw(flops ? "training [TFLOP]" : "training [s]", "harm (\u0394MAE)", points, width, logarithmic: true)
            );
    }

    private static IEnumerable<(SystemMean Mean, CellSummary Cell, bool IsDoubtful)> Points(
        RunResults results,
        ConditionStatistics condition
    ) =>
        from mean in condition.Means
        where mean.Measure == ErrorMeasure.Harm.Name
        let cells = CellsOf(results, condition).Where(c => c.Model == mean.System).ToList()
        where cells.Count > 0
        select (mean, cells[0], cells.Exists(c => c.Believable == Believable.Doubtful));

    private static IEnumerable<CellSummary> CellsOf(RunResults results, ConditionStatistics condition) =>
        results.Cells.Where(c => c.Perturbation == condition.Perturbation && c.Strength == condition.Strength && c.Result is not null);
}
