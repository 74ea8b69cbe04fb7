using MerBench.Reports.Html;

namespace MerBench.Tests;

/// <summary>The Vega-Lite files of charts as an editor opens them: with their own data, and nothing replaced.</summary>
public sealed class ChartFileTests
{
    private const string Draw = """
        async text => {
          const heard = [], hear = (...parts) => { heard.push(parts.join(' ')); return logger; }, pass = () => logger;
          const logger = { level: pass, error: hear, warn: hear, info: pass, debug: pass };
          const place = document.body.appendChild(document.createElement('div'));
          await vegaEmbed(place, JSON.parse(text), { ast: true, renderer: 'svg', actions: false, logger });
          const marks = place.querySelectorAll('svg .role-mark path, svg .role-mark text, svg .role-mark line').length;
          return marks > 0 ? heard : ['nothing is drawn'];
        }
        """;

    private static IEnumerable<string> Files =>
        typeof(ChartSpec)
            .Assembly.GetManifestResourceNames()
            .Where(n => n.EndsWith(".vl.json", StringComparison.Ordinal))
            .Select(n => string.Join('.', n.Split('.')[^3..]));

    [Test]
    public async Task Every_file_is_drawn_without_a_warning()
    {
        string folder = Directory.CreateTempSubdirectory("merbench-charts-").FullName;
        try
        {
            string path = Path.Combine(folder, "charts.html");
            new HtmlPage("Charts", Markup.Empty, PageFilters.None, []).Write(path);
            await using OpenPage page = await Browser.Open(path);
            Assert.That(Files, Is.Not.Empty);
            foreach (string file in Files)
                Assert.That(await page.Page.EvaluateAsync<string[]>(Draw, PageAssets.Read(file)), Is.Empty, file);
            Assert.That(page.Complaints, Is.Empty);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
