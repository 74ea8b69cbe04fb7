using MerBench.Analysis.Comparisons;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Html;

/// <summary>A comparison of runs as a page.</summary>
public static class ComparisonPage
{
    public static HtmlPage Create(RunComparison comparison) =>
        new(
            $"{comparison.Before.Name} → {comparison.After.Name}",
            Markup.Format($"{ComparisonText.Scope(comparison)}"),
            PageFilters.None,
            [
                Moved(comparison),
                Inputs(comparison),
                .. Cells(comparison),
                Numbers(comparison),
                new HtmlSection("runs", "Both runs", StaticTable.Create(ComparisonTables.Runs(comparison), Marked).Render()),
            ]
        )
        {
            IsStatic = true,
        };

    private static HtmlSection Moved(RunComparison comparison)
    {
        ConditionChange[] moved = [.. comparison.Conditions.Where(c => c.IsMoved)];
        return new HtmlSection(
            "moved",
            "What moved",
            Markup.Format(
                $"""
                <ul>{ComparisonText.Counts(comparison).Select(c => Markup.Format($"<li>{c}</li>"))}</ul>
                {(
                    moved.Length == 0
                        ? Markup.Format($"<p>No condition moved beyond noise.</p>")
                        : Markup.Join(ComparisonTables.Moved(comparison).Select(t => StaticTable.Create(t, Marked).Render()))
                )}
                <ul>{moved.Where(c => c.Perturbed.IsMoved && c.Clips.Count > 0).Select(Clips)}</ul>
                """
            )
        );
    }

    private static Markup Clips(ConditionChange condition) =>
        Markup.Format(
            $"<li><strong>{condition.Name}</strong>: clips that moved most: "
                + $"{ComparisonText.Clips(condition)}"
                + $"{(ComparisonText.Caution(condition) is { } caution ? Markup.Format($"; <em>{caution}</em>") : null)}</li>"
        );

    private static HtmlSection Inputs(RunComparison comparison)
    {
        string[] inputs = [.. ComparisonText.Inputs(comparison)];
        return new HtmlSection(
            "inputs",
            "What changed in the inputs",
            inputs.Length == 0
                ? Markup.Format($"<p>{ComparisonText.NoInputs}</p>")
                : Markup.Format($"<ul>{inputs.Select(i => Markup.Format($"<li>{i}</li>"))}</ul>")
        );
    }

    private static IEnumerable<HtmlSection> Cells(RunComparison comparison)
    {
        (string Title, IReadOnlyList<string> Lines)[] remarks = [.. ComparisonText.Remarks(comparison)];
        if (remarks.Length > 0)
            yield return new HtmlSection("cells", "Cells to know of", Markup.Format($"{remarks.Select(Remark)}"));

        static Markup Remark((string Title, IReadOnlyList<string> Lines) remark) =>
            Markup.Format($"<h3>{remark.Title}</h3><ul>{remark.Lines.Select(l => Markup.Format($"<li>{l}</li>"))}</ul>");
    }

    private static HtmlSection Numbers(RunComparison comparison) =>
        new(
            "numbers",
            "All numbers",
            Markup.Format(
                $"""
                {StaticTable.Create(ComparisonTables.FullErrors(comparison), Marked).Render()}
                {StaticTable.Create(ComparisonTables.FullHarm(comparison), Marked).Render()}
                {StaticTable.Create(ComparisonTables.Metrics(comparison)).Render()}
                <p class="note">{ComparisonText.Legend} {ComparisonText.Verdicts(comparison)}</p>
                {(
                    comparison.Conditions.Any(c => c.Doubtful)
                        ? Markup.Format($"<p class=\"note\">{RobustnessTable.DoubtMark} doubtful in the second run.</p>")
                        : null
                )}
                {(comparison.Conditions.Any(c => !c.LabelPreserving) ? Markup.Format($"<p class=\"note\">{LabelMark.Explanation}</p>") : null)}
                """
            )
        );

    // Verdicts are words; colour only helps to find them.
    private static Markup Marked(string cell) =>
        cell.TrimEnd('?', ' ') switch
        {
            "higher" or "slightly higher" or "differs" => Markup.Format($"<span class=\"mark worse\">{cell}</span>"),
            "lower" or "slightly lower" => Markup.Format($"<span class=\"mark good\">{cell}</span>"),
            _ => Markup.Format($"{cell}"),
        };
}
