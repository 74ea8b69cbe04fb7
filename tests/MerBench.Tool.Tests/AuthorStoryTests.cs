using System.Diagnostics;
using System.Xml.Linq;
using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>What an author and their CI live through, from packages in a folder: a new plugin, a snapshot, a change for the worse, a change
/// that is none.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class AuthorStoryTests
{
    private static readonly TimeSpan ThreeMinutes = TimeSpan.FromMinutes(3);

    [Test]
    [Category("Slow")]
    [Explicit("Takes three minutes; run it with: dotnet test tests/MerBench.Tool.Tests --filter TestCategory=Slow")]
    public async Task A_plugin_is_made_accepted_made_worse_and_caught_by_every_route()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("The package of this platform is tested on Linux.");
        string packages = await PackedTool.AllPackages();
        using var tool = new MerBenchTool();
        tool.Variables["DOTNET_CLI_HOME"] = tool.PathOf("home");
        tool.Variables["NUGET_PACKAGES"] = tool.PathOf("nuget");
        tool.Write(
            "nuget.config",
            $"""
            <configuration>
              <packageSources><add key="packed" value="{packages}" /></packageSources>
              <fallbackPackageFolders><add key="machine" value="{MachinePackages}" /></fallbackPackageFolders>
            </configuration>
            """
        );
        Task<string> DotNet(params string[] arguments) => PackedTool.DotNet(Folder(), tool.Variables, arguments);
        Task<BufferedCommandResult> Try(params string[] arguments) => PackedTool.Try(Folder(), tool.Variables, arguments);
        string Folder() => Directory.Exists(tool.PathOf("NightModel")) ? tool.PathOf("NightModel") : tool.Folder;

        // From nothing to a plugin that keeps its promises and stands in the list.
        long start = Stopwatch.GetTimestamp();
        await DotNet("new", "install", Directory.GetFiles(packages, "MerBench.Templates.*.nupkg").Single());
        await DotNet("new", "merbench-model", "-n", "NightModel", "--merbenchVersion", PackedTool.Version(packages));
        await DotNet("tool", "restore");
        Assert.That(await DotNet("build", "-t:MerBenchTryPlugin", "src/NightModel", "-nodeReuse:false"), Does.Contain("night-model"));
        Assert.That(await DotNet("test", "--filter", "Promises", "-nodeReuse:false"), Does.Contain("Passed:     1"));
        Assert.That(Stopwatch.GetElapsedTime(start), Is.LessThan(ThreeMinutes));

        // Its first snapshot; every route agrees that it holds.
        const string benchmark = "benchmarks/night-model.yaml";
        await DotNet("merbench", "verify", benchmark, "--accept", "-q");
        byte[] accepted = File.ReadAllBytes(tool.PathOf("NightModel/benchmarks/night-model.verified.json"));
        Assert.That(await DotNet("test", "--no-build"), Does.Contain("Failed:     0").And.Contain("Passed:     8"));
        Assert.That(
            await DotNet("build", "-t:MerBenchVerify", "tests/NightModel.Tests", "-nodeReuse:false"),
            Does.Contain("night-model: 6 same")
        );
        Assert.That(
            await DotNet("build", "-t:MerBenchVerify", "tests/NightModel.Tests", "-nodeReuse:false"),
            Does.Not.Contain("6 same"),
            "nothing changed, so nothing is run"
        );

        // Noise alone: other batches, other order, other threads.
        string yaml = File.ReadAllText(tool.PathOf("NightModel/" + benchmark));
        string shuffled =
            yaml.Replace("  ridge:     { use: ridge }\n", "", StringComparison.Ordinal)
                .Replace("models:\n", "models:\n  ridge:     { use: ridge }\n", StringComparison.Ordinal) + "evaluation: { batch: 5 }\n";
        Assert.That(shuffled, Is.Not.EqualTo(yaml + "evaluation: { batch: 5 }\n"));
        tool.Write("NightModel/" + benchmark, shuffled);
        Assert.That(
            await DotNet("merbench", "verify", benchmark, "-q", "--cache", tool.PathOf("fresh"), "--threads", "2"),
            Does.Contain("6 same")
        );
        Assert.That(
            File.ReadAllBytes(tool.PathOf("NightModel/benchmarks/night-model.verified.json")),
            Is.EqualTo(accepted),
            "a comparison within tolerances never rewrites the snapshot"
        );

        // Worse: verify says which model, attack, budget and clips, and why.
        string source = tool.PathOf("NightModel/src/NightModel/NightModel.cs"),
            code = File.ReadAllText(source);
        File.WriteAllText(
            source,
            code.Replace("Network.call(input.transpose(1, 2))", "Network.call(input.transpose(1, 2) * 3)", StringComparison.Ordinal)
        );
        Assert.That(File.ReadAllText(source), Is.Not.EqualTo(code));
        await DotNet("build", "-nodeReuse:false");
        BufferedCommandResult regressed = await Try(
            "merbench",
            "verify",
            benchmark,
            "-q",
            "--junit",
            "junit.xml",
            "--annotations",
            "github"
        );
        Assert.That(regressed.ExitCode, Is.EqualTo(2), regressed.StandardOutput + regressed.StandardError);
        Assert.That(
            regressed.StandardOutput,
            Does.Contain("regressed night-model / apgd / linf 0.03")
                .And.Contain("clips that moved most: cues-")
                .And.Contain("why it can have moved: code of night-model (another build of its plugin) changed")
                .And.Contain("::error file=benchmarks/night-model.yaml,line=6")
        );
        XElement[] cases = [.. XDocument.Load(tool.PathOf("NightModel/junit.xml")).Descendants("testcase")];
        Assert.That(cases, Has.Length.EqualTo(6));
        Assert.That(
            cases.Where(c => c.Element("failure") is not null).Select(c => (string)c.Attribute("classname")!),
            Is.All.EqualTo("night-model.night-model").And.Not.Empty
        );

        BufferedCommandResult tests = await Try("test", "--no-build");
        Assert.That(tests.ExitCode, Is.Not.Zero);
        Assert.That(
            tests.StandardOutput,
            Does.Contain("Directory: ")
                .And.Contain("  - Received: night-model.received.json")
                .And.Contain("night-model / apgd / linf 0.03 / seed 1: regressed")
        );
        BufferedCommandResult build = await Try("build", "-t:MerBenchVerify", "tests/NightModel.Tests", "-nodeReuse:false");
        Assert.That(build.ExitCode, Is.Not.Zero);
        Assert.That(build.StandardOutput, Does.Match(@"night-model\.yaml\(6,[0-9]+\): error MERBENCH002: night-model / apgd"));

        // What was received can be accepted by the build.
        await DotNet("build", "-t:MerBenchAccept", "tests/NightModel.Tests", "-nodeReuse:false");
        Assert.That(File.ReadAllBytes(tool.PathOf("NightModel/benchmarks/night-model.verified.json")), Is.Not.EqualTo(accepted));
        Assert.That(await DotNet("merbench", "verify", benchmark, "-q"), Does.Contain("6 same"));
    }

    [TestCase("merbench-attack", "DayAttack", "day-attack", Category = "Slow", Explicit = true, Reason = "Half a minute.")]
    [TestCase("merbench-dataset", "ToneSet", "tone-set", Category = "Slow", Explicit = true, Reason = "Half a minute.")]
    public async Task The_other_templates_make_plugins_that_keep_their_promises(string template, string name, string id)
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("The package of this platform is tested on Linux.");
        string packages = await PackedTool.AllPackages();
        using var tool = new MerBenchTool();
        tool.Variables["DOTNET_CLI_HOME"] = tool.PathOf("home");
        tool.Variables["NUGET_PACKAGES"] = tool.PathOf("nuget");
        tool.Variables["MERBENCH_TOOL"] = $"dotnet {MerBenchTool.Assembly}";
        tool.Write(
            "nuget.config",
            $"""
            <configuration>
              <packageSources><add key="packed" value="{packages}" /></packageSources>
              <fallbackPackageFolders><add key="machine" value="{MachinePackages}" /></fallbackPackageFolders>
            </configuration>
            """
        );
        await PackedTool.DotNet(
            tool.Folder,
            tool.Variables,
            "new",
            "install",
            Directory.GetFiles(packages, "MerBench.Templates.*.nupkg").Single()
        );
        await PackedTool.DotNet(
            tool.Folder,
            tool.Variables,
            "new",
            template,
            "-n",
            name,
            "--merbenchVersion",
            PackedTool.Version(packages)
        );
        await PackedTool.DotNet(tool.Folder, tool.Variables, "new", "merbench-benchmark", "-n", "MyFirst", "-o", "benchmarks");
        Assert.That(
            await PackedTool.DotNet(tool.PathOf(name), tool.Variables, "test", "--filter", "Promises", "-nodeReuse:false"),
            Does.Contain("Passed:     1")
        );
        BufferedCommandResult run = await tool.Run("run", tool.PathOf($"{name}/benchmarks/{id}.yaml"), "-q");
        Assert.That(run.ExitCode, Is.Zero, run.StandardError);
        BufferedCommandResult valid = await tool.Run("validate", tool.PathOf("benchmarks/my-first.yaml"));
        Assert.That(valid.StandardOutput, Does.Contain("is valid: 2 models"), valid.StandardError);
    }

    private static string MachinePackages =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
