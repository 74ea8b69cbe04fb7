using System.Globalization;
using MerBench.Host.Results;
using MerBench.Reports.Tables;
using Spectre.Console;

namespace MerBench.Reports.Console;

/// <summary>The robustness table and failures on a console, fitted to its width.</summary>
public static class ConsoleReport
{
    private const int MostDoubts = 8,
        MostFailures = 20;

    public static void Write(IAnsiConsole console, RunResults results)
    {
        WriteFailures(console, results);
        RobustnessTable table = RobustnessTable.Build(results, HeadlineMetrics.ChooseTwo(results));
        ConsoleTable.Write(
            console,
            new ReportTable("", table.Headers, table.Rows, RobustnessTable.TextColumns),
            RobustnessTable.TextColumns + 2,
            (row, column) => StyleOf(table.Rows[row], column)
        );
        WriteNote(
            console,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{results.Dataset.Test} test clips of {results.Dataset.Id}, ratings "
                    + $"{results.Dataset.Minimum}..{results.Dataset.Maximum}. harm = how much worse than clean (± sd over seeds); r = "
                    + $"mean over emotions."
            )
        );
        if (LeftOutMark.Explain(results) is { } leftOut)
            WriteNote(console, leftOut);
        if (PrecisionLegend.Write(results) is { } precision)
            WriteNote(console, precision);
        if (LabelMark.Legend(results) is { } mark)
            WriteNote(console, mark);
        WriteDoubts(console, results);
    }

    private static void WriteNote(IAnsiConsole console, string note) => console.Write(new FlowText(0, 0).Add(note, Style.Parse("grey")));

    private static void WriteDoubts(IAnsiConsole console, RunResults results)
    {
        if (results.DoubtfulCells == 0)
            return;
        console.Write(
            new FlowText(0, 2)
                .Add(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{results.DoubtfulCells} of {results.Cells.Count - results.FailedCells} finished cells are doubtful"
                    ),
                    Style.Parse("yellow")
                )
                .Add($" ({RobustnessTable.DoubtMark}):", Style.Parse("grey"))
        );
        IReadOnlyList<string> lines = DoubtList.Lines(results);
        foreach (string line in lines.Take(MostDoubts))
            console.Write(new FlowText(2, 4).Add(line));
        if (lines.Count > MostDoubts)
            console.Write(
                new FlowText(2, 4).Add(string.Create(CultureInfo.InvariantCulture, $"and {lines.Count - MostDoubts} more, in results.md"))
            );
    }

    private static void WriteFailures(IAnsiConsole console, RunResults results)
    {
        if (results.FailedCells == 0)
            return;
        var tally = new CellTally(results);
        console.Write(new FlowText(0, 2).Add($"{tally.Counts}. What failed:", Style.Parse("red")));
        IReadOnlyList<string> failures = tally.Failures;
        foreach (string failure in failures.Take(MostFailures))
            console.Write(new FlowText(2, 4).Add(failure));
        if (failures.Count > MostFailures)
            console.Write(
                new FlowText(2, 4).Add(
                    string.Create(CultureInfo.InvariantCulture, $"and {failures.Count - MostFailures} more reasons, in results.md")
                )
            );
        console.WriteLine();
    }

    private static Style StyleOf(IReadOnlyList<string> row, int column)
    {
        if (column == 0)
            return Style.Parse("bold");
        if (row[1] == "clean")
            return Style.Parse("dim");
        return row[column] == "failed" ? Style.Parse("red") : Style.Plain;
    }
}
