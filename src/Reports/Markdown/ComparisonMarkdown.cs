using System.Globalization;
using System.Text;
using MerBench.Analysis.Comparisons;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Markdown;

/// <summary>A comparison of runs in Markdown, as for a pull request: what moved is seen at once, the rest unfolds.</summary>
public static class ComparisonMarkdown
{
    public static string Render(RunComparison comparison)
    {
        var text = new StringBuilder();
        void Line(MarkdownPieces line) => text.AppendMarkdown(line).Append('\n');
        Line($"## {comparison.Before.Name} -> {comparison.After.Name}\n");
        Line($"{ComparisonText.Scope(comparison)}\n");
        foreach (string count in ComparisonText.Counts(comparison))
            Line($"* {count}");
        ConditionChange[] moved = [.. comparison.Conditions.Where(c => c.IsMoved)];
        if (moved.Length > 0)
        {
            Line($"\n### What moved\n");
            foreach (ReportTable table in ComparisonTables.Moved(comparison))
            {
                Line($"{table.Title}:\n");
                table.AppendMarkdown(text);
                Line($"");
            }

            foreach (ConditionChange condition in moved.Where(c => c.Perturbed.IsMoved && c.Clips.Count > 0))
                text.AppendMarkdown(
                        $"* **{condition.Name}**: clips that moved most: "
                            + $"{ComparisonText.Clips(condition)}"
                            + $"{(ComparisonText.Caution(condition) is { } caution ? $" ({caution})" : "")}"
                    )
                    .Append('\n');
        }

        Line($"\n### What changed in the inputs\n");
        string[] inputs = [.. ComparisonText.Inputs(comparison)];
        foreach (string input in inputs.DefaultIfEmpty(ComparisonText.NoInputs))
            Line($"* {input}");
        foreach ((string title, IReadOnlyList<string> lines) in ComparisonText.Remarks(comparison))
        {
            Line($"\n### {title}\n");
            foreach (string line in lines)
                Line($"* {line}");
        }

        Fold("All errors", ComparisonTables.FullErrors(comparison));
        Fold("All harms", ComparisonTables.FullHarm(comparison));
        Fold("All metrics", ComparisonTables.Metrics(comparison));
        Fold("Both runs", ComparisonTables.Runs(comparison));
        Line($"\n{ComparisonText.Legend} {ComparisonText.Verdicts(comparison)}");
        if (comparison.Conditions.Any(c => c.Doubtful))
            Line($"\n{RobustnessTable.DoubtMark} doubtful in the second run.");
        if (comparison.Conditions.Any(c => !c.LabelPreserving))
            Line($"\n{LabelMark.Explanation}");
        return text.ToString();

        // GitHub needs the empty lines to read Markdown inside of HTML.
        void Fold(string title, ReportTable table)
        {
            Line($"\n<details><summary>{title}</summary>\n");
            table.AppendMarkdown(text);
            Line($"\n</details>");
        }
    }
}
