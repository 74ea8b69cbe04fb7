using System.Globalization;
using System.Text;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Paper;

/// <summary>A table of a paper, for LaTeX and Markdown alike.</summary>
/// <param name="Label">Names it within the run, in kebab-case.</param>
/// <param name="Caption">Plain text; ends with a full stop.</param>
/// <param name="Table">Its cells as plain text. A row whose first cell is empty belongs to the one above.</param>
internal sealed record PaperTable(string Label, string Caption, ReportTable Table)
{
    /// <summary>What marks in the cells mean; below the table.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Cells set in bold.</summary>
    public IReadOnlySet<(int Row, int Column)> Bold { get; init; } = new HashSet<(int, int)>();

    public void AppendMarkdown(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"**{Table.Title}.** {Caption}\n\n");
        (
            Table with
            {
                Rows =
                [
                    .. Table.Rows.Select(
                        IReadOnlyList<string> (row, r) => [.. row.Select((cell, c) => Bold.Contains((r, c)) ? $"**{cell}**" : cell)]
                    ),
                ],
            }
        ).AppendMarkdown(text);
        foreach (string note in Notes)
            text.Append('\n').Append(note).Append('\n');
        text.Append('\n');
    }

    /// <summary>Parts of no more rows and characters than a page has room for; each has all text columns.</summary>
    public IEnumerable<PaperTable> Split(int rows, int characters) => SplitColumns(characters).SelectMany(part => part.SplitRows(rows));

    /// <summary>Characters of the widest cell of each column.</summary>
    public IEnumerable<int> Widths() =>
        Table.Headers.Select((header, c) => Table.Rows.Select(row => row[c].Length).Append(header.Length).Max());

    private IEnumerable<PaperTable> SplitColumns(int characters)
    {
        int[] widths = [.. Widths().Select(w => w + 2)];
        int text = Table.TextColumns,
            start = text,
            room = Math.Max(0, characters - widths.Take(text).Sum());
        do
        {
            int end = start;
            for (int used = 0; end < widths.Length && (end == start || used + widths[end] <= room); end++)
                used += widths[end];
            yield return Columns([.. Enumerable.Range(0, text), .. Enumerable.Range(start, end - start)]);
            start = end;
        } while (start < widths.Length);
    }

    private PaperTable Columns(int[] chosen) =>
        chosen.Length == Table.Headers.Count
            ? this
            : this with
            {
                Table = Table with
                {
                    Headers = [.. chosen.Select(c => Table.Headers[c])],
                    Rows = [.. Table.Rows.Select(IReadOnlyList<string> (row) => [.. chosen.Select(c => row[c])])],
                },
                Bold = Bold.Where(b => chosen.Contains(b.Column)).Select(b => (b.Row, Array.IndexOf(chosen, b.Column))).ToHashSet(),
            };

    // Between groups where that is possible; where a group of rows is torn apart, its first cells are said again.
    private IEnumerable<PaperTable> SplitRows(int most)
    {
        int start = 0;
        do
        {
            int end = Math.Min(start + most, Table.Rows.Count),
                cut = end;
            while (end < Table.Rows.Count && cut > start + (most / 2) && Table.Rows[cut][0].Length == 0)
                cut--;
            if (end < Table.Rows.Count && Table.Rows[cut][0].Length > 0)
                end = cut;
            List<IReadOnlyList<string>> rows = [.. Table.Rows.Skip(start).Take(end - start)];
            if (start > 0 && rows[0][0].Length == 0)
                rows[0] =
                [
                    .. rows[0]
                        .Select(
                            (cell, c) =>
                                c < Table.TextColumns && cell.Length == 0 ? Table.Rows.Take(start).Last(r => r[c].Length > 0)[c] : cell
                        ),
                ];
            (int first, int after) = (start, end);
            yield return this with
            {
                Table = Table with { Rows = rows },
                Bold = Bold.Where(b => b.Row >= first && b.Row < after).Select(b => (b.Row - first, b.Column)).ToHashSet(),
            };
            start = end;
        } while (start < Table.Rows.Count);
    }
}
