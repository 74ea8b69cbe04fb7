using System.Xml.Linq;
using MerBench.Analysis.Comparisons;
using MerBench.Analysis.Snapshots;
using MerBench.Host.Results;
using MerBench.Host.Results.Tables;
using MerBench.Host.Text;
using MerBench.Reports.Console;
using MerBench.Reports.Html;
using MerBench.Reports.Markdown;
using MerBench.Reports.Paper;
using MerBench.Reports.Tables;

namespace MerBench.Tests;

/// <summary>A run of three models, all cells of one of which failed: where people see that, and what its texts can do.</summary>
public sealed class FailedModelTests
{
    private const string Hostile = "a\u001b[2J\r\n::error::x\0\u202eb<script>alert(1)</script>![i](http://x)|c";

    private string _folder = "";
    private RunFolder _run = null!;
    private RunResults _results = null!;

    [OneTimeSetUp]
    public void Write()
    {
        _folder = Directory.CreateTempSubdirectory("merbench-failed-").FullName;
        _run = LargeRun.Write(_folder, models: 2, perturbations: 1, seeds: 1, clips: 20);
        _results = WithFailed("lost", "out of luck");
    }

    [OneTimeTearDown]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void The_console_says_first_what_failed_and_counts_what_was_asked_for()
    {
        string text = Console(_results);
        Assert.That(text, Does.StartWith("15 cells: 10 finished, 5 failed, 1 doubtful. What failed:"));
        Assert.That(text.IndexOf("(and 4 more): out of luck", StringComparison.Ordinal), Is.Positive.And.LessThan(Place(text, "harm")));
        Assert.That(text, Does.Contain("1 of 10 finished cells are doubtful"));
        Assert.That(text.Split('\n').Single(l => l.StartsWith(" lost", StringComparison.Ordinal)), Does.Contain("failed"));
    }

    [Test]
    public void Markdown_says_first_what_failed()
    {
        string text = MarkdownReport.Render(_results);
        Assert.That(Place(text, "## Failed"), Is.LessThan(Place(text, "## Believable?")).And.LessThan(Place(text, "## Robustness")));
        Assert.That(text, Does.Contain("* **lost** has no result, as all of its 5 cells failed: out of luck"));
        Assert.That(text, Does.Contain("1 of 10 finished cells are doubtful"));
    }

    [Test]
    public void The_page_begins_with_what_failed_and_ranks_no_model_out_of_sight()
    {
        string page = RunReport.Create(_run, _results).Render();
        Assert.That(Place(page, "id=\"failures\""), Is.LessThan(Place(page, "id=\"ranking\"")));
        Assert.That(page, Does.Contain("3 models of emotion in music").And.Contain("; 1 failed"));
        string ranking = page[Place(page, "id=\"ranking\"")..Place(page, "id=\"budgets\"")];
        Assert.That(ranking, Does.Contain("Without a rank: all cells failed").And.Contain("<td>lost</td><td>out of luck</td>"));
    }

    [Test]
    public async Task A_browser_draws_what_did_not_fail()
    {
        string file = Path.Combine(_folder, "failed.html");
        RunReport.Create(_run, _results).Write(file);
        await using OpenPage page = await Browser.Open(file);
        Assert.That(await page.At("#ranking-table tbody tr").CountAsync(), Is.EqualTo(2));
        Assert.That(await page.At("#ranking-chart .plot svg").CountAsync(), Is.EqualTo(1));
        Assert.That(page.Complaints, Is.Empty);
    }

    [Test]
    public void Remarks_on_recordings_stand_in_Markdown_and_on_the_page()
    {
        RunResults remarked = _results with
        {
            Dataset = _results.Dataset with { Remarks = [.. Enumerable.Range(1, 25).Select(i => $"clip '{i}': 95 ms are missing")] },
        };
        string markdown = MarkdownReport.Render(remarked);
        Assert.That(markdown, Does.Contain("## Remarks on recordings\n\n* clip '1': 95 ms are missing\n").And.Contain("and 5 more;"));
        string page = RunReport.Create(_run, remarked).Render();
        Assert.That(page, Does.Contain("<dt>Remarks on recordings</dt>").And.Contain("95 ms are missing").And.Contain("and 15 more"));
        Assert.That(MarkdownReport.Render(_results), Does.Not.Contain("Remarks on"));
    }

    [Test]
    public void Models_that_hear_otherwise_are_named_in_Markdown()
    {
        var ears = new EarsSummary("log-mel", 16_000, 4.5, 0, 1);
        RunResults mixed = _results with { Models = [.. _results.Models.Select((m, i) => i == 0 ? m with { Ears = ears } : m)] };
        Assert.That(MarkdownReport.Render(mixed), Does.Contain($"{_results.Models[0].Name}: log-mel at 16000 Hz, 4.5 s. "));
        Assert.That(MarkdownReport.Render(_results), Does.Not.Contain("hear otherwise"));
    }

    [Test]
    public void Tables_of_papers_have_it_too()
    {
        string latex = PaperDocument.Tables(_results);
        Assert.That(latex, Does.Contain("lost & failed").And.Contain("5 of 15 cells failed, among them all of lost"));
    }

    [Test]
    public void A_mean_over_some_of_the_seeds_says_so()
    {
        RunResults partly = _results with { Summary = [.. _results.Summary.Select(r => r.Model == "model-1" ? r with { Failed = 2 } : r)] };
        Assert.That(Console(partly), Does.Contain("(2 of 3 seeds failed)"));
    }

    [Test]
    public void Texts_of_others_do_nothing_where_they_are_shown()
    {
        RunResults hostile = WithFailed(Hostile, Hostile);
        Assert.Multiple(() =>
        {
            Harmless(Console(hostile), "console");
            Harmless(PaperDocument.Tables(hostile), "LaTeX");
            string markdown = MarkdownReport.Render(hostile);
            Harmless(markdown, "Markdown");
            Assert.That(markdown, Does.Not.Contain("<script").And.Not.Contain("](http").And.Contain("&lt;script>"));
            string page = RunReport.Create(_run, hostile).Render();
            NoControls(page, "HTML", lines: true);
            Assert.That(page, Does.Not.Contain("<script>alert").And.Contain("&lt;script&gt;alert"));
        });
    }

    [Test]
    public void Texts_of_others_do_nothing_to_build_servers()
    {
        BenchmarkVerification[] verified = [Verification()];
        string file = Path.Combine(_folder, "junit.xml");
        JUnitReport.Write(file, verified, strict: false);
        XElement error = XDocument.Load(file).Descendants("error").Single();
        Assert.That(error.Attribute("message")!.Value, Does.StartWith(@"a\u001b[2J\r").And.EndsWith("|c"));
        Assert.That(
            Annotations.List(verified[0], AnnotationFormat.GitHub, strict: false).Single(),
            Does.StartWith("::error ").And.Not.Contain("\n")
        );
        Assert.That(
            Annotations.List(verified[0], AnnotationFormat.GitHub, strict: false).Single().Split("::"),
            Has.Length.GreaterThan(2),
            "what is no longer at the beginning of a line is no command"
        );
        Harmless(Annotations.List(verified[0], AnnotationFormat.MSBuild, strict: false).Single(), "MSBuild", lines: false);
        string markdown = VerificationMarkdown.Render(verified);
        Harmless(markdown, "summary");
        Assert.That(markdown, Does.Not.Contain("<script").And.Not.Contain("](http"));
    }

    [TestCase("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0")]
    [TestCase("@SUM(1)", "'@SUM(1)")]
    [TestCase("-fast", "'-fast")]
    [TestCase("+1+1", "'+1+1")]
    [TestCase("-1.5e-3", "-1.5e-3")]
    [TestCase("a\rb\0", @"a\rb\u0000")]
    [TestCase("vgg", "vgg")]
    public void Cells_of_csv_files_are_no_formulas(string text, string cell)
    {
        var answer = new QueryResult(
            [new QueryColumn("x", typeof(string))],
            [
                [text],
            ]
        );
        Assert.That(QueryText.Csv(answer), Is.EqualTo($"x\n{cell}\n"));
    }

    private static string Console(RunResults results)
    {
        using var text = new StringWriter();
        ConsoleReport.Write(ConsoleTraits.Find(isTerminal: false, _ => null).Create(text), results);
        return text.ToString();
    }

    private static int Place(string text, string part) =>
        text.IndexOf(part, StringComparison.Ordinal) is >= 0 and var place ? place : throw new AssertionException($"no '{part}'");

    private static void Harmless(string text, string where, bool lines = true)
    {
        NoControls(text, where, lines);
        Assert.That(text.Split('\n').Where(l => l.TrimStart().StartsWith("::", StringComparison.Ordinal)), Is.Empty, where);
    }

    private static void NoControls(string text, string where, bool lines) =>
        Assert.That(text.Where(c => c is '\u001b' or '\0' or '\r' or '\u202e' || (!lines && c == '\n')), Is.Empty, where);

    private static BenchmarkVerification Verification() =>
        new(
            "b.yaml",
            Hostile,
            HasSnapshot: true,
            "b.verified.json",
            null,
            "cpu",
            1,
            [
                new ConditionComparison
                {
                    Model = Hostile,
                    Perturbation = Hostile,
                    Strength = "linf 0.1",
                    Verdict = SnapshotVerdict.Failed,
                    Cells = [new CellComparison(Hostile, 1, SnapshotVerdict.Failed, [], Hostile)],
                    Clips = [],
                    Causes = [],
                    At = new SourceLocation("b.yaml", 3, 1),
                },
            ]
        );

    private RunResults WithFailed(string name, string reason)
    {
        RunResults whole = _run.ReadResults();
        CellSummary[] finished = [.. whole.Cells.Select((c, i) => c with { Believable = i == 0 ? Believable.Doubtful : Believable.Yes })];
        IEnumerable<CellSummary> failed = finished
            .Where(c => c.Model == "model-2")
            .Select(c =>
                c with
                {
                    Name = $"{name} / {c.Perturbation} / {c.Strength} / seed 1",
                    Model = name,
                    Result = null,
                    Failure = reason,
                    Believable = null,
                    Doubts = [],
                }
            );
        IEnumerable<RobustnessRow> rows = whole
            .Summary.Where(r => r.Model == "model-2")
            .Select(r =>
                r with
                {
                    Model = name,
                    Seeds = 0,
                    Failed = 1,
                    Metrics = new Dictionary<string, SeedSummary>(),
                    ClippedMetrics = new Dictionary<string, SeedSummary>(),
                }
            );
        return whole with
        {
            Models = [.. whole.Models, new ModelSummary(name, "vgg", 1, null)],
            Cells = [.. finished, .. failed],
            Summary = [.. whole.Summary, .. rows],
        };
    }
}
