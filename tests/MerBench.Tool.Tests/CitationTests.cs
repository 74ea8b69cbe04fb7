using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MerBench.Tests;

/// <summary>What bundled plugins say of the publications behind them.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed partial class CitationTests
{
    // Those without a publication are named here, so that none is forgotten.
    [Test]
    public async Task Bundled_plugins_say_what_to_cite()
    {
        using var tool = new MerBenchTool();
        JsonArray plugins = JsonNode.Parse((await tool.Run("list", "--json")).StandardOutput)!.AsArray();
        string[] without =
        [
            .. plugins.Where(p => p!["references"]!.AsArray().Count == 0).Select(p => (string)p!["id"]!).Order(StringComparer.Ordinal),
        ];
        Assert.That(
            without,
            Is.EqualTo(
                new[]
                {
                    "audio-csv",
                    "clipping",
                    "codec",
                    "dropout",
                    "gain",
                    "hum",
                    "leading-silence",
                    "mae",
                    "model-ensemble",
                    "onnx",
                    "pearson",
                    "pr-auc",
                    "r2",
                    "random",
                    "rmse",
                    "roc-auc",
                    "torchscript",
                }
            )
        );
        JsonNode[] references = [.. plugins.SelectMany(p => p!["references"]!.AsArray()).OfType<JsonNode>()];
        Assert.That(references.Select(r => (string?)r["problem"]), Is.All.Null);
        Assert.That(
            references
                .Select(r => (string)r["bibTex"]!)
                .Distinct()
                .GroupBy(b => Entry().Match(b).Groups["key"].Value)
                .Where(g => g.Count() > 1)
                .Select(g => g.Key),
            Is.Empty,
            "one work, one entry"
        );
    }

    [GeneratedRegex(@"^@[a-z]+\{(?<key>[^,]+),", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    internal static partial Regex Entry();
}
