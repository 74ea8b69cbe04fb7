using MerBench.Host.Hearing;

namespace MerBench.Host.Results.Tables;

/// <summary>
/// Clip rows as a file: written for one cell as Parquet, read from those and from the logs of others in the same columns. What columns mean
/// stands in the file, and in docs/results.md. Concepts, resynthesis, notes,
/// audibility and the mel-inversion SNR have columns only where they were measured.
/// </summary>
public static class ClipTable
{
    internal const string Cell = "cell",
        Clip = "clip",
        Rating = "rating.",
        Clean = "clean.",
        Perturbed = "perturbed.",
        Linf = "linf",
        L2 = "l2",
        SnrDb = "snr_db",
        Converged = "converged",
        Threshold = "threshold",
        BudgetL2 = "budget_l2",
        BudgetLinf = "budget_linf";

    private const string Realised = "realised.",
        RealisedResidual = "realised_residual",
        RealisedSnrDb = "realised_snr_db";

    public static void Write(
        Stream stream,
        LabelSpace emotions,
        LabelSpace? concepts,
        IReadOnlyList<ClipRow> clips,
        IReadOnlyDictionary<string, string> metadata
    )
    {
        string unit = FormattableString.Invariant($"on the scale {emotions.Minimum} to {emotions.Maximum}");
        var table = new ColumnTable<ClipRow>(clips);
        ClipRow? first = clips.Count > 0 ? clips[0] : null;
        table.AddText(Clip, "id of the clip", c => c.Clip);
        AddEmotions(Rating, $"what listeners rated, {unit}", c => c.Rating);
        AddEmotions(Clean, $"prediction for the clean clip, {unit}", c => c.Clean);
        AddEmotions(Perturbed, $"prediction for the perturbed clip, {unit}", c => c.Perturbed);
        AddConcepts("concept_rating.", "what listeners rated", c => c.Rating);
        AddConcepts("clean_concept.", "predicted concept for the clean clip", c => c.Clean);
        AddConcepts("perturbed_concept.", "predicted concept for the perturbed clip", c => c.Perturbed);
        table.Add(Linf, "largest change of a value of the input", c => c.Linf!.Value);
        table.Add(L2, "L2 norm of the change of the input", c => c.L2!.Value);
        table.Add(
            SnrDb,
            "10 log10(sum x^2 / sum d^2) in the perturbation's domain, dB; infinity where nothing changed",
            c => c.SnrDb!.Value
        );
        if (first?.Measured.MelInversionSnrDb is not null)
            table.Add("mel_inversion_snr_db", "what Hoedt et al. (2025) call SNR, dB", c => c.Measured.MelInversionSnrDb!.Value);
        if (first?.Measured.Audibility is not null)
            AddAudibility(table);
        table.Add(
            "shift",
            "change that the objective is about, in multiples of the tolerance; 1 or more is a success",
            c => c.Measured.Shift
        );
        table.Add("objective_clean", "what the attack maximised, at the clean input", c => c.Measured.Objective.Clean);
        table.Add("objective_perturbed", "what the attack maximised, at the perturbed input", c => c.Measured.Objective.Perturbed);
        if (first?.Realised is not null)
        {
            AddEmotions(Realised, $"prediction for audio with nearly the perturbed features, {unit}", c => c.Realised!.Prediction);
            table.Add(
                RealisedResidual,
                "distance left between the features of that audio and the perturbed ones, share of the perturbation",
                c => c.Realised!.Residual
            );
            table.Add(RealisedSnrDb, "SNR of that audio against the clean clip, dB", c => c.Realised!.SnrDb);
        }

        string[] notes = [.. clips.SelectMany(c => c.Measured.Notes.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        foreach (string key in notes)
            table.AddOptionalText($"note.{key}", "noted by the attack", c => c.Measured.Notes.GetValueOrDefault(key));
        if (first?.Curve is not null)
            AddCurves(table, emotions, unit, first.Curve.Rated.Length);
        table.Add("forward_calls", "predictions that the perturbation asked for", c => c.Measured.ForwardCalls);
        table.Add("gradient_calls", "gradients that the perturbation asked for", c => c.Measured.GradientCalls);
        table.WriteParquet(stream, metadata);

        void AddEmotions(string prefix, string meaning, Func<ClipRow, double[]> values)
        {
            for (int i = 0; i < emotions.Count && first is not null; i++)
            {
                int label = i;
                table.Add(prefix + emotions.Names[i], meaning, c => (float)values(c)[label]);
            }
        }

        void AddConcepts(string prefix, string meaning, Func<ClipConcepts, float[]?> values)
        {
            if (concepts is null || first is null || values(first.Measured.Concepts) is null)
                return;
            for (int i = 0; i < concepts.Count; i++)
            {
                int label = i;
                table.Add(prefix + concepts.Names[i], meaning, c => values(c.Measured.Concepts)![label]);
            }
        }
    }

    private static void AddCurves(ColumnTable<ClipRow> table, LabelSpace emotions, string unit, int moments)
    {
        AddSide("curve_rating.", "what listeners rated then", c => c.Rated);
        AddSide("curve_clean.", "prediction for the clean clip then", c => c.Clean);
        AddSide("curve_perturbed.", "prediction for the perturbed clip then", c => c.Perturbed);

        void AddSide(string prefix, string meaning, Func<ClipCurve, double[][]> side)
        {
            for (int e = 0; e < emotions.Count; e++)
            for (int k = 0; k < moments; k++)
            {
                (int label, int moment) = (e, k);
                string name = FormattableString.Invariant($"{prefix}{emotions.Names[label]}.{moment:000}");
                table.AddOptional(name, $"{meaning}, {unit}", c => Known(side(c.Curve!)[moment][label]));
            }
        }

        static double? Known(double value) => double.IsFinite(value) ? value : null;
    }

    private static void AddAudibility(ColumnTable<ClipRow> table)
    {
        Add("loudness_lufs", "integrated loudness of the clean clip by ITU-R BS.1770, LUFS; none for silence", a => a.LoudnessLufs);
        Add("loudness_change_lu", "integrated loudness, perturbed less clean, LU", a => a.LoudnessChangeLu);
        Add(
            "difference_lu",
            "K-weighted level of the perturbation less the clean clip's loudness, LU; -infinity where nothing changed",
            a => a.DifferenceLu
        );
        Add("audible_share", "share of time-frequency cells above the clean clip's masking threshold", a => a.AudibleShare);
        Add("audible_excess_db", "mean over these cells of how far they lie above, dB; 0 where there are none", a => a.AudibleExcessDb);
        Add(
            "masking_excess_db",
            "how far the perturbation lies above the masking threshold where that is most, dB; -infinity where nothing changed",
            a => a.MaskingExcessDb
        );

        void Add(string name, string meaning, Func<Audibility, double?> value) =>
            table.AddOptional(name, meaning, c => value(c.Measured.Audibility!));
    }

    /// <summary>The clips of a finished cell, as the store keeps them; null where it has lost them.</summary>
    internal static ClipLog? ReadCell(ResultStore store, string cellKey, string model, int seed)
    {
        if (store.FindClips(cellKey) is not { } path)
            return null;
        (IReadOnlyList<string> emotions, IReadOnlyList<ClipRow> rows) = Read(TableFile.Read(path));
        return new ClipLog(model, seed, path, emotions, rows);
    }

    /// <summary>Why the clips of a cell cannot be believed, as far as the cell's own numbers tell; null where all is well.</summary>
    internal static string? FindFault(string path, CellResult cell)
    {
        try
        {
            IReadOnlyList<ClipRow> rows = Read(TableFile.Read(path)).Rows;
            return rows.Max(r => r.Linf) == cell.Size.MaxLinf && rows.Max(r => r.L2) == cell.Size.MaxL2
                ? null
                : $"{Path.GetFileName(path)} is that of another cell";
        }
        catch (UserErrorException e)
        {
            return e.Message.Split('\n')[0];
        }
    }

    /// <summary>Reads clips, whatever other columns a file has.</summary>
    /// <exception cref="UserErrorException">A column is missing, or a value is none.</exception>
    internal static (IReadOnlyList<string> Emotions, IReadOnlyList<ClipRow> Rows) Read(TableFile file)
    {
        string[] emotions = [.. file.Headers.Where(h => h.StartsWith(Rating, StringComparison.Ordinal)).Select(h => h[Rating.Length..])];
        if (emotions.Length == 0)
            throw new UserErrorException($"{file.Path}:1:1: no column 'rating.EMOTION', such as 'rating.valence'");
        file.Require([Clip, .. emotions.SelectMany(e => new[] { Rating + e, Clean + e, Perturbed + e })]);
        string[] realised = [.. emotions.Select(e => Realised + e), RealisedResidual, RealisedSnrDb];
        bool isRealised = realised.All(file.Headers.Contains);
        return (emotions, [.. file.Rows.Select(row => Read(row, emotions) with { Realised = isRealised ? Audio(row, realised) : null })]);
    }

    private static ClipRow Read(TableRow row, string[] emotions)
    {
        double[] Side(string prefix) => Array.ConvertAll(emotions, e => row.FiniteNumber(prefix + e));
        return new ClipRow(row.Text(Clip), Side(Rating), Side(Clean), Side(Perturbed))
        {
            Line = row.Line,
            Linf = row.NumberOrNone(Linf),
            L2 = row.NumberOrNone(L2),
            SnrDb = row.NumberOrNone(SnrDb),
            Converged = row.TruthOrNone(Converged),
            Threshold = row.NumberOrNone(Threshold),
            BudgetL2 = row.NumberOrNone(BudgetL2),
            BudgetLinf = row.NumberOrNone(BudgetLinf),
        };
    }

    // A log of others may call something else so.
    private static RealisedClip? Audio(TableRow row, string[] columns)
    {
        double?[] numbers = Array.ConvertAll(columns, row.TryNumber);
        return Array.Exists(numbers, n => n is null)
            ? null
            : new RealisedClip(Array.ConvertAll(numbers[..^2], n => n!.Value), numbers[^2]!.Value, numbers[^1]!.Value);
    }
}
