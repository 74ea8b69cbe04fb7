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
