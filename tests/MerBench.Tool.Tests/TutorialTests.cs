using System.Text.RegularExpressions;
using CliWrap;
using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>The commands of a tutorial run as they stand on its page, and print what the page shows, numbers aside.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed partial class TutorialTests
{
    private const string WithoutTorch = "The page needs Python with PyTorch and NumPy.";

    [TestCase("plugin-author", Category = "Slow", Explicit = true, Reason = "Takes three minutes.")]
    [TestCase("researcher", Category = "Slow", Explicit = true, Reason = "Takes three minutes.")]
    [TestCase("ci", Category = "Slow", Explicit = true, Reason = "Takes two minutes.")]
    public async Task A_tutorial_does_what_its_page_shows(string name)
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("The package of this platform is tested on Linux.");
        using var tool = new MerBenchTool(report: true, isolated: true);
        if (name == "researcher" && (await InstalledProgram.Run(tool, "python3", "-c", "import numpy, torch")).ExitCode != 0)
            Assert.Ignore(WithoutTorch);
        string page = Path.Combine(MerBenchTool.Repository, "docs", "tutorials", $"{name}.md");
        Directory.CreateDirectory(tool.PathOf("work"));
        BufferedCommandResult result = await Cli.Wrap("bash")
            .WithArguments([Path.Combine(MerBenchTool.Repository, "eng", "tutorial.sh"), page, tool.PathOf("work")])
            .WithEnvironmentVariables(
                new Dictionary<string, string?>(tool.Variables, StringComparer.Ordinal)
                {
                    ["PACKAGES"] = await PackedTool.AllPackages(),
                    ["DOTNET_CLI_HOME"] = tool.PathOf("home"),
                    ["NUGET_PACKAGES"] = tool.PathOf("nuget"),
                    ["MSBUILDDISABLENODEREUSE"] = "1",
                    ["UseSharedCompilation"] = "false",
                }
            )
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
        Assert.That(result.ExitCode, Is.Zero, result.StandardOutput + result.StandardError);
        TestContext.Out.WriteLine(result.StandardOutput);
        string[] printed = [.. BlockMark().Split(result.StandardOutput).Skip(1)];
        using (Assert.EnterMultipleScope())
            foreach ((int block, string shown) in Shown(File.ReadAllText(page)))
                Assert.That(
                    printed[block - 1].Split('\n').Select(WithoutNumbers),
                    Has.Some.Match(AsPattern(shown)),
                    $"{name}.md, output of console block {block}"
                );
    }

    // Lines of output, with the number of the block of commands before them.
    private static IEnumerable<(int Block, string Line)> Shown(string page)
    {
        int block = 0;
        foreach (Match fence in Fence().Matches(page))
            if (fence.Groups["language"].Value == "console")
                block++;
            else if (fence.Groups["language"].Value == "text")
                foreach (string line in fence.Groups["text"].Value.Split('\n').Where(l => l.Trim() is not ("" or "...")))
                    yield return (block, line);
    }

    private static string AsPattern(string shown) => $"^{string.Join(".*", WithoutNumbers(shown).Split("...").Select(Regex.Escape))}$";

    private static string WithoutNumbers(string line) => Spaces().Replace(Number().Replace(line, "0"), " ").Trim();

    [GeneratedRegex(
        "^```(?<language>[a-z]+)\n(?<text>.*?)^```",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Fence();

    [GeneratedRegex("^== block [0-9]+$", RegexOptions.Multiline, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex BlockMark();

    [GeneratedRegex("[-+]?([0-9]+([.][0-9]+)*|[.][0-9]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Number();

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Spaces();
}
