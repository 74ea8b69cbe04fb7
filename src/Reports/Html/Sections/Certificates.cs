using MerBench.Reports.Tables;

namespace MerBench.Reports.Html.Sections;

/// <summary>What models prove, beside what attacks reached.</summary>
internal static class Certificates
{
    public static HtmlSection? Create(RunReportData data)
    {
        if (data.Results.Certificates.Count == 0)
            return null;
        PageData table = PageData.Create(
            "certificates",
            data.Results.Certificates,
            ("model", c => c.Model),
            ("perturbation", c => data.Names[c.Perturbation]),
            ("strength", c => c.Budget),
            ("clean", c => c.Clean),
            ("perturbed", c => c.Perturbed),
            ("certified", c => Finite(c.Certified)),
            ("gap", c => Finite(c.Gap)),
            ("width", c => Finite(c.Width)),
            ("radius", c => c.Radius),
            ("beyond", c => c.Violations)
        );
        var certificates = new PageTable(
            "certificates-table",
            "Proven beside found",
            new PageView("certificates"),
            [
                new("model", "Model"),
                new("perturbation", "Perturbation"),
                new("strength", "Strength"),
                new("clean", "Clean", "number") { Meaning = "Mean absolute error of the clean predictions" },
                new("perturbed", "Attacked", "number") { Meaning = "The error that this perturbation reached" },
                new("certified", "Certified", "number") { Meaning = "The error that no perturbation of this size exceeds" },
                new("gap", "Gap", "number") { Meaning = "Between certified and attacked; the worst case lies there" },
                new("width", "Interval", "number") { Meaning = "Mean length of the proven intervals" },
                new("radius", "Radius", "significant")
                {
                    Meaning = "Median of the largest perturbations that are proven to move no prediction by the tolerance; in dB for SNR",
                },
                new("beyond", "Beyond", "whole") { Meaning = "Clips that were perturbed beyond the proof; any is an alarm" },
            ]
        )
        {
            Note = Markup.Format($"Empty where of some clip nothing is proven at this size."),
        };
        return new HtmlSection(
            "certificates",
            "Certificates",
            Markup.Format(
                $"""
                {Passage.Read("report", "certificates").Fill("tolerance", data.Results.SuccessTolerance).Paragraphs()}
                {certificates.Render()}
                """
            )
        )
        {
            Data = [table],
        };
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
