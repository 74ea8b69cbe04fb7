namespace MerBench.Reports.Html.Sections;

/// <summary>For models with concepts: how far they move, against how far emotions move.</summary>
internal static class Concepts
{
    private const string Name = "concepts";

    public static HtmlSection? Of(RunReportData data)
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
        PageData table = PageData.Of(
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
            "A scatter plot: the mean absolute change of predicted concepts against that of predicted emotions, a point for each model with a bottleneck, perturbation and strength.",
            new PageView(Name),
            new
            {
                height = 320,
                mark = new
                {
                    type = "point",
                    size = 80,
                    filled = false,
                    strokeWidth = 2,
                },
                encoding = new
                {
                    x = new
                    {
                        field = "concept_shift",
                        type = "quantitative",
                        title = "concepts move by (mean absolute change)",
                        axis = new { tickCount = 8 },
                    },
                    y = new
                    {
                        field = "emotion_shift",
                        type = "quantitative",
                        title = "emotions move by (rating units)",
                        axis = new { tickCount = 6 },
                    },
                    color = Channels.Model,
                    shape = Channels.Perturbation,
                },
            }
        )
        {
            Note = Markup.Of(
                $"Above the others at the same concept shift: emotions move more than concepts explain. Means over seeds and clips; a point for each strength."
            ),
        };
        return new HtmlSection(
            "concepts",
            "Concepts and emotions",
            Markup.Of(
                $"""
                <p>Models with a <strong>bottleneck</strong> predict concepts first, such as dissonance or rhythmic stability, and emotions from those alone. If their explanations are to be trusted under attack, emotions should not move while concepts stand still.</p>
                {chart.Render()}
                """
            )
        )
        {
            Data = [table],
        };
    }
}
