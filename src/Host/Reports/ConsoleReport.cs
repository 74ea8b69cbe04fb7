using System.Globalization;
using MerBench.Host.Results;
using Spectre.Console;

namespace MerBench.Host.Reports;

/// <summary>The robustness table and failures on a console, fitted to its width by leaving columns out, never by wrapping.</summary>
public static class ConsoleReport
{
    private const int Padding = 3;
    private const int MostDoubts = 8;

    public static void Write(IAnsiConsole console, RunResults results)
    {
        RobustnessTable table = RobustnessTable.Build(results, RobustnessTable.Headline(results));
        IReadOnlyList<int> columns = ColumnsThatFit(table, console.Profile.Width);
        var view = new Table { Border = TableBorder.Simple, ShowRowSeparators = false };
        foreach (int column in columns)
        {
            var header = new TableColumn(new Text(table.Headers[column], Style.Parse("bold"))) { NoWrap = true, Padding = new Padding(0, 0, 1, 0) };
            view.AddColumn(column >= RobustnessTable.TextColumns ? header.RightAligned() : header);
        }

        foreach (IReadOnlyList<string> row in table.Rows) view.AddRow(columns.Select(c => new Text(row[c], StyleOf(row, c))));
        console.Write(view);
        console.MarkupLine(Legend(results));
        if (PrecisionLegend.Of(results) is { } precision) console.MarkupLine($"[grey]{precision.EscapeMarkup()}[/]");
        if (LabelMark.Legend(results) is { } mark) console.MarkupLine($"[grey]{mark.EscapeMarkup()}[/]");
        WriteDoubts(console, results);
        WriteFailures(console, results);
    }

    private static void WriteDoubts(IAnsiConsole console, RunResults results)
    {
        if (RobustnessTable.DoubtLegend(results) is not { } legend) return;
        console.MarkupLine(string.Create(CultureInfo.InvariantCulture, $"[yellow]{results.DoubtfulCells} of {results.Cells.Count} cells are doubtful[/] [grey]({RobustnessTable.DoubtMark}):[/]"));
        IReadOnlyList<string> lines = DoubtList.Lines(results);
        foreach (string line in lines.Take(MostDoubts)) console.WriteLine($"  {line}");
        if (lines.Count > MostDoubts) console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  and {lines.Count - MostDoubts} more, in results.md"));
    }

    private static string Legend(RunResults results) => string.Create(
        CultureInfo.InvariantCulture,
        $"[grey]{results.Dataset.Test} test clips of {results.Dataset.Id.EscapeMarkup()}, ratings {results.Dataset.Minimum}..{results.Dataset.Maximum}. harm = how much worse than clean (± sd over seeds); r = mean over emotions.[/]");

    private static void WriteFailures(IAnsiConsole console, RunResults results)
    {
        CellSummary[] failed = [.. results.Cells.Where(c => c.Failure is not null)];
        if (failed.Length == 0) return;
        console.MarkupLine(string.Create(CultureInfo.InvariantCulture, $"[red]{failed.Length} of {results.Cells.Count} cells failed:[/]"));
        foreach (IGrouping<string, CellSummary> same in failed.GroupBy(c => c.Failure!, StringComparer.Ordinal))
        {
            string more = same.Count() > 1 ? string.Create(CultureInfo.InvariantCulture, $" (and {same.Count() - 1} more)") : "";
            console.WriteLine($"  {same.First().Name}{more}: {same.Key}");
        }
    }

    private static Style StyleOf(IReadOnlyList<string> row, int column) =>
        column == 0 ? Style.Parse("bold") : row[1] == "clean" ? Style.Parse("dim") : row[column] == "failed" ? Style.Parse("red") : Style.Plain;

    // Columns are dropped from the right: SNR first, then the out-of-range share, then the second metric.
    private static List<int> ColumnsThatFit(RobustnessTable table, int width)
    {
        var columns = Enumerable.Range(0, table.Headers.Count).ToList();
        int Width(int column) => Padding + Math.Max(table.Headers[column].Length, table.Rows.Select(r => r[column].Length).DefaultIfEmpty().Max());
        while (columns.Count > RobustnessTable.TextColumns + 2 && columns.Sum(Width) > width) columns.RemoveAt(columns.Count - 1);
        return columns;
    }
}
