using MerBench.Reports.Tables;

namespace MerBench.Reports.Html.Sections;

/// <summary>The smallest perturbations that succeeded.</summary>
internal static class SmallestSizes
{
    public static HtmlSection? Create(RunReportData data)
    {
        if (data.Results.MinimumNorms.Count == 0)
            return null;
        PageData table = PageData.Create(
            "smallest",
            data.Results.MinimumNorms,
            ("model", m => m.Model),
            ("perturbation", m => data.Names[m.Perturbation]),
            ("norm", m => m.Norm),
            ("succeeded", m => m.Succeeded),
            ("median", m => m.Median)
        );
        var sizes = new PageTable(
            "smallest-table",
            "Smallest changes that succeed",
            new PageView("smallest"),
            [
                new("model", "Model"),
                new("perturbation", "Perturbation"),
                new("norm", "Norm"),
                new("succeeded", "Clips that succeed", "percent") { Meaning = "Share of clips and seeds that succeeded at any strength" },
                new("median", "Median size", "significant")
                {
                    Meaning = "Of the smallest successful sizes, failures counted as larger than any; in dB for SNR",
                },
            ]
        )
        {
            Note = Markup.Format($"Without a median where fewer than half of the clips succeeded."),
        };
        return new HtmlSection(
            "smallest",
            "Smallest successful changes",
            Markup.Format(
                $"""
                {Passage.Read("report", "smallest").Fill("tolerance", data.Results.SuccessTolerance).Paragraphs()}
                {sizes.Render()}
                """
            )
        )
        {
            Data = [table],
        };
    }
}
