using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CliWrap.Buffered;

namespace MerBench.Tests;

public sealed partial class ReportVerbTests
{
    [Test]
    public async Task A_run_writes_a_page_that_is_complete()
    {
        string page = await File.ReadAllTextAsync(await SharedRun.Report()),
            elements = Scripts().Replace(page, "");
        Assert.Multiple(() =>
        {
            Assert.That(elements, Does.Contain("Content-Security-Policy\" content=\"default-src &#39;none&#39;; script-src &#39;sha256-"));
            Assert.That(elements, Does.Not.Match("(src|href)=\"(?!#|data:)"), "something is loaded");
            Assert.That(page.Contains('\r'), Is.False);
            Assert.That(page.Length, Is.LessThan(5_000_000));
        });
    }

    [GeneratedRegex("<script.*?</script>", RegexOptions.Singleline, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Scripts();

    [Test]
    public async Task Report_makes_the_page_again_and_says_what_it_wrote()
    {
        string folder = await SharedRun.Folder();
        using var tool = new MerBenchTool();
        BufferedCommandResult result = await tool.Run("report", folder, "-o", "again/page.html", "--json");
        Assert.That(result.ExitCode, Is.Zero, result.StandardError);
        JsonNode written = JsonNode.Parse(result.StandardOutput)!.AsArray().Single()!;
        Assert.That(written["format"]!.GetValue<string>(), Is.EqualTo("html"));
        Assert.That(written["path"]!.GetValue<string>(), Is.EqualTo(tool.PathOf("again/page.html")));
        Assert.That(
            await File.ReadAllTextAsync(tool.PathOf("again/page.html")),
            Is.EqualTo(await File.ReadAllTextAsync(Path.Combine(folder, "report.html"))),
            "the page is the same whenever it is made"
        );

        BufferedCommandResult markdown = await tool.Run("report", folder, "--format", "markdown", "-o", "results.md");
        Assert.That(markdown.ExitCode, Is.Zero, markdown.StandardError);
        Assert.That(
            await File.ReadAllTextAsync(tool.PathOf("results.md")),
            Is.EqualTo(await File.ReadAllTextAsync(Path.Combine(folder, "results.md")))
        );
    }

    [Test]
    public async Task What_is_no_run_is_named_with_what_was_expected()
    {
        using var tool = new MerBenchTool();
        BufferedCommandResult none = await tool.Run("report");
        Assert.That(none.ExitCode, Is.EqualTo(3));
        Assert.That(none.StandardError, Does.Contain("merbench-results holds no results of a run"));
        BufferedCommandResult format = await tool.Run("report", await SharedRun.Folder(), "--format", "pdf");
        Assert.That(format.ExitCode, Is.EqualTo(3));
        Assert.That(format.StandardError, Does.Contain("'pdf'").And.Contain("html"));
        string whole = await File.ReadAllTextAsync(Path.Combine(await SharedRun.Folder(), "results.json"));
        JsonNode incomplete = JsonNode.Parse(whole)!;
        incomplete["cells"]![0]!["doubts"] = null;
        tool.Write("merbench-results/damaged/cells.parquet", "");
        foreach ((string results, string reason) in new[] { ("{", "results.json:1:2: "), (incomplete.ToJsonString(), "$.cells[0].doubts") })
        {
            tool.Write("merbench-results/damaged/results.json", results);
            BufferedCommandResult damaged = await tool.Run("report");
            Assert.That(damaged.ExitCode, Is.EqualTo(3));
            Assert.That(damaged.StandardError, Does.Contain(reason).And.Contain("it cannot be read: ").And.Not.Contain("   at "));
        }
    }
}
