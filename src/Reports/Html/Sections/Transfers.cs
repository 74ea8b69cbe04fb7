using MerBench.Host.Results;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Html.Sections;

/// <summary>Harm of what was crafted on one model and judged on another.</summary>
internal static class Transfers
{
    private const string Name = "transfers";

    public static HtmlSection? Create(RunReportData data)
    {
        // The same attack on several models; names of perturbations tell attacks apart only with the model in them.
        var attacks = data
            .Results.Cells.Where(c => c is { Result: not null, CraftedOn.Count: 1 })
            .GroupBy(c => (c.Use, Options: Crafting(c), c.Strength, c.Domain))
            .ToList();
        if (attacks.Count == 0)
            return null;
        string metric = attacks[0].First().Result!.Metrics.Keys.First(),
            shownMetric = data.Results.Metrics[metric].Symbol;
        var rows = attacks
            .SelectMany(
                (attack, i) =>
                    attack
                        .GroupBy(c => (c.CraftedOn[0], c.Model, c.Perturbation))
                        .SelectMany(pair =>
                            Emotions(pair, metric)
                                .Select(e => new
                                {
                                    Attack = $"{attack.Key.Use} {attack.Key.Strength}".Trim()
                                        + (
                                            attacks.Take(i).Any(a => a.Key.Use == attack.Key.Use && a.Key.Strength == attack.Key.Strength)
                                                ? FormattableString.Invariant($" ({i + 1})")
                                                : ""
                                        ),
                                    CraftedOn = pair.Key.Item1,
                                    pair.Key.Model,
                                    pair.Key.Perturbation,
                                    e.Emotion,
                                    e.Harm,
                                })
                        )
            )
            .ToList();
        PageData table = PageData.Create(
            Name,
            rows,
            ("attack", r => r.Attack),
            ("crafted_on", r => r.CraftedOn),
            ("model", r => r.Model),
            ("perturbation", r => data.Names[r.Perturbation]),
            ("emotion", r => r.Emotion),
            ("harm", r => r.Harm)
        );
        var chart = new Chart(
            "transfer-map",
            "Transfer",
            $"A heat map of harm in {shownMetric}: a row for each model that changes were crafted on, a column for each model that they "
                + $"were judged on.",
            new PageView(Name) { Choice = new("attack", "Attack") },
            ChartSpec.Read("transfer")
        )
        {
            Note = Markup.Format(
                $"Harm in {shownMetric}, means over seeds. The stronger the colour, the more harm (orange) or improvement (blue)."
            ),
        };
        return new HtmlSection(
            "transfer",
            "Transfer between models",
            Markup.Format($"{Passage.Read("report", "transfer").Paragraphs()}{chart.Render()}")
        )
        {
            Data = [table],
        };
    }

    private static string Crafting(CellSummary cell) => cell.Options.Replace($"\"{cell.CraftedOn[0]}\"", "", StringComparison.Ordinal);

    private static IEnumerable<(string Emotion, double? Harm)> Emotions(IEnumerable<CellSummary> cells, string metric)
    {
        var harms = SharedLabels.Find([.. cells.Select(c => c.Result!.Metrics[metric])]);
        return
        [
            (PageData.AllEmotions, harms.Mean.Harm),
            .. cells.First().Result!.Metrics[metric].PerLabel.Keys.Select(e => (e, harms.OfLabel(e)?.Harm)),
        ];
    }
}
