using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using MerBench.Host.Results.Tables;
using Microsoft.Playwright;

namespace MerBench.Tests;

/// <summary>The report of a small run, as people use it in a browser.</summary>
public sealed class ReportPageTests
{
    private static readonly string[] Sections =
    [
        "ranking",
        "budgets",
        "corruptions",
        "emotions",
        "seeds",
        "differences",
        "ratings",
        "clips",
        "audibility",
        "concepts",
        "cost",
        "learning",
        "transfer",
        "smallest",
        "run",
    ];

    // Chromium holds back what a page downloads after ten files in a row.
    private const int MostDownloads = 8;

    [Test]
    public async Task It_opens_with_every_section_drawn_and_asks_nothing_of_the_network()
    {
        await using OpenPage page = await Browser.Open(await SharedRun.Report());
        string[] found = await page.At("main > section").EvaluateAllAsync<string[]>("all => all.map(s => s.id)");
        Assert.That(Sections.Except(found), Is.Empty);
        string[] empty = await page.At("figure.chart")
            .EvaluateAllAsync<string[]>("all => all.filter(f => f.querySelectorAll('.plot svg path').length < 3).map(f => f.id)");
        Assert.That(empty, Is.Empty, "charts without marks");
        Assert.That(
            await page.Page.EvaluateAsync<string[]>(
                "(ids => ids.filter((id, i) => ids.indexOf(id) !== i))([...document.querySelectorAll('body [id]:not(svg *)')].map(e "
                    + "=> e.id))"
            ),
            Is.Empty,
            "ids that are not unique"
        );
        Assert.That(
            await page.Page.EvaluateAsync<bool>("fetch('https://example.org').then(() => true, () => false)"),
            Is.False,
            "the policy of the page lets requests out"
        );
        Assert.Multiple(() =>
        {
            Assert.That(page.Requests, Is.Empty);
            Assert.That(page.Complaints.Where(c => !c.Contains("example.org", StringComparison.Ordinal)), Is.Empty);
        });
    }

    [Test]
    [Category("Slow")]
    [Explicit("A download for each; run it with: dotnet test tests/MerBench.Reports.Tests --filter TestCategory=Slow")]
    public async Task Every_chart_and_table_offers_its_data_as_csv()
    {
        await using OpenPage page = await Browser.Open(await SharedRun.Report());
        string[] figures = await page.At("figure.chart, figure.table").EvaluateAllAsync<string[]>("all => all.map(f => f.id)");
        using var database = new DuckDb();
        foreach (string[] some in figures.Chunk(MostDownloads))
        {
            await using OpenPage fresh = await Browser.Open(await SharedRun.Report());
            foreach (string figure in some)
                Assert.That(database.Query($"SELECT * FROM read_csv({DuckDb.Text(await fresh.Csv(figure))})").Rows, Is.Not.Empty, figure);
        }

        // The worst case of each model, computed from the run's tables.
        string clips = Path.Combine(await SharedRun.Folder(), "clips.parquet"),
            csv = await page.Csv("ranking-table");
        QueryResult differing = database.Query(
            $"""
            WITH errors AS (SELECT model, perturbation, strength, clip, seed, unnest([{string.Join(
                ", ",
                Emotions.Select(e => $"abs(\"perturbed.{e}\" - \"rating.{e}\")")
            )}]) AS error FROM {DuckDb.Text(clips)}),
                worst AS (
                    SELECT model, max(error) AS error
                    FROM (SELECT model, perturbation, strength, avg(error) AS error FROM errors GROUP BY ALL) GROUP BY model)
            SELECT * FROM worst FULL JOIN read_csv({DuckDb.Text(
                csv
            )}) AS shown USING (model) WHERE coalesce(abs(shown.perturbed - worst.error) > 1e-4, true)
            """
        );
        Assert.That(differing.Rows, Is.Empty);
    }

    [Test]
    public async Task Sounds_play_one_at_a_time_and_switch_between_clean_and_perturbed_at_the_same_place()
    {
        await using OpenPage page = await Browser.Open(await SharedRun.Report());
        ILocator figure = page.At("figure.listen").First,
            button = figure.Locator("[data-switch]");
        ILocator Sound(string part) => figure.Locator($".sound[data-part='{part}'] audio");
        async Task<double> Time(string part) => await Sound(part).EvaluateAsync<double>("a => a.currentTime");
        Task Playing(string part) =>
            Sound(part)
                .EvaluateAsync(
                    "a => new Promise(done => { const look = () => !a.paused && a.currentTime > 0.1 ? done() : setTimeout(look, 20); "
                        + "look(); })"
                );
        async Task<string[]> NotPaused() =>
            await figure
                .Locator("audio")
                .EvaluateAllAsync<string[]>("all => all.filter(a => !a.paused).map(a => a.closest('.sound').dataset.part)");
        Assert.That(await Sound("clean").EvaluateAsync<double>("a => a.duration"), Is.EqualTo(2).Within(0.1));
        // Slowly, so that a busy machine does not reach the end.
        await figure.Locator("audio").EvaluateAllAsync<object>("all => all.forEach(a => { a.playbackRate = 0.25; })");

        await button.ClickAsync();
        await Playing("clean");
        Assert.That(await NotPaused(), Is.EqualTo(new[] { "clean" }));
        await button.PressAsync("x");
        await Playing("perturbed");
        Assert.That(await NotPaused(), Is.EqualTo(new[] { "perturbed" }));
        Assert.That(await Time("perturbed"), Is.GreaterThan(await Time("clean") - 0.01), "it goes on where the other one was");
        await Sound("difference").EvaluateAsync("a => a.play()");
        await Playing("difference");
        Assert.That(await NotPaused(), Is.EqualTo(new[] { "difference" }));
        Assert.That(page.Complaints, Is.Empty);
    }

    [Test]
    public async Task Filters_act_on_charts_and_tables()
    {
        await using OpenPage page = await Browser.Open(await SharedRun.Report());
        using var database = new DuckDb();
        await page.At("summary:has-text('Models')").ClickAsync();
        await page.At("input[value=ridge]").UncheckAsync();
        await page.At("summary:has-text('Perturbations')").ClickAsync();
        await page.At("input[value=noise]").UncheckAsync();
        await page.At("select[name=emotion]").SelectOptionAsync("anger");
        await page.Drawn();
        Assert.That(await page.At("#ranking-table tbody tr").CountAsync(), Is.EqualTo(1));
        Assert.That(await page.At("#harm-linf .plot").InnerTextAsync(), Does.Contain("tiny").And.Contain("pgd").And.Not.Contain("ridge"));
        Assert.That(await page.At("#harm-severity .empty").IsVisibleAsync(), "corruptions are filtered out");
        string csv = await page.Csv("harm-linf");
        string clips = Path.Combine(await SharedRun.Folder(), "clips.parquet");
        QueryResult harms = database.Query(
            $"""
            SELECT shown.harm, harm_low, harm_high, computed.harm FROM read_csv({DuckDb.Text(csv)}) AS shown
            JOIN (SELECT model, perturbation, strength,
                    avg(abs("perturbed.anger" - "rating.anger") - abs("clean.anger" - "rating.anger")) AS harm FROM {DuckDb.Text(
                clips
            )} GROUP BY ALL) AS computed USING (model, perturbation, strength)
            WHERE model = 'tiny' AND perturbation IN ('pgd', 'borrowed') AND emotion = 'anger'
            """
        );
        Assert.That(harms.Rows, Has.Count.EqualTo(3));
        Assert.That(database.Query($"SELECT * FROM read_csv({DuckDb.Text(csv)})").Rows, Has.Count.EqualTo(3));
        foreach (IReadOnlyList<object?> row in harms.Rows)
        {
            Assert.That((double)row[0]!, Is.EqualTo((double)row[3]!).Within(1e-4));
            Assert.That((double)row[0]!, Is.GreaterThan((double)row[1]!).And.LessThan((double)row[2]!));
        }

        await page.At("#show-all").ClickAsync();
        await page.Drawn();
        Assert.That(await page.At("#ranking-table tbody tr").CountAsync(), Is.EqualTo(2));
        Assert.That(await page.At("#harm-linf .plot").InnerTextAsync(), Does.Contain("ridge"));
        Assert.That(page.Complaints, Is.Empty);
    }

    [TestCase(ColorScheme.Light, 1280, Category = "Slow", Explicit = true, Reason = "The same page, wide and light.")]
    [TestCase(ColorScheme.Dark, 400)]
    public async Task It_is_accessible(ColorScheme theme, int width)
    {
        await using OpenPage page = await Browser.Open(await SharedRun.Report(), theme, width);
        foreach (ILocator details in await page.At("main details > summary").AllAsync())
            await details.ClickAsync();
        var result = await page.Page.RunAxe(
            new AxeRunContext { Exclude = [new AxeSelector(".plot svg")] },
            new AxeRunOptions { ResultTypes = new HashSet<ResultType> { ResultType.Violations } }
        );
        Assert.That(
            result.Violations.Select(v => $"{v.Id}: {v.Help}: {string.Join(" | ", v.Nodes.Take(3).Select(n => n.Html))}"),
            Is.Empty
        );
        Assert.That(
            await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"),
            Is.LessThanOrEqualTo(width),
            "the page scrolls sideways"
        );
    }

    [Test]
    public async Task The_keyboard_reaches_everything()
    {
        await using OpenPage page = await Browser.Open(await SharedRun.Report());
        await page.Page.Keyboard.PressAsync("Tab");
        await page.Page.Keyboard.PressAsync("Enter");
        Assert.That(
            await page.Page.EvaluateAsync<string>("document.activeElement.id"),
            Is.EqualTo("content"),
            "the first stop skips to the results"
        );
        await page.At("summary:has-text('Models')").FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await page.Page.Keyboard.PressAsync("Tab");
        await page.Page.Keyboard.PressAsync("Space");
        Assert.That(await page.At("[data-count=model]").InnerTextAsync(), Is.EqualTo("1 of 2"));
        await page.Page.Keyboard.PressAsync("Escape");
        Assert.That(
            await page.At("summary:has-text('Models')").EvaluateAsync<bool>("s => s === document.activeElement && !s.parentElement.open")
        );
        await page.At("#models th button:has-text('Seed')").FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        Assert.That(await page.At("#models th[aria-sort]").InnerTextAsync(), Does.StartWith("Seed"));
        Assert.That(
            await page.Page.EvaluateAsync<string>("document.activeElement.textContent"),
            Is.EqualTo("Seed"),
            "sorting keeps the focus"
        );
    }

    [Test]
    public async Task Dark_and_light_follow_the_system_and_the_button()
    {
        await using OpenPage page = await Browser.Open(await SharedRun.Report(), ColorScheme.Dark);
        Assert.That(await Background(page), Is.LessThan(60));
        Assert.That(await LabelBrightness(page), Is.GreaterThan(120), "labels of charts on a dark page");
        await page.At("#theme").ClickAsync();
        Assert.That(await page.At("#theme").InnerTextAsync(), Is.EqualTo("Theme: light"));
        Assert.That(await Background(page), Is.GreaterThan(240));
        Assert.That(await LabelBrightness(page), Is.LessThan(120));
    }

    [Test]
    public async Task It_prints_light_and_without_what_only_screens_need()
    {
        await using OpenPage page = await Browser.Open(await SharedRun.Report(), ColorScheme.Dark);
        await page.Page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.That(await page.At("#filters").IsVisibleAsync(), Is.False);
        Assert.That(await page.At(".tools").First.IsVisibleAsync(), Is.False);
        Assert.That(await Background(page), Is.GreaterThan(240));
        Assert.That(await LabelBrightness(page), Is.LessThan(120));
        Assert.That(await page.Page.PdfAsync(new() { Format = "A4" }), Has.Length.GreaterThan(50_000));
    }

    private static readonly string[] Emotions = ["valence", "energy", "tension", "anger", "fear", "happy", "sad", "tender"];

    private static Task<double> Background(OpenPage page) => Brightness(page, "body", "backgroundColor");

    private static Task<double> LabelBrightness(OpenPage page) => Brightness(page, "#harm-linf .plot svg .role-axis-label text", "fill");

    private static Task<double> Brightness(OpenPage page, string selector, string property) =>
        page.At(selector)
            .First.EvaluateAsync<double>(
                $"e => getComputedStyle(e).{property}.match(/\\d+/g).slice(0, 3).map(Number).reduce((a, b) => a + b) / 3"
            );
}
