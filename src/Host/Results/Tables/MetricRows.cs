namespace MerBench.Host.Results.Tables;

/// <summary>Every metric of every cell, a row an emotion, as Parquet.</summary>
internal static class MetricRows
{
    public static byte[] Create(RunResults results, IReadOnlyDictionary<string, string> provenance)
    {
        var table = new ColumnTable<Row>([
            .. results
                .Cells.Where(c => c.Result is not null)
                .SelectMany(c => Rows(c, c.Result!.Metrics, clipped: false).Concat(Rows(c, c.Result.ClippedMetrics, clipped: true))),
        ]);
        table.AddText("cell", "name of the cell", r => r.Cell.Name);
        table.AddText("model", "name of the model", r => r.Cell.Model);
        table.AddText("perturbation", "name of the perturbation", r => r.Cell.Perturbation);
        table.AddText("strength", "budget or severity, as tables show it", r => r.Cell.Strength);
        table.Add("seed", "seed of the training and of the attack", r => r.Cell.Seed);
        table.AddText("metric", "id of the metric", r => r.Metric);
        table.AddText("emotion", "label of the dataset", r => r.Emotion);
        table.Add("clipped", "predictions were clipped to the rating scale", r => r.Clipped);
        table.AddOptional("clean", "value for clean clips", r => r.Value.Clean);
        table.AddOptional("perturbed", "value for perturbed clips", r => r.Value.Perturbed);
        table.AddOptional("harm", "how much worse perturbed clips are, positive is worse", r => r.Value.Harm);
        return table.ToParquet(provenance);
    }

    private static IEnumerable<Row> Rows(CellSummary cell, IReadOnlyDictionary<string, MetricResult> metrics, bool clipped) =>
        from metric in metrics
        from label in metric.Value.PerLabel
        select new Row(cell, metric.Key, label.Key, clipped, label.Value);

    private sealed record Row(CellSummary Cell, string Metric, string Emotion, bool Clipped, MetricValue Value);
}
