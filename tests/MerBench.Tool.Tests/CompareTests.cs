using System.Globalization;
using System.Text.Json.Nodes;
using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>Runs compared with themselves, with the same on other threads, and with a changed attack and model.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class CompareTests
{
    private const string Benchmark = """
        name: NAME
        dataset: { use: cues, with: { clips: 60, seconds: 1 } }
        models:
          tiny: { use: vgg, with: { width: 0.05 }, train: { epochs: EPOCHS, learning-rate: 2e-3 } }
          ridge: { use: ridge, with: { penalty: 100 } }
        perturbations:
          pgd: { use: pgd, with: { steps: STEPS }, budgets: { linf: [0.01, 0.1] } }
          noise: { use: noise, severities: [1] }
        seeds: [1, 2]
        metrics: [mae, pearson]
        evaluation: { batch: BATCH }
        """;

    private readonly MerBenchTool _tool = new();
    private JsonNode _changed = new JsonObject();

    private string Before => _tool.PathOf("merbench-results/before");

    [OneTimeSetUp]
    public async Task Run()
    {
        await Run("before", epochs: 1, steps: 1, batch: 16);
        await Run("again", epochs: 1, steps: 1, batch: 5, "--threads", "2", "--cache", "elsewhere");
        await Run("after", epochs: 12, steps: 20, batch: 16);
        _changed = await Compare("before", "after");
    }

    [OneTimeTearDown]
    public void Delete() => _tool.Dispose();

    [Test]
    public async Task A_run_is_the_same_as_itself()
    {
        JsonNode same = await Compare("before", "before");
        Assert.That(Conditions(same), Has.Length.EqualTo(6));
        Assert.That(
            Conditions(same)
                .SelectMany(c => new[] { c["clean"]!, c["perturbed"]!, c["harm"]! })
                .Select(m => (Text(m, "verdict"), Number(m, "largest"))),
            Is.All.EqualTo(("same", 0.0))
        );
        Assert.That(same["inputs"]!.AsArray(), Is.Empty);
        Assert.That(same["remarks"]!.AsArray(), Is.Empty);
        BufferedCommandResult console = await _tool.Run("compare", Before, Before);
        Assert.That(console.StandardOutput, Does.Contain("perturbed error: 6 same").And.Contain("Nothing: code, options"));
        Assert.That(console.ExitCode, Is.Zero);
    }

    [Test]
    public async Task Other_threads_and_batches_bring_noise_alone_and_are_named()
    {
        JsonNode again = await Compare("before", "again");
        Assert.That(
            Conditions(again).SelectMany(c => new[] { c["clean"]!, c["perturbed"]!, c["harm"]! }).Select(m => Text(m, "verdict")),
            Is.All.AnyOf("same", "negligible", "slightly-higher", "slightly-lower")
        );
        Assert.That(Conditions(again).Select(c => Number(c["perturbed"]!, "largest")), Is.All.LessThan(0.01));
        Assert.That(Causes(again), Is.EqualTo(new[] { "threads 1 2", "batch 16 5" }));
    }

    [Test]
    public async Task A_stronger_attack_does_more_harm_and_is_named_as_the_cause()
    {
        JsonNode comparison = _changed,
            condition = Condition(comparison, "ridge", "pgd", "linf 0.1");
        Assert.That(Text(condition["perturbed"]!, "verdict"), Is.EqualTo("higher"));
        Assert.That(Text(condition["clean"]!, "verdict"), Is.EqualTo("same"));
        Assert.That(Text(Condition(comparison, "ridge", "noise", "severity 1")["perturbed"]!, "verdict"), Is.EqualTo("same"));
        Assert.That(condition["causes"]!.AsArray().Select(Words), Is.EqualTo(new[] { "pgd: steps 1 20" }));
        Assert.That(condition["clips"]!.AsArray(), Has.Count.EqualTo(3));
        BufferedCommandResult console = await _tool.Run("compare", Before, _tool.PathOf("merbench-results/after"));
        Assert.That(
            console.StandardOutput,
            Does.Contain("pgd: steps: 1 -> 20 (4 conditions)")
                .And.Contain("the perturbation itself differs, so this is no difference of models")
        );
        Assert.That(console.ExitCode, Is.Zero, "it informs; verify gates");
    }

    [Test]
    public void A_longer_training_lowers_the_clean_error_and_is_named_as_the_cause()
    {
        JsonNode condition = Condition(_changed, "tiny", "noise", "severity 1");
        Assert.That(Text(condition["clean"]!, "verdict"), Is.EqualTo("lower"), condition["clean"]!.ToJsonString());
        Assert.That(condition["causes"]!.AsArray().Select(Words), Is.EqualTo(new[] { "tiny, training: epochs 1 12" }));
    }

    // Means from the clips through SQL; the interval as a t-interval over clips, which the crossed test is where seeds bring nothing of
    // their own.
    [Test]
    public async Task The_numbers_are_those_of_the_clips()
    {
        JsonNode comparison = _changed;
        BufferedCommandResult query = await _tool.Run(
            "query",
            """
            SELECT a.model, a.perturbation, a.strength, avg(abs(b.clean - b.rating)) AS clean_before,
                avg(abs(a.clean - a.rating)) AS clean_after, avg(abs(b.perturbed - b.rating)) AS "before",
                avg(abs(a.perturbed - a.rating)) AS "after"
            FROM predictions a JOIN predictions b ON a.run = 'after' AND b.run = 'before' 
                AND (a.cell, a.clip, a.emotion) = (b.cell, b.clip, b.emotion) GROUP BY ALL
            """,
            "merbench-results",
            "--json"
        );
        Assert.That(query.ExitCode, Is.Zero, query.StandardError);
        JsonArray rows = JsonNode.Parse(query.StandardOutput)!.AsArray();
        Assert.That(rows, Has.Count.EqualTo(6));
        foreach (JsonNode row in rows.OfType<JsonNode>())
        {
            JsonNode condition = Condition(comparison, Text(row, "model"), Text(row, "perturbation"), Text(row, "strength"));
            Assert.Multiple(() =>
            {
                Assert.That(Number(condition["clean"]!, "before"), Is.EqualTo(Number(row, "clean_before")).Within(1e-6));
                Assert.That(Number(condition["clean"]!, "after"), Is.EqualTo(Number(row, "clean_after")).Within(1e-6));
                Assert.That(Number(condition["perturbed"]!, "before"), Is.EqualTo(Number(row, "before")).Within(1e-6));
                Assert.That(Number(condition["perturbed"]!, "after"), Is.EqualTo(Number(row, "after")).Within(1e-6));
                Assert.That(
                    Number(condition["harm"]!, "difference"),
                    Is.EqualTo(Number(row, "after") - Number(row, "clean_after") - Number(row, "before") + Number(row, "clean_before"))
                        .Within(1e-6)
                );
            });
        }

        JsonNode tested = Condition(comparison, "ridge", "pgd", "linf 0.1")["perturbed"]!;
        Assert.That(
            (Number(tested["paired"]!["interval"]!, "low"), Number(tested["paired"]!["interval"]!, "high")),
            Is.EqualTo(await TInterval("ridge", "pgd", "linf 0.1"))
                .Using<(double Low, double High)>((a, b) => Math.Abs(a.Low - b.Low) + Math.Abs(a.High - b.High) < 2e-3)
        );
    }

    [Test]
    public async Task Two_models_are_compared_within_a_run()
    {
        BufferedCommandResult result = await _tool.Run("compare", Before, "--models", "tiny=ridge", "--json");
        Assert.That(result.ExitCode, Is.Zero, result.StandardError);
        JsonNode comparison = JsonNode.Parse(result.StandardOutput)!,
            condition = Conditions(comparison)[0];
        Assert.That(Conditions(comparison), Has.Length.EqualTo(3));
        Assert.That(
            (Text(condition, "modelBefore"), Text(condition, "model"), Text(condition["clean"]!, "verdict")),
            Is.EqualTo(("tiny", "ridge", "lower"))
        );
        Assert.That(Causes(comparison).First(), Does.Contain("ridge: id vgg ridge"), "and nothing of options that only one of them has");
    }

    [Test]
    public async Task Names_that_changed_are_told_and_what_only_one_run_has_is_listed()
    {
        _tool.Write(
            "renamed.yaml",
            Text("renamed", 1, 1, 16)
                .Replace("ridge: {", "linear: {", StringComparison.Ordinal)
                .Replace("[0.01, 0.1]", "[0.1, 0.2]", StringComparison.Ordinal)
        );
        await _tool.Run("run", _tool.PathOf("renamed.yaml"), "-q");
        JsonNode comparison = await Compare("before", "renamed", "--rename", "ridge=linear");
        JsonNode condition = Condition(comparison, "linear", "pgd", "linf 0.1");
        Assert.That((Text(condition, "modelBefore"), Text(condition["perturbed"]!, "verdict")), Is.EqualTo(("ridge", "same")));
        Assert.That(
            comparison["remarks"]!.AsArray().Select(r => $"{Text(r!, "kind")} {Text(r!, "condition")}"),
            Is.EqualTo(
                new[]
                {
                    "only-before tiny / pgd / linf 0.01",
                    "only-before ridge / pgd / linf 0.01",
                    "only-after tiny / pgd / linf 0.2",
                    "only-after linear / pgd / linf 0.2",
                }
            )
        );
    }

    [Test]
    public async Task Markdown_and_html_say_the_same()
    {
        string after = _tool.PathOf("merbench-results/after");
        BufferedCommandResult markdown = await _tool.Run("compare", Before, after, "--format", "markdown");
        Assert.That(
            markdown.StandardOutput,
            Does.StartWith("## before -> after\n")
                .And.Contain("### What moved")
                .And.Contain("| higher | ridge | pgd linf 0.1 |")
                .And.Contain("* pgd: steps: 1 -> 20")
                .And.Contain("<details><summary>All metrics</summary>")
        );
        Assert.That((await _tool.Run("compare", Before, after, "-o", "comparison.html")).ExitCode, Is.Zero);
        string html = File.ReadAllText(_tool.PathOf("comparison.html"));
        Assert.That(
            Pages.Visible(html),
            Does.Contain("before → after").And.Contain("pgd: steps: 1 -> 20").And.Contain("tiny, training: epochs: 1 -> 12")
        );
        Pages.AssertSelfContained(html);
        await _tool.Run("compare", Before, after, "--format", "console", "-o", "comparison.txt");
        Assert.That(File.ReadAllText(_tool.PathOf("comparison.txt")), Does.Contain("What changed in the inputs"));
    }

    [TestCase("nothing to compare: no cell of the first run", "merbench-results/before", "other/other")]
    [TestCase("did you mean 'ridge'", "merbench-results/before", "merbench-results/after", "--rename", "rigde=ridge")]
    [TestCase(
        "--models: there is no 'nobody' in the second run",
        "merbench-results/before",
        "merbench-results/after",
        "--models",
        "tiny=nobody"
    )]
    [TestCase("expected two names as BEFORE=AFTER", "merbench-results/before", "merbench-results/after", "--rename", "ridge")]
    [TestCase("name a second run", "merbench-results/before")]
    [TestCase("holds several runs", "merbench-results", "merbench-results/after")]
    [TestCase("holds no results", "nowhere", "merbench-results/after")]
    [TestCase("--margin must be above 0", "merbench-results/before", "merbench-results/after", "--margin", "0")]
    public async Task Mistakes_end_with_3_and_say_why(string message, params string[] arguments)
    {
        if (arguments.Contains("other/other"))
        {
            _tool.Write(
                "other.yaml",
                "name: other\ndataset: { use: cues, with: { clips: 20, seconds: 1 } }\nmodels: { r: ridge }\nperturbations: { n: { use: "
                    + "noise, severities: [1] } }\n"
            );
            await _tool.Run("run", "other.yaml", "-q", "-o", "other/other");
        }

        BufferedCommandResult result = await _tool.Run(["compare", .. arguments]);
        Assert.That(result.StandardError, Does.Contain(message).And.Not.Contain("   at "));
        Assert.That(result.ExitCode, Is.EqualTo(3), result.StandardError);
    }

    private static string Text(string name, int epochs, int steps, int batch) =>
        Benchmark
            .Replace("NAME", name, StringComparison.Ordinal)
            .Replace("EPOCHS", epochs.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("STEPS", steps.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("BATCH", batch.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private async Task Run(string name, int epochs, int steps, int batch, params string[] arguments)
    {
        BufferedCommandResult result = await _tool.Run([
            "run",
            _tool.Write($"{name}.yaml", Text(name, epochs, steps, batch)),
            "-q",
            .. arguments,
        ]);
        Assert.That(result.ExitCode, Is.Zero, result.StandardError);
    }

    private async Task<JsonNode> Compare(string before, string after, params string[] arguments)
    {
        BufferedCommandResult result = await _tool.Run([
            "compare",
            _tool.PathOf($"merbench-results/{before}"),
            _tool.PathOf($"merbench-results/{after}"),
            "--json",
            .. arguments,
        ]);
        Assert.That(result.ExitCode, Is.Zero, result.StandardError);
        return JsonNode.Parse(result.StandardOutput)!;
    }

    // Of clips averaged over seeds; t at 97.5 % by hand for eleven degrees of freedom.
    private async Task<(double Low, double High)> TInterval(string model, string perturbation, string strength)
    {
        BufferedCommandResult query = await _tool.Run(
            "query",
            $"""
            SELECT avg(d) mean, stddev_samp(d) / sqrt(count(*)) se, count(*) n FROM (
                SELECT a.clip, avg(abs(a.perturbed - a.rating) - abs(b.perturbed - b.rating)) d
                FROM predictions a JOIN predictions b ON a.run = 'after' AND b.run = 'before' AND (a.cell, a.clip, a.emotion) = (b.cell, b.clip, b.emotion)
                WHERE a.model = '{model}' AND a.perturbation = '{perturbation}' AND a.strength = '{strength}' GROUP BY a.clip)
            """,
            "merbench-results",
            "--json"
        );
        JsonNode row = JsonNode.Parse(query.StandardOutput)!.AsArray().Single()!;
        Assert.That(Number(row, "n"), Is.EqualTo(12));
        double half = 2.20098516 * Number(row, "se");
        return (Number(row, "mean") - half, Number(row, "mean") + half);
    }

    private static JsonNode[] Conditions(JsonNode comparison) => [.. comparison["conditions"]!.AsArray().OfType<JsonNode>()];

    private static JsonNode Condition(JsonNode comparison, string model, string perturbation, string strength) =>
        Conditions(comparison)
            .Single(c => Text(c, "model") == model && Text(c, "perturbation") == perturbation && Text(c, "strength") == strength);

    private static string[] Causes(JsonNode comparison) => [.. comparison["inputs"]!.AsArray().Select(i => Words(i!["cause"]))];

    private static string Words(JsonNode? cause) => $"{cause!["what"]} {cause["accepted"]} {cause["received"]}";

    private static string Text(JsonNode node, string key) => node[key]!.GetValue<string>();

    private static double Number(JsonNode node, string key) => node[key]!.GetValue<double>();
}
