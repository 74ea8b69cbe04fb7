using MerBench.Reports.Tables;

namespace MerBench.Reports.Html;

/// <summary>A table that stands in the page as it is, without scripts.</summary>
/// <param name="TextColumns">How many of the first columns are text; the others are numbers, set flush right.</param>
internal sealed record StaticTable(string Title, IReadOnlyList<string> Headers, IReadOnlyList<IReadOnlyList<Markup>> Rows, int TextColumns)
{
    public static StaticTable Create(ReportTable table, Func<string, Markup>? cell = null) =>
        new(
            table.Title,
            table.Headers,
            [.. table.Rows.Select(IReadOnlyList<Markup> (row) => [.. row.Select(cell ?? (text => Markup.Format($"{text}")))])],
            table.TextColumns
        );

    public Markup Render() =>
        Markup.Format(
            $"""
            <figure class="table">
            <figcaption><h3>{Title}</h3></figcaption>
            <div class="scroll" role="region" aria-label="{Title}" tabindex="0"><table>
            <thead><tr>{Headers.Select((header, column) => Markup.Format($"<th scope=\"col\"{Class(column)}>{header}</th>"))}</tr></thead>
            <tbody>
            {Rows.Select(row =>
                Markup.Format($"<tr>{row.Select((cell, column) => Markup.Format($"<td{Class(column)}>{cell}</td>"))}</tr>\n")
            )}
            </tbody>
            </table></div>
            </figure>

            """
        );

    private Markup? Class(int column) => column < TextColumns ? null : Markup.Raw(" class=\"number\"");
}
