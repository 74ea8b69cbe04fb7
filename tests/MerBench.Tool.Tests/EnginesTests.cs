using System.Text.RegularExpressions;
using CliWrap;
using CliWrap.Buffered;
using YamlDotNet.RepresentationModel;

namespace MerBench.Tests;

/// <summary>The files for other engines in eng/engines: their commands are run here as the engines run them, on a study of two
/// shards.</summary>
[Platform("Linux")]
[Parallelizable(ParallelScope.All)]
public sealed partial class EnginesTests
{
    private const string Benchmark = """
        name: study
        dataset: { use: cues, with: { clips: 10, seconds: 1 } }
        models: { a: ridge, b: { use: ridge, with: { penalty: 10 } } }
        perturbations: { noise: { use: noise, severities: [3] } }
        metrics: [mae]
        """;

    private static string Engines => Path.Combine(MerBenchTool.Repository, "eng", "engines");

    [Test]
    [Category("Slow")]
    [Explicit("Shards run in other tests; run it with: dotnet test tests/MerBench.Tool.Tests --filter TestCategory=Slow")]
    public async Task GitHub_runs_a_matrix_of_shards_and_merges_what_they_stored()
    {
        using MerBenchTool tool = Study();
        var jobs = (YamlMappingNode)Read("github.yml").Single()["jobs"];
        string compute = Step(jobs["shard"], "Compute"),
            merge = Step(jobs["merge"], "Merge");
        Assert.That(Numbers(jobs["shard"]["strategy"]["matrix"]["k"]), Is.EqualTo(new[] { "1", "2", "3", "4" }));
        Assert.That(compute, Does.Contain("${{ matrix.k }}/4"));
        foreach (string k in new[] { "1", "2" })
        {
            string folder = Directory.CreateDirectory(tool.PathOf($"runner-{k}")).FullName;
            File.Copy(tool.PathOf("study.yaml"), Path.Combine(folder, "study.yaml"));
            await Shell(tool, compute.Replace("${{ matrix.k }}/4", $"{k}/2", StringComparison.Ordinal), folder, ("FILE", "study.yaml"));
            // As its artifact travels.
            Directory.CreateDirectory(tool.PathOf("stores"));
            Directory.Move(Path.Combine(folder, "store"), tool.PathOf($"stores/store-{k}"));
        }

        string merged = await Shell(tool, merge, tool.Folder, ("FILE", "study.yaml"));
        Assert.That(merged, Does.Contain("noise"));
        Assert.That(tool.PathOf("results/results.json"), Does.Exist);
    }

    [Test]
    [Category("Slow")]
    [Explicit("Another engine runs beside; run it with: dotnet test tests/MerBench.Tool.Tests --filter TestCategory=Slow")]
    public async Task Kubernetes_plans_runs_an_index_for_each_shard_and_merges()
    {
        using MerBenchTool tool = Study();
        var jobs = Read("kubernetes.yaml");
        Assert.That(jobs.Select(j => (string?)j["kind"]), Is.All.EqualTo("Job"));
        YamlNode shards = jobs.Single(j => (string?)j["metadata"]["name"] == "merbench-shards")["spec"];
        Assert.That(((string?)shards["completionMode"], (string?)shards["completions"]), Is.EqualTo(("Indexed", "8")));
        await Container("merbench-plan");
        await Container("merbench-shards", ("JOB_COMPLETION_INDEX", "0"));
        await Container("merbench-shards", ("JOB_COMPLETION_INDEX", "1"));
        Assert.That(await Container("merbench-merge"), Does.Contain("noise"));
        Assert.That(tool.PathOf("results/results.json"), Does.Exist);
        Assert.That((await tool.Run("verify", "study.yaml", "--cache", "undivided", "--accept", "-q")).ExitCode, Is.Zero);
        BufferedCommandResult verdict = await tool.Run("verify", "study.yaml", "--cache", "store");
        Assert.That(verdict.ExitCode, Is.Zero, verdict.StandardOutput + verdict.StandardError);
        Assert.That(verdict.StandardOutput, Does.Contain("2 the same").Or.Contain("2 same"), "and nothing is computed");

        Task<string> Container(string job, params (string, string)[] environment)
        {
            YamlNode container = jobs.Single(j => (string?)j["metadata"]["name"] == job)["spec"]["template"]["spec"]["containers"][0];
            string[] command = [.. ((YamlSequenceNode)container["command"]).Select(part => (string)part!)];
            Assert.That(command[..2], Is.EqualTo(new[] { "sh", "-c" }));
            return Shell(
                tool,
                command[2]
                    .Replace("--shards 8", "--shards 2", StringComparison.Ordinal)
                    .Replace("--shard-count 8", "--shard-count 2", StringComparison.Ordinal),
                tool.Folder,
                environment
            );
        }
    }

    [Test]
    [Category("Slow")]
    [Explicit("Another engine runs beside; run it with: dotnet test tests/MerBench.Tool.Tests --filter TestCategory=Slow")]
    public async Task GNU_parallel_runs_shards_side_by_side()
    {
        using MerBenchTool tool = Study();
        if ((await Try(tool, "parallel --version", tool.Folder)).ExitCode != 0)
            Assert.Ignore("GNU parallel is not on this machine.");
        string output = await Shell(tool, $"'{Path.Combine(Engines, "parallel.sh")}' study.yaml 2 -j 2", tool.Folder);
        Assert.That(output, Does.Contain("noise"));
    }

    [Test]
    [Category("Slow")]
    [Explicit("Another engine runs beside; run it with: dotnet test tests/MerBench.Tool.Tests --filter TestCategory=Slow")]
    public async Task Nextflow_plans_scatters_and_merges()
    {
        using MerBenchTool tool = Study();
        string text = await File.ReadAllTextAsync(Path.Combine(Engines, "main.nf"));
        Dictionary<string, string> scripts = Process()
            .Matches(text)
            .ToDictionary(m => m.Groups["name"].Value, m => m.Groups["script"].Value, StringComparer.Ordinal);
        Assert.That(scripts.Keys, Is.EqualTo(new[] { "plan", "shard", "merge" }));
        await Shell(tool, Fill("plan", 0), tool.Folder);
        await Shell(tool, Fill("shard", 1), tool.Folder);
        await Shell(tool, Fill("shard", 2), tool.Folder);
        Assert.That(await Shell(tool, Fill("merge", 0), tool.Folder), Does.Contain("noise"));

        // Nextflow's own replacements.
        string Fill(string process, int k) =>
            scripts[process]
                .Replace("${study}", tool.PathOf("study.yaml"), StringComparison.Ordinal)
                .Replace("${plan}", "plan", StringComparison.Ordinal)
                .Replace("${k}", $"{k}", StringComparison.Ordinal)
                .Replace("${params.shards}", "2", StringComparison.Ordinal)
                .Replace("${params.store}", tool.PathOf("store"), StringComparison.Ordinal)
                .Replace("${params.results}", tool.PathOf("results"), StringComparison.Ordinal)
                .Replace("\\$", "$", StringComparison.Ordinal);
    }

    [Test]
    public void Containers_are_made_of_what_is_there()
    {
        string image = File.ReadAllText(Path.Combine(Engines, "Containerfile")),
            apptainer = File.ReadAllText(Path.Combine(Engines, "merbench.def")),
            sdk = File.ReadAllText(Path.Combine(MerBenchTool.Repository, "global.json"));
        Assert.That(sdk, Does.Contain("\"10.0."), "the images below are of that version");
        Assert.That(image, Does.Contain("/sdk:10.0 ").And.Contain("/runtime:10.0"));
        Assert.That(image, Does.Contain("ENTRYPOINT [\"dotnet-merbench\"]"));
        Assert.That(apptainer, Does.Contain("exec dotnet-merbench"));
    }

    private static MerBenchTool Study()
    {
        var tool = new MerBenchTool();
        tool.Write("study.yaml", Benchmark);
        // As an installed tool is found by 'dotnet merbench'.
        string command = tool.Write("bin/dotnet-merbench", $"#!/bin/sh\nexec dotnet '{MerBenchTool.Assembly}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(command, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        tool.Variables["PATH"] = $"{tool.PathOf("bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        return tool;
    }

    private static async Task<string> Shell(
        MerBenchTool tool,
        string script,
        string folder,
        params (string Name, string Value)[] environment
    )
    {
        BufferedCommandResult result = await Try(tool, script, folder, environment);
        Assert.That(result.ExitCode, Is.Zero, $"{script}\n{result.StandardOutput}{result.StandardError}");
        return result.StandardOutput;
    }

    private static Task<BufferedCommandResult> Try(
        MerBenchTool tool,
        string script,
        string folder,
        params (string Name, string Value)[] environment
    )
    {
        var variables = new Dictionary<string, string?>(tool.Variables, StringComparer.Ordinal);
        foreach ((string name, string value) in environment)
            variables[name] = value;
        return Cli.Wrap("sh")
            .WithArguments(["-c", script])
            .WithWorkingDirectory(folder)
            .WithEnvironmentVariables(variables)
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
    }

    private static YamlMappingNode[] Read(string file)
    {
        var yaml = new YamlStream();
        using var reader = new StreamReader(Path.Combine(Engines, file));
        yaml.Load(reader);
        return [.. yaml.Documents.Select(d => (YamlMappingNode)d.RootNode)];
    }

    private static string Step(YamlNode job, string name) =>
        (string)
            ((YamlSequenceNode)job["steps"])
                .OfType<YamlMappingNode>()
                .Single(s => s.Children.ContainsKey("name") && (string?)s["name"] == name)["run"]!;

    private static IEnumerable<string?> Numbers(YamlNode list) => ((YamlSequenceNode)list).Select(n => (string?)n);

    [GeneratedRegex(
        "^process (?<name>[a-z]+) \\{.*?script:\\s*\"\"\"(?<script>.*?)\"\"\"",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline | RegexOptions.Multiline,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Process();
}
