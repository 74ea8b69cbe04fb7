using MerBench.Analysis.Comparisons;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Html;

/// <summary>A comparison of runs as a page.</summary>
public static class ComparisonPage
{
    public static HtmlPage Of(RunComparison comparison) =>
        new(
            $"{comparison.Before.Name} → {comparison.After.Name}",
            Markup.Of($"{ComparisonText.Scope(comparison)}"),
            PageFilters.None,
            [
                Moved(comparison),
                Inputs(comparison),
                .. Cells(comparison),
                Numbers(comparison),
                new HtmlSection("runs", "Both runs", StaticTable.Of(ComparisonTables.Runs(comparison), Marked).Render()),
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
            Markup.Of(
                $"""
                <ul>{ComparisonText.Counts(comparison).Select(c => Markup.Of($"<li>{c}</li>"))}</ul>
                {(
                    moved.Length == 0
                        ? Markup.Of($"<p>No condition moved beyond noise.</p>")
                        : Markup.Join(ComparisonTables.Moved(comparison).Select(t => StaticTable.Of(t, Marked).Render()))
                )}
                <ul>{moved.Where(c => c.Perturbed.IsMoved && c.Clips.Count > 0).Select(Clips)}</ul>
                """
            )
        );
    }

    private static Markup Clips(ConditionChange condition) =>
        Markup.Of(
            $"<li><strong>{condition.Name}</strong>: clips that moved most: {ComparisonText.Clips(condition)}{(ComparisonText.Caution(condition) is { } caution ? Markup.Of($"; <em>{caution}</em>") : null)}</li>"
        );

    private static HtmlSection Inputs(RunComparison comparison)
    {
        string[] inputs = [.. ComparisonText.Inputs(comparison)];
        return new HtmlSection(
            "inputs",
            "What changed in the inputs",
            inputs.Length == 0
                ? Markup.Of($"<p>{ComparisonText.NoInputs}</p>")
                : Markup.Of($"<ul>{inputs.Select(i => Markup.Of($"<li>{i}</li>"))}</ul>")
        );
    }

    private static IEnumerable<HtmlSection> Cells(RunComparison comparison)
    {
        (string Title, IReadOnlyList<string> Lines)[] remarks = [.. ComparisonText.Remarks(comparison)];
        if (remarks.Length > 0)
            yield return new HtmlSection(
                "cells",
                "Cells to know of",
                Markup.Of(
                    $"{remarks.Select(r => Markup.Of($"<h3>{r.Title}</h3><ul>{r.Lines.Select(l => Markup.Of($"<li>{l}</li>"))}</ul>"))}"
                )
            );
    }

    private static HtmlSection Numbers(RunComparison comparison) =>
        new(
            "numbers",
            "All numbers",
            Markup.Of(
                $"""
                {StaticTable.Of(ComparisonTables.FullErrors(comparison), Marked).Render()}
                {StaticTable.Of(ComparisonTables.FullHarm(comparison), Marked).Render()}
                {StaticTable.Of(ComparisonTables.Metrics(comparison)).Render()}
                <p class="note">{ComparisonText.Legend} {ComparisonText.Verdicts(comparison)}</p>
                {(
                    comparison.Conditions.Any(c => c.Doubtful)
                        ? Markup.Of($"<p class=\"note\">{RobustnessTable.DoubtMark} doubtful in the second run.</p>")
                        : null
                )}
                {(comparison.Conditions.Any(c => !c.LabelPreserving) ? Markup.Of($"<p class=\"note\">{LabelMark.Explanation}</p>") : null)}
                """
            )
        );

    // Verdicts are words; colour only helps to find them.
    private static Markup Marked(string cell) =>
        cell.TrimEnd('?', ' ') switch
        {
            "higher" or "slightly higher" or "differs" => Markup.Of($"<span class=\"mark worse\">{cell}</span>"),
            "lower" or "slightly lower" => Markup.Of($"<span class=\"mark good\">{cell}</span>"),
            _ => Markup.Of($"{cell}"),
        };
}
