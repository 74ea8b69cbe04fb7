using System.Text;

namespace MerBench.Reports.Tables;

/// <summary>A table as text cells, for any medium.</summary>
/// <param name="TextColumns">How many of the first columns are text; the others are numbers, set flush right.</param>
public sealed record ReportTable(string Title, IReadOnlyList<string> Headers, IReadOnlyList<IReadOnlyList<string>> Rows, int TextColumns)
{
    /// <summary>Writes it in Markdown, without its title.</summary>
    public void AppendMarkdown(StringBuilder text)
    {
        AppendRow(text, Headers);
        AppendRow(text, Headers.Select((_, i) => i < TextColumns ? "---" : "---:"));
        foreach (IReadOnlyList<string> row in Rows)
            AppendRow(text, row);
    }

    private static void AppendRow(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ")
            .AppendJoin(" | ", cells.Select(c => MarkdownText.Escape(c).Replace("|", "\\|", StringComparison.Ordinal)))
            .Append(" |\n");
}
