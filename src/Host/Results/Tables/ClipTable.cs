namespace MerBench.Host.Results.Tables;

/// <summary>
/// Clip rows of one cell as Parquet; what columns mean stands in the file, and in docs/results.md. Concepts, resynthesis, notes and the mel-inversion SNR have columns only where they were measured.
/// </summary>
public static class ClipTable
{
    public static void Write(
        Stream stream,
        LabelSpace emotions,
        LabelSpace? concepts,
        IReadOnlyList<ClipResult> clips,
        IReadOnlyDictionary<string, string> metadata
    )
    {
        string unit = FormattableString.Invariant($"on the scale {emotions.Minimum} to {emotions.Maximum}");
        var table = new ParquetTable<ClipResult>(clips);
        void AddLabels(string prefix, string meaning, LabelSpace labels, Func<ClipResult, float[]?> values)
        {
            if (clips.Count == 0 || values(clips[0]) is null)
                return;
            for (int i = 0; i < labels.Count; i++)
            {
                int label = i;
                table.Add($"{prefix}.{labels.Names[i]}", meaning, c => values(c)![label]);
            }
        }

        table.AddText("clip", "id of the clip", c => c.Id);
        AddLabels("rating", $"what listeners rated, {unit}", emotions, c => c.Rating);
        AddLabels("clean", $"prediction for the clean clip, {unit}", emotions, c => c.Clean);
        AddLabels("perturbed", $"prediction for the perturbed clip, {unit}", emotions, c => c.Perturbed);
        if (concepts is not null)
        {
            AddLabels("concept_rating", "what listeners rated", concepts, c => c.ConceptRating);
            AddLabels("clean_concept", "predicted concept for the clean clip", concepts, c => c.CleanConcepts);
            AddLabels("perturbed_concept", "predicted concept for the perturbed clip", concepts, c => c.PerturbedConcepts);
        }

        table.Add("linf", "largest change of a value of the input", c => c.Linf);
        table.Add("l2", "L2 norm of the change of the input", c => c.L2);
        table.Add("snr_db", "10 log10(sum x^2 / sum d^2) in the perturbation's domain, dB; infinity where nothing changed", c => c.SnrDb);
        if (clips.Count > 0 && clips[0].MelInversionSnrDb is not null)
            table.Add("mel_inversion_snr_db", "what Hoedt et al. (2025) call SNR, dB", c => c.MelInversionSnrDb!.Value);
        table.Add("shift", "change that the objective is about, in multiples of the tolerance; 1 or more is a success", c => c.Shift);
        table.Add("objective_clean", "what the attack maximised, at the clean input", c => c.Objective.Clean);
        table.Add("objective_perturbed", "what the attack maximised, at the perturbed input", c => c.Objective.Perturbed);
        if (clips.Count > 0 && clips[0].Realised is not null)
        {
            AddLabels("realised", $"prediction for audio with nearly the perturbed features, {unit}", emotions, c => c.Realised);
            table.Add(
                "realised_residual",
                "distance left between the features of that audio and the perturbed ones, share of the perturbation",
                c => c.RealisedResidual
            );
            table.Add("realised_snr_db", "SNR of that audio against the clean clip, dB", c => c.RealisedSnrDb);
        }

        foreach (string key in clips.SelectMany(c => c.Notes.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            table.AddOptionalText($"note.{key}", "noted by the attack", c => c.Notes.GetValueOrDefault(key));
        table.Add("forward_calls", "predictions that the perturbation asked for", c => c.ForwardCalls);
        table.Add("gradient_calls", "gradients that the perturbation asked for", c => c.GradientCalls);
        table.Write(stream, metadata);
    }
}
