using System.Text.RegularExpressions;
using CliWrap;
using CliWrap.Buffered;
using YamlDotNet.RepresentationModel;

namespace MerBench.Tests;

/// <summary>The action of GitHub and the component of GitLab: their commands are run here as the servers run them, whole and in two
/// shards, with the artifacts that travel between jobs.</summary>
[Platform("Linux")]
[Parallelizable(ParallelScope.All)]
public sealed class BuildServerTests
{
    private const string Benchmark = """
        dataset: { use: cues, with: { clips: 10, seconds: 1 } }
        models: { a: ridge, b: { use: ridge, with: { penalty: 10 } } }
        perturbations: { noise: { use: noise, severities: [3] } }
        metrics: [mae]
        """;

    [Test]
    public async Task The_action_verifies_annotates_and_summarises()
    {
        using MerBenchTool tool = await Accepted();
        Dictionary<string, string> summary = new(StringComparer.Ordinal)
        {
            ["GITHUB_STEP_SUMMARY"] = tool.PathOf("summary.md"),
            ["GITHUB_ACTIONS"] = "true",
        };
        Assert.That((await Step(tool, tool.Folder, "Verify", summary)).ExitCode, Is.Zero);
        Assert.That(File.ReadAllText(tool.PathOf("summary.md")), Does.Contain("one"));
        Assert.That(tool.PathOf("artifacts/robustness.xml"), Does.Exist);
        Assert.That(tool.PathOf("artifacts/robustness.md"), Does.Exist);
        string accepted = tool.PathOf("benchmarks/one.verified.json");
        File.WriteAllText(accepted, File.ReadAllText(accepted).Replace("noise", "nois", StringComparison.Ordinal));
        BufferedCommandResult moved = await Step(tool, tool.Folder, "Verify", summary);
        Assert.That(moved.ExitCode, Is.EqualTo(2));
        Assert.That(moved.StandardOutput + moved.StandardError, Does.Contain("::error file="));
    }

    [Test]
    [Category("Slow")]
    [Explicit("Shards are merged beside; run it with: dotnet test tests/MerBench.Tool.Tests --filter TestCategory=Slow")]
    public async Task The_action_computes_shards_and_verifies_what_they_stored()
    {
        using MerBenchTool tool = await Accepted();
        foreach (string k in new[] { "1", "2" })
        {
            string runner = Runner(tool, $"runner-{k}");
            BufferedCommandResult shard = await Step(
                tool,
                runner,
                "Compute",
                new() { ["GITHUB_ENV"] = Path.Combine(runner, "env") },
                ("shard", $"{k}/2")
            );
            Assert.That(shard.ExitCode, Is.Zero, shard.StandardError);
            // As its artifact travels, under the name that the step gives it.
            string name = File.ReadAllText(Path.Combine(runner, "env")).Trim().Split('=')[1];
            Assert.That(name, Is.EqualTo($"merbench-store-{k}"));
            Directory.CreateDirectory(tool.PathOf("last/.merbench-stores"));
            Directory.Move(Path.Combine(runner, ".merbench"), tool.PathOf($"last/.merbench-stores/{name}"));
        }

        string last = Runner(tool, "last");
        BufferedCommandResult merge = await Step(tool, last, "Merge", []);
        Assert.That(merge.ExitCode, Is.Zero, merge.StandardError);
        BufferedCommandResult verify = await Step(tool, last, "Verify", []);
        Assert.That(verify.ExitCode, Is.Zero, verify.StandardOutput + verify.StandardError);
        Assert.That(verify.StandardError, Does.Contain("2 cells finished before, 0 to run"));
    }

    [Test]
    [Category("Slow")]
    [Explicit("As the action does beside; run it with: dotnet test tests/MerBench.Tool.Tests --filter TestCategory=Slow")]
    public async Task The_component_verifies_alone_and_behind_shards()
    {
        using MerBenchTool tool = await Accepted();
        BufferedCommandResult alone = await Job(tool, Runner(tool, "alone"), "merbench-verify");
        Assert.That(alone.ExitCode, Is.Zero, alone.StandardOutput + alone.StandardError);
        Assert.That(tool.PathOf("alone/robustness.xml"), Does.Exist);
        foreach (string k in new[] { "1", "2" })
        {
            string runner = Runner(tool, $"runner-{k}");
            BufferedCommandResult shard = await Job(tool, runner, "merbench-shard", ("CI_NODE_INDEX", k), ("CI_NODE_TOTAL", "2"));
            Assert.That(shard.ExitCode, Is.Zero, shard.StandardError);
            MerBenchTool.Copy(Path.Combine(runner, "merbench-stores"), tool.PathOf("last/merbench-stores"));
        }

        BufferedCommandResult verify = await Job(tool, Runner(tool, "last"), "merbench-verify");
        Assert.That(verify.ExitCode, Is.Zero, verify.StandardOutput + verify.StandardError);
    }

    [Test]
    public void The_action_is_made_as_GitHub_wants_it()
    {
        YamlNode action = Read("action.yml")[0];
        Assert.That((string?)action["runs"]["using"], Is.EqualTo("composite"));
        Assert.That((string?)action["description"], Has.Length.LessThanOrEqualTo(125));
        string[] inputs = [.. ((YamlMappingNode)action["inputs"]).Children.Keys.Select(k => (string)k!)];
        foreach (YamlMappingNode step in Steps())
        {
            Assert.That(step.Children.ContainsKey("run"), Is.EqualTo(step.Children.ContainsKey("shell")), "what runs says by what");
            if (step.Children.TryGetValue("run", out YamlNode? run))
                Assert.That((string?)run, Does.Not.Contain("${{"), "what others wrote comes by variables alone");
        }

        string text = File.ReadAllText(Path.Combine(MerBenchTool.Repository, "action.yml"));
        IEnumerable<string> used = Regex
            .Matches(text, @"inputs\.(?<name>[a-z-]+)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))
            .Select(m => m.Groups["name"].Value)
            .Distinct(StringComparer.Ordinal);
        Assert.That(used, Is.EquivalentTo(inputs), "each input is used, and no other");
        foreach (YamlNode job in ((YamlMappingNode)Read("docs/ci/github-action.yml")[0]["jobs"]).Children.Values)
            Assert.That(
                ((YamlMappingNode)((YamlSequenceNode)job["steps"])[1]["with"]).Children.Keys.Select(k => (string)k!),
                Is.SubsetOf(inputs)
            );
    }

    private static async Task<MerBenchTool> Accepted()
    {
        var tool = new MerBenchTool();
        tool.Write("benchmarks/one.yaml", $"name: one\n{Benchmark}");
        Assert.That((await tool.Run("verify", "benchmarks/one.yaml", "--accept", "-q")).ExitCode, Is.Zero);
        Directory.Delete(tool.PathOf("benchmarks/.merbench"), recursive: true);
        return tool;
    }

    // A machine that has checked the repository out.
    private static string Runner(MerBenchTool tool, string name)
    {
        string folder = tool.PathOf(name);
        MerBenchTool.Copy(tool.PathOf("benchmarks"), Path.Combine(folder, "benchmarks"));
        return folder;
    }

    private static async Task<BufferedCommandResult> Step(
        MerBenchTool tool,
        string folder,
        string name,
        Dictionary<string, string> server,
        params (string Input, string Value)[] inputs
    )
    {
        YamlMappingNode step = Steps().Single(s => s.Children.TryGetValue("name", out YamlNode? n) && (string?)n == name);
        YamlNode declared = Read("action.yml")[0]["inputs"];
        var variables = new Dictionary<string, string>(server, StringComparer.Ordinal);
        foreach ((YamlNode key, YamlNode value) in ((YamlMappingNode)step["env"]).Children)
        {
            string text = (string)value!;
            string? input = text.StartsWith("${{ inputs.", StringComparison.Ordinal) ? text["${{ inputs.".Length..^" }}".Length] : null;
            variables[(string)key!] =
                input is null ? text
                : inputs.FirstOrDefault(i => i.Input == input).Value is { } given ? given
                : (string)declared[input]["default"]!;
        }

        return await Shell(tool, folder, (string)step["run"]!, variables);
    }

    private static Task<BufferedCommandResult> Job(
        MerBenchTool tool,
        string folder,
        string name,
        params (string Name, string Value)[] server
    )
    {
        YamlMappingNode[] documents = Read("templates/verify.yml");
        YamlNode inputs = documents[0]["spec"]["inputs"];
        var variables = server.ToDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal);
        foreach ((YamlNode key, YamlNode value) in ((YamlMappingNode)documents[1][".merbench"]["variables"]).Children)
            variables[(string)key!] = (string)inputs[((string)value!)["$[[ inputs.".Length..^" ]]".Length]]["default"]!;
        string script = string.Join('\n', ((YamlSequenceNode)documents[1][name]["script"]).Select(line => (string)line!));
        return Shell(tool, folder, script, variables);
    }

    // As both servers call bash: it ends at the first command that fails.
    private static async Task<BufferedCommandResult> Shell(
        MerBenchTool tool,
        string folder,
        string script,
        Dictionary<string, string> variables
    )
    {
        var all = new Dictionary<string, string?>(InstalledProgram.Variables(tool), StringComparer.Ordinal);
        foreach ((string name, string value) in variables)
            all[name] = value;
        return await Cli.Wrap("bash")
            .WithArguments(["--noprofile", "--norc", "-eo", "pipefail", "-c", script])
            .WithWorkingDirectory(folder)
            .WithEnvironmentVariables(all)
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
    }

    private static IEnumerable<YamlMappingNode> Steps() =>
        ((YamlSequenceNode)Read("action.yml")[0]["runs"]["steps"]).Cast<YamlMappingNode>();

    private static YamlMappingNode[] Read(string file)
    {
        var yaml = new YamlStream();
        using var reader = new StringReader(Quoted(File.ReadAllText(Path.Combine(MerBenchTool.Repository, file))));
        yaml.Load(reader);
        return [.. yaml.Documents.Select(d => (YamlMappingNode)d.RootNode)];
    }

    // GitLab fills inputs in before it reads YAML, where they would open lists.
    private static string Quoted(string text) =>
        Regex.Replace(
            text,
            @"(?<=: |\[)(?<input>\$\[\[ inputs\.[a-z]+ \]\])",
            "'${input}'",
            RegexOptions.ExplicitCapture,
            TimeSpan.FromSeconds(1)
        );
}
