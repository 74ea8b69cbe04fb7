using System.Text.Json.Nodes;
using System.Xml.Linq;
using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>Three runs, ranked: two that are comparable, though they name things differently, and one that is not.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class LeaderboardTests
{
    private const string First = """
        name: first
        dataset: { use: cues, with: { clips: 60, seconds: 1 } }
        models: { honest: fixture-honest, twin: fixture-honest, rounded: fixture-rounded, detached: fixture-detached }
        perturbations:
          strong: { use: apgd, with: { steps: 10 }, budgets: { linf: [0.05, 0.1] } }
          search: { use: square, with: { queries: 20 }, budgets: { linf: [0.1] } }
          noise: { use: noise, severities: [5] }
        threat-model: { name: tenth, perturbations: [strong, search], budget: { linf: 0.1 }, knowledge: white-box }
        seeds: [1, 2]
        metrics: [mae]
        about: { by: Ada, link: https://example.org/paper }
        """;

    private static readonly string Second = First
        .Replace("name: first", "name: second", StringComparison.Ordinal)
        .Replace("strong", "apgd", StringComparison.Ordinal)
        .Replace("search", "square", StringComparison.Ordinal)
        .Replace(
            "{ honest: fixture-honest, twin: fixture-honest, rounded: fixture-rounded, detached: fixture-detached }",
            "{ ridge: { use: ridge, with: { penalty: 100 } }, honest: fixture-honest }",
            StringComparison.Ordinal
        );

    // Another attack under the same name, and nothing declared beside it.
    private static readonly string[] Apart =
    [
        Second
            .Replace("name: second", "name: weaker", StringComparison.Ordinal)
            .Replace("steps: 10", "steps: 2", StringComparison.Ordinal)
            .Replace(", honest: fixture-honest", "", StringComparison.Ordinal),
        "name: undeclared\ndataset: { use: cues, with: { clips: 40, seconds: 1 } }\nmodels: { ridge: ridge }\nperturbations:\n  fgsm: { "
            + "use: fgsm, budgets: { linf: [0.1] } }\n  noise: { use: noise, severities: [1, 2] }\n  pitch: { use: pitch-shift, "
            + "severities: [1] }\nmetrics: [mae]\n",
    ];

    private readonly MerBenchTool _tool = new();
    private JsonNode _leaderboard = new JsonObject();

    private static string Plugin => Path.Combine(AppContext.BaseDirectory, "fixtures", "Fixture.Doubtful", "Fixture.Doubtful.dll");

    private string Site => _tool.PathOf("site");

    [OneTimeSetUp]
    public async Task Run()
    {
        string[] files = [First, Second, .. Apart];
        foreach ((string text, int i) in files.Select((t, i) => (t, i)))
        {
            BufferedCommandResult run = await _tool.Run("run", _tool.Write($"{i}.yaml", text), "-q", "--plugin", Plugin);
            Assert.That(run.ExitCode, Is.EqualTo(i == 0 ? 1 : 0), run.StandardError);
        }

        BufferedCommandResult result = await _tool.Run("leaderboard", "-o", "site", "--json");
        Assert.That(result.ExitCode, Is.Zero, result.StandardError);
        _leaderboard = JsonNode.Parse(result.StandardOutput)!;
    }

    [OneTimeTearDown]
    public void Delete() => _tool.Dispose();

    [Test]
    public async Task Entries_stand_in_the_order_of_their_worst_case_as_computed_from_single_predictions()
    {
        JsonNode[] entries = Entries(Declared());
        Assert.That(entries.Select(e => Text(e, "model")), Is.EquivalentTo(new[] { "honest", "twin", "rounded", "ridge" }));
        Assert.That(entries.Select(e => Number(e, "worstCase")), Is.Ordered);
        JsonArray predictions = await Predictions();
        foreach (JsonNode entry in entries)
        {
            (double worst, double clean, double clipped) = Independent(predictions, Text(entry["run"]!, "name"), Text(entry, "model"));
            Assert.That(Number(entry, "worstCase"), Is.EqualTo(worst).Within(1e-6), Text(entry, "model"));
            Assert.That(Number(entry, "clean"), Is.EqualTo(clean).Within(1e-6));
            Assert.That(Number(entry, "clipped"), Is.EqualTo(clipped).Within(1e-6));
            Assert.That(Number(entry["interval"]!, "low"), Is.LessThan(worst));
            Assert.That(Number(entry["interval"]!, "high"), Is.GreaterThan(worst));
            Assert.That(
                entry["strengths"]!.AsArray().Select(s => Number(s!, "error")),
                Is.All.LessThanOrEqualTo(worst + 1e-9),
                "no single perturbation is worse than the worst"
            );
        }
    }

    [Test]
    public void Models_that_no_test_can_tell_apart_share_a_rank_and_others_do_not()
    {
        Dictionary<string, int> ranks = Entries(Declared())
            .ToDictionary(e => Text(e, "model"), e => e["rank"]!.GetValue<int>(), StringComparer.Ordinal);
        Assert.That(ranks["honest"], Is.EqualTo(ranks["twin"]));
        Assert.That(ranks.Values.Min(), Is.EqualTo(1));
        Assert.That(ranks.Values.Distinct().Count(), Is.GreaterThan(1));
    }

    [Test]
    public void Of_the_same_trained_model_the_newest_run_counts()
    {
        JsonNode honest = Entries(Declared()).Single(e => Text(e, "model") == "honest");
        Assert.That(Text(honest["run"]!, "name"), Is.EqualTo("second"));
        Assert.That(honest["earlier"]!.AsArray().Select(r => Text(r!, "name")), Is.EqualTo(new[] { "first" }));
    }

    [Test]
    public void Doubtful_ones_are_marked_with_reasons_and_failed_ones_have_no_score()
    {
        JsonNode group = Declared(),
            rounded = Entries(group).Single(e => Text(e, "model") == "rounded");
        Assert.That(Text(rounded, "believable"), Is.EqualTo("doubtful"));
        Assert.That(rounded["doubts"]!.AsArray().Select(d => d!.GetValue<string>()), Has.Some.StartsWith("gradient-zero (strong, "));
        Assert.That(Text(Entries(group).Single(e => Text(e, "model") == "ridge"), "believable"), Is.EqualTo("yes"));
        JsonNode failed = group["unranked"]!.AsArray().Single()!;
        Assert.That(Text(failed, "model"), Is.EqualTo("detached"));
        Assert.That(failed["reasons"]!.AsArray().Select(r => r!.GetValue<string>()), Has.Some.Contains("no gradient to follow"));
        string page = Pages.Visible(File.ReadAllText(Path.Combine(Site, "index.html")));
        Assert.That(
            page,
            Does.Contain("doubtful")
                .And.Contain("gradient-zero (strong")
                .And.Contain("Without a score")
                .And.Contain("no gradient to follow")
        );
    }

    [Test]
    public void What_is_not_comparable_stands_apart()
    {
        JsonNode[] groups = [.. _leaderboard["groups"]!.AsArray().OfType<JsonNode>()];
        Assert.That(
            groups.Select(g => (Text(g["scope"]!["threatModel"]!, "name"), Entries(g).Length)),
            Is.EquivalentTo(new[] { ("tenth", 4), ("tenth", 1), ("features, linf 0.1", 1), ("corruptions", 1) })
        );
        Assert.That(groups.Take(2).Select(g => g["scope"]!["isDeclared"]!.GetValue<bool>()), Is.All.True);
        JsonNode corruptions = groups.Single(g => Text(g["scope"]!["threatModel"]!, "name") == "corruptions");
        Assert.That(
            corruptions["scope"]!["strengths"]!.AsArray().Select(s => Text(s!, "strength")),
            Is.EqualTo(new[] { "severity 1", "severity 2" }),
            "what changes labels is none"
        );
    }

    [Test]
    public void The_site_is_complete_and_its_links_lead_somewhere()
    {
        string[] pages = Directory.GetFiles(Site, "*.html", SearchOption.AllDirectories);
        Assert.That(pages, Has.Length.EqualTo(1 + 7));
        foreach (string page in pages)
        {
            string html = File.ReadAllText(page);
            Pages.AssertSelfContained(html);
            Assert.That(new FileInfo(page).Length, Is.LessThan(100_000));
            XElement root = Pages.Parse(html);
            HashSet<string> anchors = [.. root.Descendants().Select(e => (string?)e.Attribute("id")).OfType<string>()];
            foreach (string link in root.Descendants("a").Select(a => (string)a.Attribute("href")!))
            {
                if (link == "https://example.org/paper")
                    continue;
                if (link.StartsWith('#'))
                    Assert.That(anchors, Does.Contain(link[1..]), page);
                else
                    Assert.That(File.Exists(Path.Combine(Path.GetDirectoryName(page)!, link.Split('#')[0])), $"{page}: {link}");
            }
        }

        Assert.That(
            Pages.Visible(File.ReadAllText(Path.Combine(Site, "index.html"))),
            Does.Contain("Ada").And.Contain("https://example.org/paper")
        );
        Assert.That(File.Exists(Path.Combine(Site, ".nojekyll")));
        Assert.That(File.ReadLines(Path.Combine(Site, "data", "leaderboard.csv")).Count(), Is.EqualTo(1 + 7 + 1));
    }

    [Test]
    public async Task One_threat_model_is_chosen_and_old_pages_go()
    {
        await _tool.Run("leaderboard", "merbench-results", "-o", "one");
        BufferedCommandResult again = await _tool.Run("leaderboard", "merbench-results", "-o", "one", "--threat-model", "corruptions");
        Assert.That(again.ExitCode, Is.Zero, again.StandardError);
        Assert.That(Directory.GetFiles(_tool.PathOf("one/models")), Has.Length.EqualTo(1));
    }

    [TestCase("there is no 'tent' in these runs; did you mean 'tenth'?", "leaderboard", "--threat-model", "tent")]
    [TestCase("is not empty and holds no leaderboard", "leaderboard", "-o", "merbench-results")]
    [TestCase("holds no results of a run", "leaderboard", "nowhere")]
    public async Task Mistakes_end_with_3_and_say_why(string message, params string[] arguments)
    {
        BufferedCommandResult result = await _tool.Run(arguments);
        Assert.That(result.StandardError, Does.Contain(message).And.Not.Contain("   at "));
        Assert.That(result.ExitCode, Is.EqualTo(3));
    }

    private JsonNode Declared() => _leaderboard["groups"]!.AsArray().OfType<JsonNode>().Single(g => Entries(g).Length > 1);

    private async Task<JsonArray> Predictions() =>
        JsonNode
            .Parse(
                (
                    await _tool.Run(
                        "query",
                        "SELECT run, model, seed, clip, strength, perturbation, rating, clean, perturbed FROM predictions WHERE run IN "
                            + "('first', 'second') AND perturbation <> 'noise'",
                        "merbench-results",
                        "--json"
                    )
                ).StandardOutput
            )!
            .AsArray();

    private static (double Worst, double Clean, double Clipped) Independent(JsonArray predictions, string run, string model)
    {
        var rows = predictions
            .OfType<JsonNode>()
            .Where(r => Text(r, "run") == run && Text(r, "model") == model)
            .Select(r =>
                (
                    Clip: $"{r["seed"]} {r["clip"]}",
                    Cell: $"{r["perturbation"]} {r["strength"]}",
                    Rating: Number(r, "rating"),
                    Clean: Number(r, "clean"),
                    Perturbed: Number(r, "perturbed")
                )
            )
            .ToList();
        double Mean(Func<(double Rating, double Clean, double Perturbed), (double A, double B)> sides, Func<double, double> prediction) =>
            rows.GroupBy(r => r.Clip)
                .Average(clip =>
                    clip.GroupBy(r => r.Cell)
                        .Max(cell =>
                            Math.Max(
                                cell.Average(r => Math.Abs(prediction(sides((r.Rating, r.Clean, r.Perturbed)).A) - r.Rating)),
                                cell.Average(r => Math.Abs(prediction(sides((r.Rating, r.Clean, r.Perturbed)).B) - r.Rating))
                            )
                        )
                );
        Assert.That(rows.Select(r => r.Cell).Distinct().Count(), Is.EqualTo(3));
        return (
            Mean(r => (r.Clean, r.Perturbed), p => p),
            Mean(r => (r.Clean, r.Clean), p => p),
            Mean(r => (r.Clean, r.Perturbed), p => Math.Clamp(p, 0, 1))
        );
    }

    private static JsonNode[] Entries(JsonNode group) => [.. group["entries"]!.AsArray().OfType<JsonNode>()];

    private static string Text(JsonNode node, string key) => node[key]!.GetValue<string>();

    private static double Number(JsonNode node, string key) => node[key]!.GetValue<double>();
}
