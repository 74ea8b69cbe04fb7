using MerBench.Reports.Tables;

namespace MerBench.Reports.Html.Sections;

/// <summary>For models with concepts: how far they move, against how far emotions move.</summary>
internal static class Concepts
{
    private const string Name = "concepts";

    public static HtmlSection? Create(RunReportData data)
    {
        ILookup<(string, string, string, int), double?> shifts = data
            .Results.Cells.Where(c => c.Result?.ConceptShift is not null)
            .ToLookup(c => (c.Model, c.Perturbation, c.Strength, c.Seed), c => c.Result!.ConceptShift);
        var rows = data
            .Errors.Cells.Select(c => (Cell: c, Concepts: shifts[(c.Model, c.Perturbation, c.Strength, c.Seed)].FirstOrDefault()))
            .Where(r => r.Concepts is not null)
            .GroupBy(r => (r.Cell.Model, r.Cell.Perturbation, r.Cell.Strength, r.Cell.Emotion))
            .ToList();
        if (rows.Count == 0)
            return null;
        PageData table = PageData.Create(
            Name,
            rows,
            ("model", r => r.Key.Model),
            ("perturbation", r => data.Names[r.Key.Perturbation]),
            ("strength", r => r.Key.Strength),
            ("emotion", r => r.Key.Emotion),
            ("concept_shift", r => r.Average(c => c.Concepts)),
            ("emotion_shift", r => r.Average(c => c.Cell.Moved))
        );
        var chart = new Chart(
            "concept-shift",
            "How far concepts and emotions move",
            "A scatter plot: the mean absolute change of predicted concepts against that of predicted emotions, a point for each model "
                + "with a bottleneck, perturbation and strength.",
            new PageView(Name),
            ChartSpec.Read("concepts")
        )
        {
            Note = Passage.Read("report", "concepts, legend").Sentences(),
        };
        return new HtmlSection(
            "concepts",
            "Concepts and emotions",
            Markup.Format(
                $"""
                {Passage.Read("report", "concepts").Paragraphs()}
                {chart.Render()}
                """
            )
        )
        {
            Data = [table],
        };
    }
}
