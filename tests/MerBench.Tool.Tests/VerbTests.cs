using System.Text.Json.Nodes;
using CliWrap.Buffered;

namespace MerBench.Tests;

[Parallelizable(ParallelScope.All)]
public sealed class VerbTests
{
    [Test]
    public async Task List_shows_the_bundled_plugins_of_every_kind()
    {
        using var tool = new MerBenchTool();
        BufferedCommandResult result = await tool.Run("list", "--json");
        JsonArray plugins = JsonNode.Parse(result.StandardOutput)!.AsArray();
        Assert.That(plugins.Select(p => p!["id"]!.GetValue<string>()), Is.SupersetOf(new[]
        {
            "vgg", "ridge", "torchscript", "madmom-log", "fgsm", "pgd", "noise", "cues", "audio-csv", "mae", "rmse", "pearson", "ccc", "r2",
        }));
        Assert.That(plugins.Select(p => p!["state"]!.GetValue<string>()), Is.All.EqualTo("ready"));
    }

    [Test]
    public async Task Describe_shows_options_with_defaults()
    {
        using var tool = new MerBenchTool();
        BufferedCommandResult result = await tool.Run("describe", "pgd");
        Assert.That(result.StandardOutput, Does.Contain("step-size").And.Contain("0.25").And.Contain("restarts"));
    }

    [Test]
    public async Task Schema_is_json_and_knows_plugin_options()
    {
        using var tool = new MerBenchTool();
        BufferedCommandResult result = await tool.Run("schema");
        Assert.That(JsonNode.Parse(result.StandardOutput)!["properties"]!["models"], Is.Not.Null);
        Assert.That(result.StandardOutput, Does.Contain("step-size"));
    }

    /// <summary>Mend it with <c>dotnet merbench schema -o benchmarks/merbench.schema.json</c>.</summary>
    [Test]
    public async Task The_schema_beside_the_benchmarks_is_that_of_the_bundled_plugins()
    {
        using var tool = new MerBenchTool();
        BufferedCommandResult result = await tool.Run("schema");
        Assert.That(File.ReadAllText(Path.Combine(MerBenchTool.Repository, "benchmarks", "merbench.schema.json")), Is.EqualTo(result.StandardOutput));
    }

    [Test]
    public async Task Doctor_finds_libtorch_and_plugins()
    {
        using var tool = new MerBenchTool();
        BufferedCommandResult result = await tool.Run("doctor");
        Assert.That(result.StandardOutput, Does.Contain("libtorch").And.Contain("2.10").And.Contain("plugins"));
        Assert.That(result.ExitCode, Is.Zero.Or.EqualTo(4));
    }

    [Test]
    public async Task Audit_writes_tables_and_findings_of_a_log()
    {
        using var tool = new MerBenchTool();
        const string Row = ",10,30,12.5,False,[[0.1 0.9 0.5]],[[0.2 0.7 0.4]],[[-1.5 2.5 0.5]],0.9";
        tool.Write("logs/A2E/seed1/log.csv", $"file,epoch,db,norm,converged,true-label,orig-pred,new-pred,adv-target\n['a.mp3']{Row}\n['b.mp3']{Row.Replace("0.1", "0.3")}\n");
        tool.Write("logs/A2E/seed1/hparams.yaml", "clip_eps: 0.001\n");
        BufferedCommandResult result = await tool.Run("audit", "logs", "-o", "out");
        Assert.That(result.ExitCode, Is.Zero, result.StandardError);
        Assert.That(result.StandardOutput, Does.Contain("After the attack").And.Contain("2 of 2 rows. The configured budget"));
        Assert.That(JsonNode.Parse(File.ReadAllText(tool.PathOf("out/audit.json")))!["systems"]![0]!["perturbedMae"]!["mean"]!.GetValue<double>(), Is.EqualTo(1.1).Within(1e-9));
        Assert.That(File.ReadAllText(tool.PathOf("out/audit.md")), Does.Contain("### No attack converged").And.Contain("| A2E | "));
        Assert.That((await tool.Run("audit", "logs", "--export", "logs.parquet")).ExitCode, Is.Zero);
        Assert.That(Words((await tool.Run("audit", "logs.parquet")).StandardOutput), Is.EqualTo(Words(result.StandardOutput).Replace("line 2", "row 1", StringComparison.Ordinal).Replace("line 3", "row 2", StringComparison.Ordinal)));
        Assert.That((await tool.Run("audit", "nowhere")).StandardError, Does.Contain("no file or folder nowhere"));

        static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    [Test]
    public async Task Init_writes_a_valid_benchmark_and_does_not_overwrite_one()
    {
        using var tool = new MerBenchTool();
        Assert.That((await tool.Run("init")).ExitCode, Is.Zero);
        Assert.That(File.ReadLines(tool.PathOf("quickstart.yaml")).First(), Does.EndWith("$schema=merbench.schema.json"));
        Assert.That(JsonNode.Parse(File.ReadAllText(tool.PathOf("merbench.schema.json")))!["properties"], Is.Not.Null);
        Assert.That((await tool.Run("validate", "quickstart.yaml")).StandardOutput, Does.Contain("is valid"));
        Assert.That((await tool.Run("init")).ExitCode, Is.EqualTo(3));
    }

    [TestCase("run")]
    [TestCase("validate")]
    [TestCase("list")]
    [TestCase("describe")]
    [TestCase("schema")]
    [TestCase("doctor")]
    [TestCase("init")]
    public async Task Every_verb_explains_itself(string verb)
    {
        using var tool = new MerBenchTool();
        BufferedCommandResult result = await tool.Run(verb, "--help");
        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.StandardOutput, Does.Contain("Description:").And.Contain("Usage:"));
    }
}
