using System.Text.RegularExpressions;
using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>Every example in README and docs is real: YAML is valid, commands exist, C# stands in the samples.</summary>
[Parallelizable(ParallelScope.All)]
public sealed partial class DocumentationTests
{
    // Small files of the kinds that the examples name.
    private static readonly (string Name, string Fixture)[] s_models =
    [
        ("tagger.pt", "MerBench.Models.Tests/fixtures/exported_plain.pt"),
        ("graph.onnx", "MerBench.Models.Tests/fixtures/loudness.onnx"),
        ("encoder.pt", "MerBench.Models.Tests/fixtures/exported_frames.pt"),
        ("best_model.pth", "MerBench.Host.Tests/Weights/fixtures/legacy.pt"),
    ];

    public static IEnumerable<TestCaseData> YamlBlocks() =>
        Blocks("yaml")
            .Where(b => b.Text.Contains("models:", StringComparison.Ordinal))
            .Select(b => new TestCaseData(b.Text).SetArgDisplayNames(b.Name));

    public static IEnumerable<TestCaseData> CSharpBlocks() =>
        Blocks("csharp").Select(b => new TestCaseData(b.Text).SetArgDisplayNames(b.Name));

    public static IEnumerable<TestCaseData> Commands() =>
        Blocks("console")
            .SelectMany(b =>
                b.Text.Split('\n')
                    .Select(line => CommandLine().Match(line))
                    .Where(m => m.Success)
                    .Select(m => (b.Name, Verb: m.Groups["verb"].Value, Options: m.Groups["rest"].Value))
            )
            .Select(c => new TestCaseData(c.Verb, c.Options).SetArgDisplayNames($"{c.Name}: {c.Verb}{c.Options}"));

    [TestCaseSource(nameof(YamlBlocks))]
    public async Task A_yaml_example_is_a_valid_benchmark(string yaml)
    {
        using var tool = new MerBenchTool();
        string file = tool.Write("example.yaml", yaml);
        if (yaml.Contains("# example: needs-files", StringComparison.Ordinal))
        {
            tool.Write("music/ratings.csv", "song,valence,arousal\n");
            tool.Variables["MUSIC"] = tool.PathOf("music");
            Directory.CreateDirectory(tool.PathOf("models"));
            foreach ((string name, string fixture) in s_models)
                File.Copy(Path.Combine(MerBenchTool.Repository, "tests", fixture), tool.PathOf($"models/{name}"));
            tool.Variables["MODELS"] = tool.PathOf("models");
        }

        BufferedCommandResult result = await tool.Run("validate", file);
        Assert.That(result.ExitCode, Is.Zero, result.StandardError);
    }

    [TestCaseSource(nameof(CSharpBlocks))]
    public void A_csharp_example_stands_in_the_samples_that_are_built_by_tests(string code)
    {
        IEnumerable<string> samples = Directory
            .EnumerateFiles(Path.Combine(MerBenchTool.Repository, "samples"), "*.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText);
        Assert.That(samples.Any(s => Squeeze(s).Contains(Squeeze(code), StringComparison.Ordinal)), code);
    }

    [TestCaseSource(nameof(Commands))]
    public async Task A_command_exists_with_its_options(string verb, string options)
    {
        using var tool = new MerBenchTool();
        BufferedCommandResult help = await tool.Run(verb, "--help");
        Assert.That(help.ExitCode, Is.Zero, help.StandardError);
        foreach (Match option in Option().Matches(options))
            Assert.That(help.StandardOutput, Does.Contain(option.Value));
    }

    private static IEnumerable<(string Name, string Text)> Blocks(string language)
    {
        string[] pages =
        [
            Path.Combine(MerBenchTool.Repository, "README.md"),
            .. new[] { "docs", "docs/tutorials" }.SelectMany(folder =>
                Directory.GetFiles(Path.Combine(MerBenchTool.Repository, folder), "*.md").Order(StringComparer.Ordinal)
            ),
        ];
        return pages.SelectMany(page =>
            Fence()
                .Matches(File.ReadAllText(page))
                .Where(m => m.Groups["language"].Value == language)
                .Select((m, i) => ($"{Path.GetFileName(page)} {language} {i + 1}", m.Groups["text"].Value))
        );
    }

    private static string Squeeze(string text) => Spaces().Replace(text, " ").Trim();

    [GeneratedRegex(
        "^```(?<language>[a-z]+)\n(?<text>.*?)^```",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Fence();

    [GeneratedRegex(
        @"(merbench|tool --) (?<verb>run|verify|accept|list|describe|validate|schema|doctor|init|audit|query|conform|watch)\b(?<rest>.*)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex CommandLine();

    [GeneratedRegex(@"--[a-z-]+", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Option();

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Spaces();
}
