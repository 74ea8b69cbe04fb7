using System.Text.Json;

namespace MerBench.Reports.Html;

/// <summary>A column of a table in a page.</summary>
/// <param name="Field">A column of the data.</param>
/// <param name="Format">A function of <c>MerBench.formats</c> in the page's scripts: text, whole, number, signed, percent, significant, or
/// one that a section adds.</param>
public sealed record TableColumn(string Field, string Header, string Format = "text")
{
    /// <summary>What the column means; shown with the header.</summary>
    public string? Meaning { get; init; }
}

/// <summary>A table whose rows obey the page's filters, can be sorted, and are offered as CSV.</summary>
/// <param name="Id">Unique in the page; the file name of its CSV.</param>
public sealed record PageTable(string Id, string Title, PageView View, IReadOnlyList<TableColumn> Columns)
{
    /// <summary>The field that rows are sorted by at first, with a minus before it for falling order; null keeps the data's
    /// order.</summary>
    public string? Sort { get; init; }

    /// <summary>How many rows are shown at first.</summary>
    public int Limit { get; init; } = 15;

    public Markup Note { get; init; } = Markup.Empty;

    public Markup Render() =>
        Markup.Format(
            $"""
            <figure class="table" id="{Id}" data-view="{View.Json()}" data-columns="{JsonSerializer.Serialize(
                Columns,
                JsonSerializerOptions.Web
            )}" data-sort="{Sort}" data-limit="{Limit}">
            <figcaption><h3>{Title}</h3><div class="tools"></div></figcaption>
            <div class="scroll" role="region" aria-label="{Title}" tabindex="0"><table></table></div>
            <p class="empty" hidden>Nothing of this table is chosen in the filters.</p>
            <button type="button" class="more quiet" hidden></button>
            <p class="note">{Note}</p>
            </figure>

            """
        );
}
