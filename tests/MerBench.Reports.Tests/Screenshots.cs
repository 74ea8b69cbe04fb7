using Microsoft.Playwright;

namespace MerBench.Tests;

/// <summary>Makes the pictures of docs/report.md; eng/screenshots.sh calls it.</summary>
public sealed class Screenshots
{
    private const string RunVariable = "MERBENCH_SCREENSHOTS_OF";

    private static readonly string[] Figures =
    [
        "harm-linf",
        "harm-severity",
        "emotions-map",
        "seeds-harm",
        "ratings-chart",
        "concept-shift",
        "clips-table",
        "transfer-map",
    ];

    [Test]
    [Explicit("writes pictures of docs/report.md, of the run that MERBENCH_SCREENSHOTS_OF names")]
    public async Task Take()
    {
        string run =
            Environment.GetEnvironmentVariable(RunVariable)
            ?? throw new InvalidOperationException($"{RunVariable} must name the results folder of a run.");
        string report = Path.Combine(run, "report.html"),
            images = Path.Combine(MerBenchTool.Repository, "docs/images");
        foreach (
            (string name, ColorScheme theme, int width) in new[]
            {
                ("light", ColorScheme.Light, 1280),
                ("dark", ColorScheme.Dark, 1280),
                ("narrow", ColorScheme.Light, 400),
            }
        )
        {
            await using OpenPage page = await Browser.Open(report, theme, width);
            await page.Page.SetViewportSizeAsync(width, 1100);
            await page.Page.ScreenshotAsync(new() { Path = Path.Combine(images, $"report-{name}.png") });
        }

        await using OpenPage whole = await Browser.Open(report);
        foreach (string figure in Figures)
        {
            if (await whole.Page.Locator($"#{figure}").CountAsync() > 0)
                await File.WriteAllBytesAsync(Path.Combine(images, $"report-{figure}.png"), await whole.Picture($"#{figure}"));
            else
                TestContext.Out.WriteLine($"This run has no {figure}: its picture stays as it is.");
        }
    }
}
