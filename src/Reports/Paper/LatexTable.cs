using System.Text;
using MerBench.Host.Bibliography;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Paper;

/// <summary>Tables in LaTeX, with booktabs: as wide as one column where that is enough, else over two; longer and wider ones in
/// parts.</summary>
internal static class LatexTable
{
    // At \footnotesize in the usual papers of two columns.
    private const int OneColumn = 56,
        TwoColumns = 118,
        Rows = 44;

    // As wide as a mark, so that numbers stand in line.
    private const string Unmarked = "\\phantom{ \\textdagger}";

    /// <param name="run">Prefix of labels.</param>
    public static void Append(StringBuilder text, PaperTable table, string run)
    {
        PaperTable[] parts = [.. table.Split(Rows, TwoColumns)];
        for (int i = 0; i < parts.Length; i++)
            AppendPart(
                text,
                parts[i],
                $"tab:{run}-{table.Label}{(i > 0 ? FormattableString.Invariant($"-{i + 1}") : "")}",
                i > 0 ? " (continued)" : ""
            );
    }

    private static void AppendPart(StringBuilder text, PaperTable table, string label, string continued)
    {
        void Line(string line) => text.Append(line).Append('\n');
        ReportTable cells = table.Table;
        string environment = table.Widths().Sum(w => w + 2) <= OneColumn ? "table" : "table*";
        HashSet<int> marked =
        [
            .. Enumerable
                .Range(cells.TextColumns, cells.Headers.Count - cells.TextColumns)
                .Where(c => cells.Rows.Any(row => PaperMarks.IsMarked(row[c]))),
        ];
        bool grouped = cells.Rows.Any(r => r[0].Length == 0);
        Line($"\\begin{{{environment}}}[tbp]");
        Line("  \\centering");
        Line("  \\footnotesize");
        Line($"  \\caption{{{TexText.Escape(table.Table.Title + continued)}. {TexText.Escape(table.Caption)}}}");
        Line($"  \\label{{{label}}}");
        Line("  \\setlength{\\tabcolsep}{4pt}");
        Line(
            $"  \\begin{{tabular}}{{@{{}}{new string('l', Math.Min(cells.TextColumns, cells.Headers.Count))}"
                + $"{new string('r', Math.Max(0, cells.Headers.Count - cells.TextColumns))}@{{}}}}"
        );
        Line("    \\toprule");
        Line($"    {string.Join(" & ", cells.Headers.Select(h => TexText.Escape(h)))} \\\\");
        Line("    \\midrule");
        for (int r = 0; r < cells.Rows.Count; r++)
        {
            if (grouped && r > 0 && cells.Rows[r][0].Length > 0)
                Line("    \\addlinespace");
            int row = r;
            IEnumerable<string> written = cells
                .Rows[r]
                .Select(
                    (cell, c) =>
                        Cell(cell, c >= cells.TextColumns, table.Bold.Contains((row, c)))
                        + (marked.Contains(c) && !PaperMarks.IsMarked(cell) ? Unmarked : "")
                );
            Line($"    {string.Join(" & ", written)} \\\\");
        }

        Line("    \\bottomrule");
        Line("  \\end{tabular}");
        if (table.Notes.Count > 0)
        {
            Line("");
            Line($"  \\vspace{{3pt}}\\parbox{{\\linewidth}}{{\\footnotesize {string.Join(" ", table.Notes.Select(TexText.Escape))}}}");
        }

        Line($"\\end{{{environment}}}");
        Line("");
    }

    private static string Cell(string text, bool isNumber, bool bold)
    {
        // A hyphen before a digit is a minus.
        string latex = TexText.Escape(isNumber ? Minus(text) : text);
        // At the beginning of a row, a bracket would be taken for an argument of the row before.
        if (latex.StartsWith('[') || latex.StartsWith('*'))
            latex = $"{{{latex}}}";
        return bold ? $"\\textbf{{{latex}}}" : latex;
    }

    private static string Minus(string text)
    {
        var signed = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            bool isSign =
                text[i] == '-'
                && i + 1 < text.Length
                && (char.IsAsciiDigit(text[i + 1]) || text[i + 1] == '.')
                && (i == 0 || text[i - 1] is ' ' or '[' or 'e');
            signed.Append(isSign ? '\u2212' : text[i]);
        }

        return signed.ToString();
    }
}
