using MerBench.Analysis.Comparisons;
using MerBench.Reports.Tables;
using Spectre.Console;

namespace MerBench.Reports.Console;

/// <summary>A comparison of runs on a console: errors and harm of all conditions, what changed in the inputs, cells that were not
/// compared.</summary>
public static class ComparisonConsole
{
    private const int MostRemarks = 8,
        EssentialNumbers = 2;

    private static readonly Style Bold = Style.Parse("bold"),
        Dim = Style.Parse("dim");

    public static void Write(IAnsiConsole console, RunComparison comparison)
    {
        console.Write(
            new FlowText(0, 2)
                .Add(comparison.Before.Name, Bold)
                .Add(" -> ")
                .Add(comparison.After.Name, Bold)
                .Add($": {ComparisonText.Scope(comparison)}")
        );
        foreach (string count in ComparisonText.Counts(comparison))
            console.Write(new FlowText(2, 4).Add(count));
        foreach (ReportTable table in new[] { ComparisonTables.Errors(comparison), ComparisonTables.Harm(comparison) })
        {
            console.WriteLine();
            ConsoleTable.Write(
                console,
                table,
                table.TextColumns + EssentialNumbers,
                (row, column) => StyleOf(table.Headers[column], table.Rows[row][column])
            );
        }

        console.WriteLine();
        Section(console, "What changed in the inputs", [.. ComparisonText.Inputs(comparison).DefaultIfEmpty(ComparisonText.NoInputs)]);
        foreach (ConditionChange condition in comparison.Conditions.Where(c => c.Perturbed.IsMoved))
        {
            var line = new FlowText(2, 4).Add(condition.Name, Bold).Add($": clips that moved most: {ComparisonText.Clips(condition)}");
            console.Write(ComparisonText.Caution(condition) is { } caution ? line.Add($"; {caution}") : line);
        }

        foreach ((string title, IReadOnlyList<string> lines) in ComparisonText.Remarks(comparison))
            Section(console, title, lines);
        console.WriteLine();
        console.Write(new FlowText(0, 0).Add($"{ComparisonText.Verdicts(comparison)} {ComparisonText.Legend}", Dim));
        if (comparison.Conditions.Any(c => c.Doubtful))
            console.Write(new FlowText(0, 2).Add($"{RobustnessTable.DoubtMark} doubtful in the second run.", Dim));
        if (comparison.Conditions.Any(c => !c.LabelPreserving))
            console.Write(new FlowText(0, 2).Add(LabelMark.Explanation, Dim));
    }

    private static void Section(IAnsiConsole console, string title, IReadOnlyList<string> lines)
    {
        console.Write(new FlowText(0, 2).Add(title, Bold));
        foreach (string line in lines.Take(MostRemarks))
            console.Write(new FlowText(2, 4).Add(line));
        if (lines.Count > MostRemarks)
            console.Write(
                new FlowText(2, 4).Add(FormattableString.Invariant($"and {lines.Count - MostRemarks} more; --format markdown has all"), Dim)
            );
    }

    private static Style StyleOf(string header, string cell) =>
        header switch
        {
            "Model" => Bold,
            ComparisonTables.VerdictHeader when cell.Contains("higher", StringComparison.Ordinal) => Style.Parse("red"),
            ComparisonTables.VerdictHeader when cell.Contains("lower", StringComparison.Ordinal) => Style.Parse("green"),
            ComparisonTables.VerdictHeader when cell.Contains("cannot", StringComparison.Ordinal) => Style.Parse("yellow"),
            _ => Style.Plain,
        };
}
