using MerBench.Reports.Html;
using Microsoft.Playwright;

namespace MerBench.Tests;

/// <summary>The report of a run with made-up numbers, whose first model is doubtful.</summary>
public sealed class DoubtsPageTests
{
    private string _folder = "",
        _report = "";

    [OneTimeSetUp]
    public void Write()
    {
        _folder = Directory.CreateTempSubdirectory("merbench-report-").FullName;
        _report = Path.Combine(_folder, RunReport.FileName);
        RunReport.Create(LargeRun.Write(_folder, models: 3, perturbations: 2, seeds: 3, clips: 20)).Write(_report);
    }

    [OneTimeTearDown]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Doubtful_models_are_marked_and_say_why()
    {
        await using OpenPage page = await Browser.Open(_report);
        Assert.That(await page.At("#ranking-table tbody tr:has-text('model-2')").InnerTextAsync(), Does.Contain("believable"));
        ILocator doubtful = page.At("#ranking-table tbody tr:has-text('model-1')");
        Assert.That(await doubtful.InnerTextAsync(), Does.Contain("doubtful").And.Not.Contain("did not rise"));
        await doubtful.Locator("summary").ClickAsync();
        Assert.That(await doubtful.InnerTextAsync(), Does.Contain("stuck (attack-1, 3 cells): The objective did not rise"));
    }

    [Test]
    public async Task Sections_without_data_leave_no_trace()
    {
        string page = await File.ReadAllTextAsync(_report);
        Assert.That(
            page,
            Does.Contain("id=\"budgets\"")
                .And.Not.Contain("id=\"corruptions\"")
                .And.Not.Contain("#corruptions")
                .And.Not.Contain("id=\"transfer\"")
        );
    }

    // Charts are compared after they were scaled down to thumbnails, so that fonts and their smoothing do not count; a chart that is empty,
    // blank, misplaced or in other colours does.
    [TestCase("ranking-chart")]
    [TestCase("harm-linf", Category = "Slow", Explicit = true, Reason = "Charts are drawn alike.")]
    [TestCase("emotions-map", Category = "Slow", Explicit = true, Reason = "Charts are drawn alike.")]
    [TestCase("seeds-harm")]
    [TestCase("ratings-chart", Category = "Slow", Explicit = true, Reason = "Charts are drawn alike.")]
    public async Task Charts_look_as_they_did(string chart)
    {
        await using OpenPage page = await Browser.Open(_report);
        Thumbnail.AssertLooksLike(await page.Picture($"#{chart} .plot"), chart);
    }
}
