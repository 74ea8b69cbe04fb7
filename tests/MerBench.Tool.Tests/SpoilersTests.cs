using System.Text.Json.Nodes;
using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>Plugins that write into what is not their own, or change what belongs to the whole process.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class SpoilersTests
{
    private static string Plugin => Path.Combine(AppContext.BaseDirectory, "fixtures", "Fixture.Misbehaving", "Fixture.Misbehaving.dll");

    private const string Honest = """
        dataset: { use: cues, with: { clips: 24, seconds: 1 } }
        models: { ridge: ridge MORE-MODELS }
        perturbations:
          MORE-PERTURBATIONS
          pgd: { use: pgd, with: { steps: 3 }, budgets: { linf: [0.1] } }
          noise: { use: noise, severities: [3], domain: waveform }
        """;

    private static readonly (string Name, string Use, string Reason)[] Attacks =
    [
        ("input", "fixture-spoils", "fixture-spoils wrote into the clean inputs"),
        ("targets", "fixture-spoils", "fixture-spoils wrote into the ratings"),
        ("clean", "fixture-spoils", "fixture-spoils wrote into the clean predictions"),
        ("tolerance", "fixture-spoils", "fixture-spoils wrote into the tolerances"),
        ("disposed", "fixture-spoils", "fixture-spoils disposed the clean inputs"),
        ("resized", "fixture-spoils", "fixture-spoils wrote into the clean inputs"),
        ("model", "fixture-spoils", "fixture-spoils wrote into 'scale' of fixture-spoiling"),
        ("type", "fixture-changes", "torch's default type to Float64"),
        ("gradients", "fixture-changes", "torch's gradient mode to off"),
        ("threads", "fixture-changes", "torch's threads to 2"),
        ("generator", "fixture-changes", "torch's random generator"),
        ("scope", "fixture-changes", "the thread's dispose scopes"),
        ("folder", "fixture-changes", "the current directory to /"),
        ("culture", "fixture-changes", "the culture"),
        ("environment", "fixture-changes", "the environment (FIXTURE_WAS_HERE, HOME)"),
        ("console", "fixture-changes", "the console's streams"),
        ("input-of-console", "fixture-changes", "the console's streams"),
        ("language", "fixture-changes", "the culture"),
        ("culture-of-threads", "fixture-changes", "the culture of new threads"),
        ("pool", "fixture-changes", "how many threads the pool has"),
        ("device", "fixture-changes", "torch's default device to meta"),
        ("inference", "fixture-changes", "torch's inference mode"),
    ];

    [Test]
    public async Task Who_writes_into_what_is_not_its_own_fails_by_name_and_no_other_cell_changes_by_a_bit()
    {
        using var tool = new MerBenchTool(isolated: true);
        BufferedCommandResult alone = await tool.Run("run", tool.Write("alone.yaml", $"name: alone\n{With("", "")}"), "-q");
        Assert.That(alone.ExitCode, Is.Zero, alone.StandardError);

        string models = string.Concat(
            new[] { "input", "buffer", "view", "throws", "hangs" }.Select(what =>
                $", {what}-model: {{ use: fixture-spoiling, with: {{ what: {what} }} }}"
            )
        );
        IEnumerable<string> perturbations = Attacks
            .Select(a => $"{a.Name}: {{ use: {a.Use}, with: {{ what: {a.Name} }}, budgets: {{ linf: [0.1] }} }}")
            .Append("later: { use: fixture-spoils, with: { what: later }, budgets: { linf: [0.1] } }")
            .Append("sound: { use: fixture-spoils-sound, severities: [1] }");
        string file = $"name: guests\n{With(models, string.Join("\n  ", perturbations))}\nevaluation: {{ model-timeout: 3s }}\n";
        BufferedCommandResult result = await tool.Run("run", tool.Write("guests.yaml", file), "--plugin", Plugin, "--cache", "fresh");
        Assert.That(result.ExitCode, Is.EqualTo(1), result.StandardError);
        Dictionary<(string, string), JsonNode> cells = tool.Results("guests")["cells"]!
            .AsArray()
            .ToDictionary(c => (c!["model"]!.GetValue<string>(), c["perturbation"]!.GetValue<string>()), c => c!);
        string? Failure(string model, string perturbation) => cells[(model, perturbation)]["failure"]?.GetValue<string>();
        Assert.Multiple(() =>
        {
            foreach ((string name, _, string reason) in Attacks)
                Assert.That(Failure("view-model", name), Does.Contain(reason), name);
            Assert.That(Failure("ridge", "sound"), Does.Contain("fixture-spoils-sound wrote into the clean inputs"));
            Assert.That(Failure("ridge", "later"), Is.Null, "what it writes into is its own copy");
            Assert.That(Failure("input-model", "noise"), Does.Contain("fixture-spoiling wrote into the input"));
            Assert.That(Failure("buffer-model", "noise"), Does.Contain("predicting changes 'seen' of fixture-spoiling"));
            Assert.That(Failure("throws-model", "pgd"), Does.Contain("fixture-spoiling threw InvalidOperationException"));
            Assert.That(Failure("hangs-model", "pgd"), Does.Contain("gave no sign of life for 3 s; raise evaluation: model-timeout"));
        });

        foreach (JsonNode? cell in tool.Results("alone")["cells"]!.AsArray())
        {
            JsonNode beside = cells[(cell!["model"]!.GetValue<string>(), cell["perturbation"]!.GetValue<string>())];
            foreach (string part in new[] { "metrics", "clippedMetrics", "size", "emotionShift", "successRate" })
                Assert.That(
                    beside["result"]![part]!.ToJsonString(),
                    Is.EqualTo(cell["result"]![part]!.ToJsonString()),
                    $"{part} of {cell["name"]}"
                );
        }

        Assert.That(result.StandardOutput, Is.Not.Empty, "the console was put back");
        Assert.That(Directory.Exists(tool.PathOf("merbench-results/guests")), "and so was the current directory");
    }

    private static string With(string models, string perturbations) =>
        Honest
            .Replace(" MORE-MODELS", models, StringComparison.Ordinal)
            .Replace("MORE-PERTURBATIONS", perturbations, StringComparison.Ordinal);
}
