using Microsoft.Playwright;

namespace MerBench.Tests;

/// <summary>This machine's Chromium, driven without a window and without a network.</summary>
[SetUpFixture]
internal sealed class Browser
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    private static readonly Lazy<Task<IBrowser>> Launched = new(Launch);

    private static IPlaywright? _playwright;

    /// <summary>Opens a page of a file and waits until everything is drawn; skips the running test, visibly, where there is no
    /// browser.</summary>
    public static async Task<OpenPage> Open(string file, ColorScheme theme = ColorScheme.Light, int width = 1280)
    {
        IBrowser browser = await Launched.Value;
        IBrowserContext context = await browser.NewContextAsync(
            new()
            {
                ColorScheme = theme,
                ViewportSize = new() { Width = width, Height = 900 },
                AcceptDownloads = true,
                Offline = true,
            }
        );
        IPage page = await context.NewPageAsync();
        var open = new OpenPage(context, page);
        await page.GotoAsync(new Uri(file).AbsoluteUri);
        await page.WaitForFunctionAsync("document.documentElement.dataset.ready === 'true'", null, new() { Timeout = 60_000 });
        return open;
    }

    private static async Task<IBrowser> Launch()
    {
        string? path = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
        if (path is null)
            Assert.Ignore("No Chromium is on this machine.");
        _playwright = await Playwright.CreateAsync();
        // Containers run tests as root, whom Chromium's sandbox refuses.
        return await _playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = path, Args = ["--no-sandbox", "--force-color-profile=srgb"] }
        );
    }

    [OneTimeTearDown]
    public async Task Close()
    {
        if (_playwright is null)
            return;
        await (await Launched.Value).CloseAsync();
        _playwright.Dispose();
    }
}

/// <summary>A page and what it has complained about or asked for.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;

    public OpenPage(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                Complaints.Add(message.Text);
        };
        page.PageError += (_, error) => Complaints.Add(error);
        page.Request += (_, request) =>
        {
            if (
                !request.Url.StartsWith("file:", StringComparison.Ordinal)
                && !request.Url.StartsWith("data:", StringComparison.Ordinal)
                && !request.Url.StartsWith("blob:", StringComparison.Ordinal)
            )
                Requests.Add(request.Url);
        };
    }

    public IPage Page { get; }

    /// <summary>Errors and warnings on the console.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>What it asked of the network.</summary>
    public List<string> Requests { get; } = [];

    public ILocator At(string selector) => Page.Locator(selector);

    /// <summary>Waits until all drawing that a change has caused is done.</summary>
    public Task Drawn() => Page.EvaluateAsync("MerBench.charts.idle()");

    /// <summary>A picture of an element, as PNG.</summary>
    public async Task<byte[]> Picture(string selector)
    {
        // The filter bar stays at the top of the window and would lie over what is scrolled there.
        await At("#filters").EvaluateAsync("bar => { bar.style.position = 'static'; }");
        return await At(selector).ScreenshotAsync();
    }

    /// <summary>Downloads the CSV of a chart or table to a file.</summary>
    public async Task<string> Csv(string figure)
    {
        IDownload download = await Page.RunAndWaitForDownloadAsync(() => At($"#{figure} .tools button:text-is('CSV')").ClickAsync());
        Assert.That(download.SuggestedFilename, Is.EqualTo($"{figure}.csv"));
        return await download.PathAsync();
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();
}
