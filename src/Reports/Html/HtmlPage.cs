using System.Text;
using MerBench.Host;
using MerBench.Host.IO;

namespace MerBench.Reports.Html;

/// <summary>A part of a page with a heading, which the table of contents lists.</summary>
/// <param name="Id">Its anchor, such as <c>ranking</c>.</param>
public sealed record HtmlSection(string Id, string Title, Markup Body)
{
    /// <summary>Tables that the section's charts and tables show.</summary>
    public IReadOnlyList<PageData> Data { get; init; } = [];

    /// <summary>Embedded scripts of this section, such as <c>ranking.js</c>; they run after those of the page and may extend
    /// <c>MerBench.formats</c>.</summary>
    public IReadOnlyList<string> Scripts { get; init; } = [];
}

/// <summary>What can be chosen at the top of a page. A filter with fewer than two values is not shown.</summary>
/// <param name="Emotions">Data that hold means over emotions have rows whose emotion is <see cref="PageData.AllEmotions"/>.</param>
public sealed record PageFilters(IReadOnlyList<string> Models, IReadOnlyList<string> Perturbations, IReadOnlyList<string> Emotions)
{
    public static PageFilters None { get; } = new([], [], []);
}

/// <summary>
/// A self-contained HTML page: styles, scripts and data are in the file, and its content security policy forbids everything else, the
/// network above all.
/// </summary>
/// <param name="Lead">Under the title: what the page is about, in a sentence.</param>
public sealed record HtmlPage(string Title, Markup Lead, PageFilters Filters, IReadOnlyList<HtmlSection> Sections)
{
    /// <summary>True for a page without charts and tables that scripts draw: it carries none but that of its theme.</summary>
    public bool IsStatic { get; init; }

    /// <summary>Links to other pages of a site, before the contents.</summary>
    public Markup Navigation { get; init; } = Markup.Empty;

    public void Write(string path) => AtomicFile.Write(path, Encoding.UTF8.GetBytes(Render()));

    public string Render()
    {
        string[] scripts = [PageAssets.Read("theme.js"), .. IsStatic ? [] : DrawingScripts()];
        return Markup
            .Format(
                $"""
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta http-equiv="Content-Security-Policy" content="{PageAssets.Policy(scripts)}">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <meta name="generator" content="MerBench {ProductVersion.Text}">
                <title>{Title}</title>
                <style>{Markup.Raw(PageAssets.Read("page.css"))}</style>
                </head>
                <body>
                <a class="skip" href="#content">Skip to the results</a>
                <header class="masthead">
                <div class="masthead-text">
                {Navigation}<h1>{Title}</h1>
                <p class="lead">{Lead}</p>
                </div>
                <button type="button" id="theme" class="quiet" hidden>Theme: automatic</button>
                </header>
                {(
                    IsStatic
                        ? null
                        : Markup.Raw(
                            "<noscript><p class=\"note\">Charts and tables of this page are drawn by scripts inside of the file; "
                                + "allow them to see the results.</p></noscript>"
                        )
                )}
                {FilterBar()}
                <div class="columns">
                <nav class="contents" aria-label="Contents"><ul>{Sections.Select(s =>
                    Markup.Format($"<li><a href=\"#{s.Id}\">{s.Title}</a></li>")
                )}</ul></nav>
                <main id="content" tabindex="-1">
                {Sections.Select(s =>
                    Markup.Format(
                        $"<section id=\"{s.Id}\" aria-labelledby=\"{s.Id}-title\">\n<h2 id=\"{s.Id}-title\">{s.Title}</h2>\n{s.Body}\n</section>\n"
                    )
                )}
                </main>
                </div>
                <footer><p>Made by MerBench {ProductVersion.Text}. This file is complete: it loads nothing.{(
                    IsStatic ? "" : " Charts: Vega and Vega-Lite (BSD-3-Clause)."
                )}</p></footer>
                {Sections.SelectMany(s => s.Data).DistinctBy(d => d.Name).Select(d => d.Script())}
                {scripts.Select(s => Markup.Raw($"<script>{s}</script>\n"))}
                </body>
                </html>

                """
            )
            .ToString();
    }

    private IEnumerable<string> DrawingScripts() =>
        [
            .. PageAssets.Libraries,
            .. PageAssets.PageScripts,
            .. Sections.SelectMany(s => s.Scripts).Distinct(StringComparer.Ordinal).Select(PageAssets.Read),
            PageAssets.Read("start.js"),
        ];

    private Markup FilterBar()
    {
        Markup[] fields =
        [
            Choices("model", "Models", Filters.Models),
            Choices("perturbation", "Perturbations", Filters.Perturbations),
            EmotionField(),
        ];
        return fields.All(f => f == Markup.Empty)
            ? Markup.Empty
            : Markup.Format(
                $"""
                <form id="filters" class="filters" aria-label="Filters" hidden>
                {fields}
                <button type="button" id="show-all" class="quiet" disabled>Show all</button>
                <p id="filter-status" class="visually-hidden" role="status"></p>
                </form>
                """
            );
    }

    private static Markup Choices(string field, string title, IReadOnlyList<string> values) =>
        values.Count < 2
            ? Markup.Empty
            : Markup.Format(
                $"""
                <details class="menu"><summary>{title} <span class="count" data-count="{field}">all {values.Count}</span></summary>
                <fieldset><legend class="visually-hidden">{title}</legend>{values.Select(v =>
                    Markup.Format($"<label><input type=\"checkbox\" name=\"{field}\" value=\"{v}\" checked> {v}</label>")
                )}</fieldset></details>
                """
            );

    private Markup EmotionField() =>
        Filters.Emotions.Count < 2
            ? Markup.Empty
            : Markup.Format(
                $"""
                <label class="emotion">Emotion <select name="emotion"><option value="{PageData.AllEmotions}">all</option>{Filters.Emotions.Select(
                    e => Markup.Format($"<option>{e}</option>")
                )}</select></label>
                """
            );
}
