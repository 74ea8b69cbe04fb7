namespace MerBench.Reports.Html;

/// <summary>A chart, with its data as CSV and as a table.</summary>
/// <param name="Id">Unique in the page; the file name of its CSV.</param>
/// <param name="Alternative">What the chart shows, for those who do not see it.</param>
public sealed record Chart(string Id, string Title, string Alternative, PageView View, ChartSpec Spec)
{
    /// <summary>Under the chart: how to read it.</summary>
    public Markup Note { get; init; } = Markup.Empty;

    /// <summary>Least width of a panel in pixels, for specifications with a <c>facet</c>: as many as fit stand side by side. Null where
    /// there are no panels.</summary>
    public int? PanelWidth { get; init; }

    public Markup Render() =>
        Markup.Format(
            $"""
            <figure class="chart" id="{Id}" data-view="{View.Json()}"{(
                PanelWidth is { } width ? Markup.Format($" data-panel=\"{width}\"") : null
            )}>
            <figcaption><h3>{Title}</h3><div class="tools"></div></figcaption>
            <div class="plot" role="img" aria-label="{Alternative}"></div>
            <p class="empty" hidden>Nothing of this chart is chosen in the filters.</p>
            <p class="note">{Note}</p>
            <script type="application/json" class="spec">{Markup.Raw(Spec.ToString())}</script>
            </figure>

            """
        );
}
