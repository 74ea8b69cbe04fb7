using System.Globalization;
using System.Text.Json.Nodes;
using CliWrap.Buffered;
using YamlDotNet.Serialization;

namespace MerBench.Tests;

/// <summary>A run in MLflow: in its folder, read by its rules and by itself where it is installed, and on a server.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class MlflowTests
{
    private const string Benchmark = """
        name: bench (one)
        dataset: { use: cues, with: { clips: 20, seconds: 1 } }
        models: { ridge: ridge }
        perturbations:
          noise: { use: noise, severities: [3] }
          pgd: { use: pgd, with: { steps: 2 }, budgets: { linf: [0.01] } }
        seeds: [1, 2]
        """;

    // Reads what mlruns holds by MLflow's own client.
    private const string Client = """
        import json, mlflow
        client = mlflow.MlflowClient("file:mlruns")
        experiment = client.get_experiment_by_name("bench (one)")
        runs = client.search_runs([experiment.experiment_id], max_results=100)
        print(json.dumps([[r.info.run_name, r.info.status, r.data.metrics.get("mae.harm"), r.data.tags.get("mlflow.parentRunId")] for r in runs]))
        """;

    private readonly MerBenchTool _tool = new();
    private string _run = "";
    private JsonNode _results = new JsonObject();
    private string _whole = "";

    private JsonObject[] Cells => [.. _results["cells"]!.AsArray().Select(c => c!.AsObject())];

    [OneTimeSetUp]
    public async Task Export()
    {
        _tool.Write("bench.yaml", Benchmark);
        await Do("run", "bench.yaml", "-q", "-o", "run");
        _run = _tool.PathOf("run");
        _results = JsonNode.Parse(File.ReadAllText(_tool.PathOf("run/results.json")))!;
        _whole = (string)JsonNode.Parse(await Do("export-mlflow", _run, "--json"))!["run"]!;
    }

    [OneTimeTearDown]
    public void Delete() => _tool.Dispose();

    [Test]
    public void A_folder_holds_an_experiment_with_a_run_and_one_a_cell_below()
    {
        string experiment = Directory.GetDirectories(_tool.PathOf("mlruns")).Single();
        Dictionary<string, object?> meta = Yaml(Path.Combine(experiment, "meta.yaml"));
        Assert.That(
            meta.Keys,
            Is.EquivalentTo(new[] { "artifact_location", "creation_time", "experiment_id", "last_update_time", "lifecycle_stage", "name" })
        );
        Assert.That(meta["experiment_id"], Is.EqualTo(Path.GetFileName(experiment)));
        Assert.That(meta["name"], Is.EqualTo("bench (one)"));
        string[] runs = Directory.GetDirectories(experiment);
        Assert.That(runs, Has.Length.EqualTo(1 + Cells.Length));
        foreach (string run in runs)
        {
            Dictionary<string, object?> facts = Yaml(Path.Combine(run, "meta.yaml"));
            Assert.That(facts["run_id"], Is.EqualTo(Path.GetFileName(run)).And.EqualTo(facts["run_uuid"]));
            Assert.That(facts["experiment_id"], Is.EqualTo(Path.GetFileName(experiment)));
            Assert.That(facts["lifecycle_stage"], Is.EqualTo("active"));
            Assert.That(facts["status"], Is.EqualTo("3"), "finished");
            Assert.That(Path.GetFileName(run), Does.Match("^[0-9a-f]{32}$"));
            Assert.That(new Uri((string)facts["artifact_uri"]!).LocalPath, Is.EqualTo(Path.Combine(run, "artifacts")));
            bool isWhole = Path.GetFileName(run) == _whole;
            Assert.That(File.Exists(Path.Combine(run, "tags", "mlflow.parentRunId")), Is.Not.EqualTo(isWhole));
            if (!isWhole)
                Assert.That(Tag(run, "mlflow.parentRunId"), Is.EqualTo(_whole));
            Assert.That(Tag(run, "mlflow.runName"), Is.EqualTo(facts["run_name"]));
        }

        string whole = Path.Combine(experiment, _whole);
        Assert.That(
            File.ReadAllBytes(Path.Combine(whole, "artifacts", "results.json")),
            Is.EqualTo(File.ReadAllBytes(Path.Combine(_run, "results.json")))
        );
        Assert.That(Path.Combine(whole, "artifacts", "benchmark.yaml"), Does.Exist);
    }

    [Test]
    public void A_cell_has_its_options_and_its_numbers()
    {
        string experiment = Directory.GetDirectories(_tool.PathOf("mlruns")).Single();
        foreach (JsonObject cell in Cells)
        {
            string run = Directory.GetDirectories(experiment).Single(r => Tag(r, "mlflow.runName") == (string)cell["name"]!);
            Assert.That(Read(run, "params", "perturbation"), Is.EqualTo((string)cell["perturbation"]!));
            Assert.That(Read(run, "params", "seed"), Is.EqualTo(cell["seed"]!.ToString()));
            if ((string)cell["use"]! == "pgd")
                Assert.That(Read(run, "params", "with.steps"), Is.EqualTo("2"));
            Assert.That(Metric(run, "mae.harm"), Is.EqualTo((double)cell["result"]!["metrics"]!["mae"]!["mean"]!["harm"]!));
            Assert.That(
                Metric(run, "emotions/valence/mae.clean"),
                Is.EqualTo((double)cell["result"]!["metrics"]!["mae"]!["perLabel"]!["valence"]!["clean"]!)
            );
            Assert.That(Tag(run, "merbench.cell-key"), Is.EqualTo((string)cell["result"]!["key"]!));
        }
    }

    [Test]
    public void The_run_has_means_over_seeds_with_their_intervals()
    {
        string whole = Path.Combine(Directory.GetDirectories(_tool.PathOf("mlruns")).Single(), _whole);
        JsonNode row = _results["summary"]!.AsArray().Single(r => (string)r!["perturbation"]! == "noise")!;
        Assert.That(Metric(whole, "conditions/ridge/noise/severity 3/mae.harm"), Is.EqualTo((double)row["metrics"]!["mae"]!["harm"]!));
        JsonNode harm = _results["statistics"]!.AsArray().Single(s => (string)s!["perturbation"]! == "noise")!["means"]!
            .AsArray()
            .Single(m => (string)m!["measure"]! == "harm")!;
        Assert.That(Metric(whole, "conditions/ridge/noise/severity 3/interval95/harm.low"), Is.EqualTo((double)harm["bootstrap"]!["low"]!));
        Assert.That(
            Metric(whole, "conditions/ridge/noise/severity 3/interval95/harm.high"),
            Is.EqualTo((double)harm["bootstrap"]!["high"]!)
        );
        Assert.That(Metric(whole, "cells"), Is.EqualTo(Cells.Length));
    }

    [Test]
    [Category("Slow")]
    [Explicit("Writing once is tested beside; run it with: dotnet test tests/MerBench.Tool.Tests --filter TestCategory=Slow")]
    public async Task Written_twice_it_is_there_once_and_others_stay()
    {
        await Do("export-mlflow", _run, "--to", "shared", "--experiment", "study");
        await Do("export-mlflow", _run, "--to", "shared", "--experiment", "study");
        await Do("export-mlflow", _run, "--to", "shared");
        Assert.That(Directory.GetDirectories(_tool.PathOf("shared")), Has.Length.EqualTo(2));
        Assert.That(
            Directory.GetDirectories(_tool.PathOf("shared")).Select(e => Directory.GetDirectories(e).Length),
            Is.All.EqualTo(1 + Cells.Length)
        );
        // One that MLflow has made has another number.
        string folder = Directory
            .GetDirectories(_tool.PathOf("shared"))
            .Single(e => (string)Yaml(Path.Combine(e, "meta.yaml"))["name"]! == "study");
        Directory.Move(folder, _tool.PathOf("shared/7"));
        await Do("export-mlflow", _run, "--to", "shared", "--experiment", "study");
        Assert.That(Directory.GetDirectories(_tool.PathOf("shared")), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task MLflow_itself_reads_the_folder()
    {
        BufferedCommandResult there = await InstalledProgram.Run(_tool, "python3", "-c", "import mlflow");
        if (there.ExitCode != 0)
            Assert.Ignore("There is no MLflow on this machine: its folder is held to its documented layout alone.");
        BufferedCommandResult read = await InstalledProgram.Run(_tool, "python3", "-c", Client);
        Assert.That(read.ExitCode, Is.Zero, read.StandardError);
        JsonArray runs = JsonNode.Parse(read.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1])!.AsArray();
        Assert.That(runs, Has.Count.EqualTo(1 + Cells.Length));
        Assert.That(runs.Select(r => (string)r![1]!), Is.All.EqualTo("FINISHED"));
        Assert.That(runs.Count(r => (string?)r![3] == _whole), Is.EqualTo(Cells.Length));
    }

    [Test]
    public async Task A_server_is_asked_as_its_documentation_says()
    {
        using var server = new MlflowServerStub();
        _tool.Variables["MLFLOW_TRACKING_TOKEN"] = "secret";
        JsonNode export = JsonNode.Parse(await Do("export-mlflow", _run, "--to", server.Address, "--json"))!;
        Assert.That(server.Problems, Is.Empty);
        Assert.That(server.Experiments, Is.EqualTo(new[] { "bench (one)" }));
        Assert.That(server.Authorizations, Is.All.EqualTo("Bearer secret"));
        Assert.That((string)export["run"]!, Is.EqualTo("run0"));
        Assert.That(server.Created, Has.Count.EqualTo(1 + Cells.Length));
        Assert.That(server.Created.Select(c => Tag(c, "mlflow.parentRunId")), Is.EqualTo(Cells.Select(_ => "run0").Prepend(null)));
        Assert.That(server.Created.Skip(1).Select(c => (string)c["run_name"]!), Is.EqualTo(Cells.Select(c => (string)c["name"]!)));
        double[] harms =
        [
            .. server
                .Batches.Where(b => (string)b["run_id"]! != "run0")
                .SelectMany(b => b["metrics"]?.AsArray() ?? [])
                .Where(m => (string)m!["key"]! == "mae.harm")
                .Select(m => (double)m!["value"]!),
        ];
        Assert.That(harms, Is.EqualTo(Cells.Select(c => (double)c["result"]!["metrics"]!["mae"]!["mean"]!["harm"]!)));
        Assert.That(server.Updates.Select(u => (string)u["status"]!), Is.All.EqualTo("FINISHED"));
        Assert.That(server.Updates, Has.Count.EqualTo(1 + Cells.Length));
        Assert.That(server.Artifacts["0/run0/artifacts/results.json"], Is.EqualTo(File.ReadAllBytes(Path.Combine(_run, "results.json"))));
    }

    [Test]
    public async Task Where_a_server_hands_no_artifacts_on_it_is_said()
    {
        using var server = new MlflowServerStub("s3://bucket/");
        BufferedCommandResult result = await _tool.Run("export-mlflow", _run, "--to", server.Address);
        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.StandardError, Does.Contain("warning: artifacts are left out: the server keeps artifacts in s3://bucket/"));
        Assert.That(server.Artifacts, Is.Empty);
    }

    [Test]
    public async Task A_server_that_refuses_or_is_not_there_is_named()
    {
        using var server = new MlflowServerStub { Refusal = ("runs/create", 403, "not for you") };
        BufferedCommandResult refused = await _tool.Run("export-mlflow", _run, "--to", server.Address);
        Assert.That((refused.ExitCode, refused.StandardOutput), Is.EqualTo((4, "")));
        Assert.That(refused.StandardError, Does.Contain("did not take the run: 403 not for you."));
        BufferedCommandResult absent = await _tool.Run("export-mlflow", _run, "--to", "http://localhost:9");
        Assert.That(absent.ExitCode, Is.EqualTo(4));
        Assert.That(absent.StandardError, Does.StartWith("error: The MLflow server http://localhost:9/ did not take the run: "));
    }

    private static string Read(string run, string part, string name) => File.ReadAllText(Path.Combine(run, part, name));

    private static string Tag(string run, string name) => Read(run, "tags", name);

    private static string? Tag(JsonNode created, string name) =>
        (string?)created["tags"]!.AsArray().FirstOrDefault(t => (string)t!["key"]! == name)?["value"];

    // A line is time, value and step.
    private static double Metric(string run, string name)
    {
        string[] fields = Read(run, "metrics", name).TrimEnd('\n').Split(' ');
        Assert.That(fields, Has.Length.EqualTo(3));
        Assert.That(long.Parse(fields[0], CultureInfo.InvariantCulture), Is.GreaterThan(1_600_000_000_000));
        return double.Parse(fields[1], CultureInfo.InvariantCulture);
    }

    private static Dictionary<string, object?> Yaml(string path) =>
        new DeserializerBuilder().Build().Deserialize<Dictionary<string, object?>>(File.ReadAllText(path));

    private async Task<string> Do(params string[] arguments)
    {
        BufferedCommandResult result = await _tool.Run(arguments);
        Assert.That(result.ExitCode, Is.Zero, result.StandardError);
        return result.StandardOutput;
    }
}
