namespace MerBench.Host.Results.Tables;

/// <summary>The cells of a run as Parquet: what each is, what it cost, and each metric's mean over emotions.</summary>
internal static class CellTable
{
    public static byte[] Create(RunResults results, IReadOnlyDictionary<string, string> provenance)
    {
        var table = new ColumnTable<CellSummary>(results.Cells);
        table.AddText("cell", "name of the cell", c => c.Name);
        table.AddText("model", "name of the model", c => c.Model);
        table.AddText("perturbation", "name of the perturbation", c => c.Perturbation);
        table.AddText("strength", "budget or severity, as tables show it", c => c.Strength);
        table.Add("seed", "seed of the training and of the attack", c => c.Seed);
        table.AddText("use", "id of the perturbation's plugin", c => c.Use);
        table.AddText("options", "its options, JSON", c => c.Options);
        table.AddText("domain", "features or waveform", c => c.Domain);
        table.AddOptionalText("objective", "what the attack maximised; none for corruptions", c => c.Objective);
        table.AddOptionalText("norm", "linf, l2, snr or masking-excess; none without a budget", c => c.Norm);
        table.AddOptional("size", "of the budget, in the domain's unit or dB", c => c.Size);
        table.AddOptional("severity", "1 to 5, of corruptions", c => c.Severity);
        table.Add("label_preserving", "false where the perturbation changes what listeners feel", c => c.LabelPreserving);
        table.AddOptional<bool>(
            "believable",
            "false where a check found a reason to doubt; none where the cell failed",
            c => c.Believable is { } b ? b == Believable.Yes : null
        );
        table.AddText(
            "doubts",
            "names of the checks that found a reason to doubt, by comma",
            c => string.Join(", ", c.Doubts.Select(d => d.Check))
        );
        table.AddOptionalText("failure", "why the cell failed; none for most", c => c.Failure);
        table.Add("from_store", "finished before this run", c => c.FromStore);
        table.AddOptionalText("key", "content key of the cell", c => c.Result?.Key);
        table.AddOptionalText("model_key", "content key of the trained model", c => c.Result?.ModelKey);
        foreach (string metric in results.Cells.FirstOrDefault(c => c.Result is not null)?.Result!.Metrics.Keys ?? [])
        {
            AddMetric(table, metric, "", c => c.Result?.Metrics[metric].Mean);
            AddMetric(table, $"{metric}_clipped", ", predictions clipped to the rating scale", c => c.Result?.ClippedMetrics[metric].Mean);
        }

        AddMetric(table, "out_of_range", "", c => c.Result?.OutOfRange);
        table.AddOptional("success_rate", "share of clips whose prediction moved by the tolerance", c => c.Result?.SuccessRate);
        table.AddOptional("emotion_shift", "mean absolute change of the predicted emotions, rating units", c => c.Result?.EmotionShift);
        table.AddOptional(
            "concept_shift",
            "mean absolute change of the predicted concepts; none for models without",
            c => c.Result?.ConceptShift
        );
        table.AddOptional("median_linf", "median over clips", c => c.Result?.Size.MedianLinf);
        table.AddOptional("median_l2", "median over clips", c => c.Result?.Size.MedianL2);
        table.AddOptional("median_snr_db", "median over clips, dB", c => c.Result?.Size.MedianSnrDb);
        table.AddOptional(
            "median_loudness_change_lu",
            "integrated loudness, perturbed less clean, median over clips, LU; waveforms alone, as the next four",
            c => c.Result?.Size.Audibility?.MedianLoudnessChangeLu
        );
        table.AddOptional(
            "median_difference_lu",
            "level of the perturbation less the clean clip's loudness, median over clips, LU",
            c => c.Result?.Size.Audibility?.MedianDifferenceLu
        );
        table.AddOptional(
            "median_audible_share",
            "share of time-frequency cells above the masking threshold, median over clips",
            c => c.Result?.Size.Audibility?.MedianAudibleShare
        );
        table.AddOptional(
            "median_audible_excess_db",
            "mean over these cells of how far they lie above, median over clips, dB",
            c => c.Result?.Size.Audibility?.MedianAudibleExcessDb
        );
        table.AddOptional(
            "median_masking_excess_db",
            "how far the perturbation lies above the masking threshold where that is most, median over clips, dB",
            c => c.Result?.Size.Audibility?.MedianMaskingExcessDb
        );
        table.AddOptional("forward_calls", "predictions that the perturbation asked for, summed over clips", c => c.Result?.ForwardCalls);
        table.AddOptional("gradient_calls", "gradients that it asked for, summed over clips", c => c.Result?.GradientCalls);
        table.AddOptional("seconds", "wall time of the cell", c => c.Result?.Seconds);
        return table.ToParquet(provenance);
    }

    private static void AddMetric(ColumnTable<CellSummary> table, string name, string how, Func<CellSummary, MetricValue?> value)
    {
        table.AddOptional($"{name}.clean", $"mean over emotions, clean clips{how}", c => value(c)?.Clean);
        table.AddOptional($"{name}.perturbed", $"mean over emotions, perturbed clips{how}", c => value(c)?.Perturbed);
        table.AddOptional($"{name}.harm", $"how much worse perturbed clips are, positive is worse{how}", c => value(c)?.Harm);
        if (table.Rows.Any(c => value(c)?.LeftOut is not null))
            table.AddOptional<int>(
                $"{name}.left_out",
                $"emotions that these means leave out, as the metric is not defined for them, clean or perturbed{how}",
                c => value(c) is { } found ? found.LeftOut?.Count ?? 0 : null
            );
    }
}
