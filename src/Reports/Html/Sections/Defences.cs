using MerBench.Reports.Tables;

namespace MerBench.Reports.Html.Sections;

/// <summary>What defences cost and gain, attacked with and without knowledge of them.</summary>
internal static class Defences
{
    public static HtmlSection? Create(RunReportData data)
    {
        if (data.Results.Defences.Count == 0)
            return null;
        PageData table = PageData.Create(
            "defences",
            data.Results.Defences,
            ("model", d => d.Model),
            ("perturbation", d => data.Names[d.Perturbation]),
            ("strength", d => d.Budget),
            ("undefended", d => d.UndefendedClean),
            ("attacked", d => d.UndefendedAttacked),
            ("clean", d => d.Clean),
            ("unadapted", d => d.Unadapted),
            ("adapted", d => d.Adapted),
            ("cost", d => d.Cost),
            ("netGain", d => d.Gain),
            ("survival", d => d.Survival),
            ("adaptedSurvival", d => d.AdaptedSurvival)
        );
        var defences = new PageTable(
            "defences-table",
            "With and without adaptation",
            new PageView("defences"),
            [
                new("model", "Model"),
                new("perturbation", "Perturbation"),
                new("strength", "Strength"),
                new("undefended", "Undefended", "number") { Meaning = "Mean absolute error of the clean predictions without the defence" },
                new("attacked", "Attacked", "number") { Meaning = "The error that the attack reaches without the defence" },
                new("clean", "Clean, defended", "number") { Meaning = "Mean absolute error of the clean predictions with the defence" },
                new("unadapted", "Unadapted", "number") { Meaning = "The error with the defence, attacked as if it were not there" },
                new("adapted", "Adapted", "number") { Meaning = "The error with the defence, attacked through it" },
                new("cost", "Cost", "signed") { Meaning = "By how much the defence raises the clean error" },
                new("netGain", "Gain", "signed") { Meaning = "By how much it lowers the error under the stronger attack" },
                new("survival", "Survives", "number")
                {
                    Meaning = "The share of the harm found without the defence that is left unadapted",
                },
                new("adaptedSurvival", "Adapted survives", "number") { Meaning = "The harm of the attack through it, as the same share" },
            ]
        );
        return new HtmlSection(
            "defences",
            "Defences",
            Markup.Format(
                $"""
                {Passage.Read("report", "defences").Paragraphs()}
                {defences.Render()}
                """
            )
        )
        {
            Data = [table],
        };
    }
}
