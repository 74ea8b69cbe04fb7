using MerBench.Reports.Tables;

namespace MerBench.Reports.Html.Sections;

/// <summary>How large perturbations of waveforms sound.</summary>
internal static class Audible
{
    public static HtmlSection? Create(RunReportData data)
    {
        IReadOnlyList<AudibilityRow> rows = AudibilityRow.Find(data.Results);
        if (rows.Count == 0)
            return null;
        PageData table = PageData.Create(
            "audibility",
            rows,
            ("model", r => r.Model),
            ("perturbation", r => data.Names[r.Perturbation]),
            ("strength", r => r.Strength),
            ("snr", r => r.SnrDb),
            ("difference", r => r.DifferenceLu),
            ("change", r => r.LoudnessChangeLu),
            ("share", r => r.AudibleShare),
            ("excess", r => r.AudibleExcessDb),
            ("most", r => r.MaskingExcessDb),
            ("largest", r => r.MaxMaskingExcessDb)
        );
        var sounds = new PageTable(
            "audibility-table",
            "How large perturbations sound",
            new PageView("audibility"),
            [
                new("model", "Model"),
                new("perturbation", "Perturbation"),
                new("strength", "Strength"),
                new("snr", "SNR dB", "one"),
                new("difference", "Difference LU", "one") { Meaning = "Level of the perturbation less the loudness of the clean clip" },
                new("change", "Loudness change LU", "signed") { Meaning = "Loudness of the perturbed clip less that of the clean one" },
                new("share", "Audible cells", "percent") { Meaning = "Share of time-frequency cells above the masking threshold" },
                new("excess", "Their excess dB", "one") { Meaning = "How far these cells lie above the threshold, their mean" },
                new("most", "Masking excess dB", "one") { Meaning = "How far the cell lies above that does so most; negative is below" },
                new("largest", "Largest dB", "one") { Meaning = "The same of the clip where it is largest" },
            ]
        )
        {
            Note = Markup.Format($"Medians over clips, means over seeds; the last column is the largest of all clips and seeds."),
        };
        return new HtmlSection(
            "audibility",
            "How large it sounds",
            Markup.Format(
                $"""
                {Passage.Read("report", "audibility").Paragraphs()}
                {sounds.Render()}
                """
            )
        )
        {
            Data = [table],
        };
    }
}
