using MerBench.Host.Text;
using MerBench.Reports.Tables;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MerBench.Reports.Console;

/// <summary>
/// A table on a console. Cells are never broken or cut: where the width does not suffice, columns are left out from the right and named
/// below; where not even the essential ones fit, each row becomes a paragraph.
/// </summary>
public static class ConsoleTable
{
    private const int Gap = 2,
        Indent = 1;
    private static readonly Style Bold = Style.Parse("bold"),
        Dim = Style.Parse("dim");

    /// <summary>Writes the table, under its title where it has one.</summary>
    /// <param name="essential">How many of the first columns must be there for a table to be worth it.</param>
    /// <param name="style">The style of a cell by row and column.</param>
    public static void Write(IAnsiConsole console, ReportTable table, int essential, Func<int, int, Style>? style = null)
    {
        style ??= (_, _) => Style.Plain;
        table = table with
        {
            Headers = [.. table.Headers.Select(GuestText.Escape)],
            Rows = [.. table.Rows.Select(IReadOnlyList<string> (row) => [.. row.Select(GuestText.Escape)])],
        };
        if (table.Title.Length > 0)
            console.Write(new FlowText(0, Gap).Add(table.Title, Bold));
        int[] widths = [.. table.Headers.Select((header, column) => table.Rows.Select(r => Width(r[column])).Append(Width(header)).Max())];
        int fitting = Fitting(widths, console.Profile.Width);
        if (fitting < Math.Min(essential, widths.Length))
            WriteParagraphs(console, table, style);
        else
            WriteColumns(console, table, widths[..fitting], style);
    }

    private static int Fitting(int[] widths, int width)
    {
        int columns = 0;
        for (int used = Indent; columns < widths.Length && used + widths[columns] <= width; columns++)
            used += widths[columns] + Gap;
        return columns;
    }

    private static void WriteColumns(IAnsiConsole console, ReportTable table, int[] widths, Func<int, int, Style> style)
    {
        console.Write(Line(table.Headers, _ => Bold));
        int rule = Math.Min(console.Profile.Width, widths.Sum() + (Gap * (widths.Length - 1)) + (2 * Indent));
        console.Write(new FlowText(0, 0).Add(new string(console.Profile.Capabilities.Unicode ? '─' : '-', rule)));
        for (int row = 0; row < table.Rows.Count; row++)
        {
            int current = row;
            console.Write(Line(table.Rows[row], column => style(current, column)));
        }

        if (widths.Length < table.Headers.Count)
            console.Write(
                new FlowText(Indent, Indent).Add(
                    $"Left out at this width: {string.Join(", ", table.Headers.Skip(widths.Length).Distinct(StringComparer.Ordinal))}.",
                    Dim
                )
            );

        FlowText Line(IReadOnlyList<string> cells, Func<int, Style> styleOf)
        {
            var line = new FlowText(0, 0);
            for (int column = 0; column < widths.Length; column++)
            {
                string before = new(' ', column == 0 ? Indent : Gap),
                    space = new(' ', widths[column] - Width(cells[column]));
                bool isText = column < table.TextColumns;
                line.Add(isText ? before : before + space).Add(cells[column], styleOf(column)).Add(isText ? space : "");
            }

            return line;
        }
    }

    private static void WriteParagraphs(IAnsiConsole console, ReportTable table, Func<int, int, Style> style)
    {
        for (int row = 0; row < table.Rows.Count; row++)
        {
            IReadOnlyList<string> cells = table.Rows[row];
            int[] texts = [.. Enumerable.Range(0, table.TextColumns).Where(c => cells[c].Length > 0)];
            int[] numbers = [.. Enumerable.Range(table.TextColumns, cells.Count - table.TextColumns).Where(c => cells[c].Length > 0)];
            var heading = new FlowText(Indent, Indent + Gap);
            foreach (int column in texts)
                heading.Add(column == texts[0] ? "" : " / ").Add(cells[column], style(row, column));
            console.Write(heading);
            var values = new FlowText(Indent + Gap, Indent + Gap);
            foreach (int column in numbers)
                values
                    .Add(column == numbers[0] ? "" : ", ")
                    .Add($"{table.Headers[column]} ", Dim, isWhole: true)
                    .Add(cells[column], style(row, column), isWhole: true);
            if (numbers.Length > 0)
                console.Write(values);
        }
    }

    private static int Width(string text) => new Segment(text).CellCount();
}
