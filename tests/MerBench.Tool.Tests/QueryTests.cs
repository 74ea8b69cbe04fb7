using System.Text.Json.Nodes;
using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>A run's tables, asked with SQL through the tool.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class QueryTests
{
    private readonly MerBenchTool _tool = new();

    [OneTimeSetUp]
    public async Task Run()
    {
        string file = _tool.Write(
            "small.yaml",
            """
            name: small
            dataset: { use: cues, with: { clips: 40, seconds: 2 } }
            models:
              tiny: { use: vgg, with: { head: bottleneck, width: 0.05 }, train: { epochs: 2, learning-rate: 1e-3, concept-weight: 0.5 } }
              ridge: ridge
            perturbations:
              fgsm: { use: fgsm, budgets: { linf: [0.01, 0.05] } }
              noise: { use: noise, severities: [3] }
            seeds: [1, 2]
            metrics: [mae, pearson]
            """
        );
        BufferedCommandResult result = await _tool.Run("run", file, "-q");
        Assert.That(result.ExitCode, Is.Zero, result.StandardError);
    }

    [OneTimeTearDown]
    public void Delete() => _tool.Dispose();

    [Test]
    public async Task Metrics_can_be_computed_again_from_clips()
    {
        JsonArray rows = await Ask(
            """
            SELECT m.cell, any_value(m."mae.perturbed") AS said, avg(abs(p.perturbed - p.rating)) AS computed,
                any_value(e.error) AS error, any_value(m."mae_clipped.clean") AS said_clipped, any_value(e.clipped) AS clipped
            FROM cells m JOIN predictions p USING (run, cell)
            JOIN (SELECT run, cell, avg(perturbed) AS error, avg(clean_clipped) AS clipped FROM errors GROUP BY ALL) e USING (run, cell)
            GROUP BY m.cell
            """
        );
        Assert.That(rows, Has.Count.EqualTo(12));
        foreach (JsonNode? row in rows)
        {
            Assert.That(Number(row!, "computed"), Is.EqualTo(Number(row!, "said")).Within(1e-6), row!.ToJsonString());
            Assert.That(Number(row!, "error"), Is.EqualTo(Number(row!, "said")).Within(1e-6), row!.ToJsonString());
            Assert.That(Number(row!, "clipped"), Is.EqualTo(Number(row!, "said_clipped")).Within(1e-6), row!.ToJsonString());
        }
    }

    [Test]
    public async Task Clips_stand_in_the_order_of_cells_and_dataset_with_their_names()
    {
        JsonArray cells = _tool.Results("small")["cells"]!.AsArray(),
            rows = await Ask("SELECT cell, model, strength, seed FROM clips");
        Assert.That(
            rows.Select(r => r!["cell"]!.GetValue<string>()),
            Is.EqualTo(cells.SelectMany(c => Enumerable.Repeat(c!["name"]!.GetValue<string>(), 8)))
        );
        Assert.That(
            rows[^1]!.ToJsonString(),
            Is.EqualTo("""{"cell":"ridge / noise / severity 3 / seed 2","model":"ridge","strength":"severity 3","seed":2}""")
        );
        JsonArray clips = await Ask("SELECT list(clip) AS clips FROM clips GROUP BY cell");
        Assert.That(clips.Select(c => c!["clips"]!.ToJsonString()).Distinct().ToList(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Cells_of_models_with_and_without_concepts_share_a_table()
    {
        JsonArray rows = await Ask(
            "SELECT model, count(\"clean_concept.minorness\") AS known, count(*) AS clips FROM clips GROUP BY model ORDER BY model"
        );
        Assert.That(rows.ToJsonString(), Is.EqualTo("""[{"model":"ridge","known":0,"clips":48},{"model":"tiny","known":48,"clips":48}]"""));
    }

    [Test]
    public async Task Learning_curves_and_emotions_have_tables()
    {
        Assert.That(
            (
                await Ask("SELECT seed, count(*) AS epochs, sum(is_best::INT) AS best FROM training GROUP BY seed ORDER BY seed")
            ).ToJsonString(),
            Is.EqualTo("""[{"seed":1,"epochs":2,"best":1},{"seed":2,"epochs":2,"best":1}]""")
        );
        JsonArray rows = await Ask(
            """
            SELECT m.cell, avg(m.harm) AS computed, any_value(c."pearson.harm") AS said
            FROM metrics m JOIN cells c USING (cell)
            WHERE metric = 'pearson' AND NOT clipped AND NOT isnan(m.harm) GROUP BY m.cell
            """
        );
        foreach (JsonNode? row in rows)
            Assert.That(Number(row!, "computed"), Is.EqualTo(Number(row!, "said")).Within(1e-6));
    }

    [Test]
    public async Task A_run_tells_where_it_comes_from()
    {
        JsonNode run = (await Ask("SELECT * FROM runs"))[0]!;
        Assert.That(run["file"]!.GetValue<string>(), Is.EqualTo("small.yaml"));
        Assert.That(run["command"]!.GetValue<string>(), Does.StartWith("merbench run ").And.EndWith("-q"));
        Assert.That(run["seeds"]!.GetValue<string>(), Is.EqualTo("1,2"));
        Assert.That(run["plugins"]!.GetValue<string>(), Does.Match("model/ridge=[0-9a-f]{64}"));
        Assert.That(run["processor"]!.GetValue<string>(), Is.Not.Empty);
        Assert.That(
            DateTime.Parse(run["started"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture),
            Is.EqualTo(DateTime.UtcNow).Within(TimeSpan.FromHours(1))
        );
    }

    [Test]
    public async Task Every_column_says_what_it_means()
    {
        BufferedCommandResult result = await _tool.Run("query", "--tables", "--json", _tool.PathOf("merbench-results/small"));
        JsonArray columns = JsonNode.Parse(result.StandardOutput)!.AsArray();
        Assert.That(
            columns.Select(c => c!["table"]!.GetValue<string>()).Distinct(),
            Is.EqualTo(new[] { "runs", "cells", "metrics", "clips", "predictions", "errors", "training" })
        );
        Assert.That(columns.Where(c => c!["meaning"]!.GetValue<string>().Length == 0).Select(c => $"{c!["table"]}.{c["name"]}"), Is.Empty);
    }

    [Test]
    public async Task Two_runs_are_asked_together_and_told_apart()
    {
        await _tool.Run("run", _tool.PathOf("small.yaml"), "-q", "-o", _tool.PathOf("others/again"));
        JsonArray rows = await Ask(
            "SELECT run, count(*) AS cells FROM cells GROUP BY run ORDER BY run",
            _tool.PathOf("others"),
            _tool.PathOf("merbench-results/small")
        );
        Assert.That(rows.ToJsonString(), Is.EqualTo("""[{"run":"again","cells":12},{"run":"small","cells":12}]"""));
    }

    [Test]
    public async Task Answers_come_as_table_csv_and_markdown()
    {
        const string Sql = "SELECT 'a,b' AS text, 0.1 + 0.2 AS number, NULL AS nothing";
        Assert.That((await _tool.Run("query", Sql, "--format", "csv")).StandardOutput, Is.EqualTo("text,number,nothing\n\"a,b\",0.3,\n"));
        Assert.That((await _tool.Run("query", Sql, "--format", "markdown")).StandardOutput, Does.Contain("| a,b | 0.3 |"));
        Assert.That((await _tool.Run("query", Sql)).StandardOutput, Does.Contain("text").And.Contain("a,b").And.Contain("0.3"));
    }

    [TestCase("SELECT nonsense FROM cells", "nonsense")]
    [TestCase("SELEC 1", "LINE 1: SELEC 1")]
    public async Task Wrong_sql_is_the_users_error(string sql, string said)
    {
        BufferedCommandResult result = await _tool.Run("query", sql);
        Assert.That(result.ExitCode, Is.EqualTo(3));
        Assert.That(result.StandardError, Does.Contain(said).And.Contain("query --tables").And.Not.Contain("   at "));
        Assert.That(result.StandardOutput, Is.Empty);
    }

    [Test]
    public async Task A_folder_without_results_is_named()
    {
        BufferedCommandResult result = await _tool.Run("query", "SELECT 1", _tool.PathOf("user-plugins"));
        Assert.That(result.ExitCode, Is.EqualTo(3));
        Assert.That(result.StandardError, Does.Contain("user-plugins holds no results of a run"));
    }

    private async Task<JsonArray> Ask(string sql, params string[] runs)
    {
        BufferedCommandResult result = await _tool.Run([
            "query",
            sql,
            .. runs.Length > 0 ? runs : [_tool.PathOf("merbench-results/small")],
            "--json",
        ]);
        Assert.That(result.ExitCode, Is.Zero, result.StandardError);
        return JsonNode.Parse(result.StandardOutput)!.AsArray();
    }

    private static double Number(JsonNode row, string column) => row[column]!.GetValue<double>();
}
