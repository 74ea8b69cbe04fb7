using System.Globalization;
using MerBench.Host.Results;

namespace MerBench.Reports.Tables;

/// <summary>What is particular to attacks, as tables: sizes, how large they sound, smallest successes, objectives against metrics,
/// transfers, winners, what survives as audio, what happens over time and across datasets. Empty ones are left out.</summary>
internal static class AttackTables
{
    public static IEnumerable<ReportTable> All(RunResults results)
    {
        CellSummary[] cells = [.. results.Cells.Where(c => c.Result is not null)];
        IEnumerable<ReportTable> tables =
        [
            Sizes(cells),
            Audibility(results),
            MinimumNorms(results),
            CertificateTable.Create(results),
            DefenceTable.Create(results),
            .. Objectives(cells, results),
            .. Transfers(cells, results),
            Winners(cells),
            Realisable(cells, results),
            RaterTable.Raters(results),
            RaterTable.Spreads(results),
            .. OverTimeTables.Create(results),
            AcrossTable.Create(results),
        ];
        return tables.Where(t => t.Rows.Count > 0);
    }

    private static ReportTable Sizes(CellSummary[] cells) =>
        new(
            "Sizes of perturbations (medians over clips, means over models and seeds; dBFS is the root mean square of a waveform's "
                + "perturbation against full scale)",
            ["Perturbation", "Strength", "Linf", "largest Linf", "L2", "largest L2", "SNR dB", "dBFS"],
            [
                .. cells
                    .GroupBy(c => (c.Perturbation, c.Strength))
                    .Select(
                        IReadOnlyList<string> (g) =>
                            [
                                g.Key.Perturbation,
                                g.Key.Strength,
                                Size(g.Average(c => c.Result!.Size.MedianLinf)),
                                Size(g.Max(c => c.Result!.Size.MaxLinf)),
                                Size(g.Average(c => c.Result!.Size.MedianL2)),
                                Size(g.Max(c => c.Result!.Size.MaxL2)),
                                Decibels(g.Average(c => c.Result!.Size.MedianSnrDb)),
                                Decibels(g.Average(c => c.Result!.Size.MedianDbfs)),
                            ]
                    ),
            ],
            TextColumns: 2
        );

    private static ReportTable Audibility(RunResults results) =>
        new(
            "How large perturbations of waveforms sound (medians over clips, means over seeds; the last column is the most of any clip)",
            [
                "Model",
                "Perturbation",
                "Strength",
                "SNR dB",
                "difference LU",
                "loudness change LU",
                "audible cells",
                "their excess dB",
                "masking excess dB",
                "largest dB",
            ],
            [
                .. AudibilityRow
                    .Find(results)
                    .Select(
                        IReadOnlyList<string> (r) =>
                            [
                                r.Model,
                                r.Perturbation,
                                r.Strength,
                                Decibels(r.SnrDb),
                                Decibels(r.DifferenceLu),
                                r.LoudnessChangeLu?.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture) ?? "",
                                r.AudibleShare?.ToString("0.0 %", CultureInfo.InvariantCulture) ?? "",
                                Decibels(r.AudibleExcessDb),
                                Decibels(r.MaskingExcessDb),
                                Decibels(r.MaxMaskingExcessDb),
                            ]
                    ),
            ],
            TextColumns: 3
        );

    private static ReportTable MinimumNorms(RunResults results) =>
        new(
            $"Smallest perturbations that succeed (a success moves a prediction by {results.SuccessTolerance})",
            ["Model", "Perturbation", "Norm", "clips that succeed", "median size"],
            [
                .. results.MinimumNorms.Select(
                    IReadOnlyList<string> (m) =>
                        [
                            m.Model,
                            m.Perturbation,
                            m.Norm,
                            m.Succeeded.ToString("0 %", CultureInfo.InvariantCulture),
                            WriteMedian(m.Norm, m.Median),
                        ]
                ),
            ],
            TextColumns: 3
        );

    // Attacks that are the same but for what they maximise.
    private static IEnumerable<ReportTable> Objectives(CellSummary[] cells, RunResults results) =>
        cells
            .Where(c => c.Objective is not null)
            .GroupBy(c => (c.Model, c.Use, c.Options, c.Domain, c.Strength))
            .Where(g => g.Select(c => c.Objective).Distinct(StringComparer.Ordinal).Count() > 1)
            .Select(g => new ReportTable(
                $"Which objective harms which metric: {g.Key.Use} on {g.Key.Model}, {g.Key.Strength}",
                ["Objective", .. g.First().Result!.Metrics.Keys.Select(m => $"harm in {m}"), "emotions move by", "concepts move by"],
                [
                    .. g.GroupBy(c => c.Objective!, StringComparer.Ordinal)
                        .Select(
                            IReadOnlyList<string> (o) =>
                                [
                                    o.Key,
                                    .. o.First().Result!.Metrics.Keys.Select(m => Harm(o, m, results)),
                                    Move(o.Average(c => c.Result!.EmotionShift)),
                                    Move(o.Average(c => c.Result!.ConceptShift)),
                                ]
                        ),
                ],
                TextColumns: 1
            ));

    private static IEnumerable<ReportTable> Transfers(CellSummary[] cells, RunResults results)
    {
        foreach (var group in cells.Where(c => c.CraftedOn.Count == 1).GroupBy(c => (c.Use, Attack: Crafting(c), c.Strength, c.Domain)))
        {
            string[] judged = [.. group.Select(c => c.Model).Distinct(StringComparer.Ordinal)];
            string metric = group.First().Result!.Metrics.Keys.First();
            yield return new ReportTable(
                $"Transfer, {group.Key.Strength}: harm in {metric} of what was crafted on a row's model and judged on a column's",
                ["Crafted on", .. judged],
                [
                    .. group
                        .GroupBy(c => c.CraftedOn[0], StringComparer.Ordinal)
                        .Select(
                            IReadOnlyList<string> (row) =>
                                [row.Key, .. judged.Select(model => Harm(row.Where(c => c.Model == model), metric, results))]
                        ),
                ],
                TextColumns: 1
            );
        }
    }

    // The options without the name of the model.
    private static string Crafting(CellSummary cell) => cell.Options.Replace($"\"{cell.CraftedOn[0]}\"", "", StringComparison.Ordinal);

    private static ReportTable Winners(CellSummary[] cells) =>
        new(
            "Notes of attacks: clips by value",
            ["Model", "Perturbation", "Strength", "note", "clips"],
            [
                .. cells
                    .SelectMany(c => c.Result!.Notes.Select(note => (Cell: c, Note: note)))
                    .GroupBy(n => (n.Cell.Model, n.Cell.Perturbation, n.Cell.Strength, n.Note.Key))
                    .Select(
                        IReadOnlyList<string> (g) =>
                            [
                                g.Key.Model,
                                g.Key.Perturbation,
                                g.Key.Strength,
                                g.Key.Key,
                                string.Join(
                                    ", ",
                                    g.SelectMany(n => n.Note.Value)
                                        .GroupBy(v => v.Key, StringComparer.Ordinal)
                                        .Select(v => (v.Key, Clips: v.Sum(p => p.Value)))
                                        .OrderByDescending(v => v.Clips)
                                        .Select(v => string.Create(CultureInfo.InvariantCulture, $"{v.Key} {v.Clips}"))
                                ),
                            ]
                    ),
            ],
            TextColumns: 5
        );

    private static ReportTable Realisable(CellSummary[] cells, RunResults results)
    {
        CellSummary[] realised = [.. cells.Where(c => c.Result!.Realisable is not null)];
        string[] metrics = [.. realised.FirstOrDefault()?.Result!.Metrics.Keys ?? Enumerable.Empty<string>()];
        return new ReportTable(
            "Realisable harm: of the audio whose features come closest to the perturbed ones",
            [
                "Model",
                "Perturbation",
                "Strength",
                .. metrics.SelectMany(m => new[] { $"harm in {m}", "realisable" }),
                "distance left",
                "SNR dB",
            ],
            [
                .. realised
                    .GroupBy(c => (c.Model, c.Perturbation, c.Strength))
                    .Select(
                        IReadOnlyList<string> (g) =>
                            [
                                g.Key.Model,
                                g.Key.Perturbation,
                                g.Key.Strength,
                                .. metrics.SelectMany(m =>
                                    new[]
                                    {
                                        Harm(g, m, results),
                                        RealisableHarm([.. g.Select(c => c.Result!.Realisable!.Metrics[m])], results),
                                    }
                                ),
                                g.Average(c => c.Result!.Realisable!.MedianResidual).ToString("0 %", CultureInfo.InvariantCulture),
                                Decibels(g.Average(c => c.Result!.Realisable!.MedianSnrDb)),
                            ]
                    ),
            ],
            TextColumns: 3
        );
    }

    private static string Move(double? change) => change?.ToString("0.000", CultureInfo.InvariantCulture) ?? "";

    private static string WriteMedian(string norm, double? median)
    {
        if (median is not { } size)
            return "none of most";
        return norm == "snr" ? $"{Decibels(size)} dB" : Size(size);
    }

    private static string Size(double size) => size.ToString("g3", CultureInfo.InvariantCulture);

    private static string Decibels(double? level) => level is { } db ? db.ToString("0.0", CultureInfo.InvariantCulture) : "";

    private static string Harm(IEnumerable<CellSummary> cells, string metric, RunResults results)
    {
        MetricValue mean = SharedLabels.Find([.. cells.Select(c => c.Result!.Metrics[metric])]).Mean;
        return LeftOutMark.Append(Harm(mean.Harm), mean.LeftOut, results);
    }

    // Their labels are not kept: seeds that leave out others cannot be set against each other.
    private static string RealisableHarm(MetricValue[] seeds, RunResults results) =>
        seeds.Select(s => string.Join('\n', s.LeftOut ?? [])).Distinct(StringComparer.Ordinal).Count() == 1
            ? LeftOutMark.Append(Harm(seeds.Average(s => s.Harm)), seeds[0].LeftOut, results)
            : "n/a";

    private static string Harm(double? harm) => harm is { } h ? h.ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture) : "n/a";
}
