using System.Text.Json.Nodes;
using CliWrap.Buffered;
using static MerBench.Tests.SoundFiles;

namespace MerBench.Tests;

/// <summary>What <c>export-audio</c> makes of a run's store.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class ExportAudioTests
{
    private MerBenchTool _tool = null!;
    private string _file = "";
    private string _audio = "";

    [OneTimeSetUp]
    public async Task Run() => (_tool, _file, _audio) = await HeardRun.Done();

    [Test]
    public async Task Kept_examples_are_exported_by_filters()
    {
        BufferedCommandResult result = await _tool.Run(
            "export-audio",
            _file,
            "--perturbation",
            "heard",
            "--perturbation",
            "found",
            "--strength",
            "linf 0.1",
            "--strength",
            "linf 0.001",
            "-o",
            _tool.PathOf("out"),
            "-q"
        );
        Assert.That(result.ExitCode, Is.Zero, result.StandardError);
        Assert.That(Examples(Index(_tool.PathOf("out"))).Select(e => Text(e, "perturbation")), Is.EqualTo(new[] { "found", "heard" }));
        Assert.That(
            result.StandardOutput.Trim().Split('\n'),
            Has.Length.EqualTo(2).And.Some.Contains("resynthesis").And.Some.Contains("waveform, SNR")
        );
        foreach ((string file, string content) in Contents(_tool.PathOf("out")).Where(f => f.Key is not ("index.json" or "manifest.json")))
            Assert.That(content, Is.EqualTo(Contents(_audio)[file]), $"{file} is the same in whatever order examples are drawn");
    }

    // Perturbed again, a clip comes out as it was: forget the kept input, and ask for the clip by name.
    [Test]
    [Category("Slow")]
    [Explicit("A run resumes beside; run it with: dotnet test tests/MerBench.Tool.Tests --filter TestCategory=Slow")]
    public async Task A_clip_that_was_not_kept_is_perturbed_again_to_the_same_samples()
    {
        string cache = _tool.PathOf("forgetful");
        MerBenchTool.Copy(_tool.PathOf(".merbench"), cache);
        // As entries are that were written before inputs were kept.
        foreach (string kept in Directory.GetFiles(cache, "examples.safetensors", SearchOption.AllDirectories))
        {
            File.Delete(kept);
            File.Delete(Path.Combine(Path.GetDirectoryName(kept)!, "manifest.json"));
        }

        JsonNode heard = Example(_audio, "heard"),
            hissing = Example(_audio, "hissing");
        BufferedCommandResult nothing = await _tool.Run("export-audio", _file, "--cache", cache, "-q");
        Assert.That((nothing.ExitCode, nothing.StandardError), Is.EqualTo((3, nothing.StandardError)));
        Assert.That(nothing.StandardError, Does.Contain("no kept inputs").And.Contain("--clip"));

        BufferedCommandResult result = await _tool.Run([
            "export-audio",
            _file,
            "--cache",
            cache,
            "--perturbation",
            "heard",
            "--perturbation",
            "hissing",
            .. new[] { heard, hissing }.Select(e => Text(e, "clip")).Distinct().SelectMany(c => new[] { "--clip", c }),
            "-o",
            _tool.PathOf("anew"),
            "-q",
            "--json",
        ]);
        Assert.That(result.ExitCode, Is.Zero, result.StandardError);
        foreach (JsonNode example in new[] { heard, hissing })
        {
            JsonNode anew = Examples(JsonNode.Parse(result.StandardOutput)!).Single(e => Text(e, "name") == Text(example, "name"));
            Assert.That(Number(anew, "harm"), Is.EqualTo(Number(example, "harm")).Within(1e-3));
            double[] before = Samples(example, "perturbed", _audio),
                after = Samples(anew, "perturbed", _tool.PathOf("anew"));
            Assert.That(before.Zip(after, (a, b) => Math.Abs(a - b)).Average(), Is.LessThan(2.0 / 32768));
        }

        foreach (string model in Directory.GetDirectories(Path.Combine(cache, "models")))
            Directory.Delete(model, recursive: true);
        BufferedCommandResult untrained = await _tool.Run("export-audio", _file, "--cache", cache, "--clip", Text(heard, "clip"), "-q");
        Assert.That(untrained.ExitCode, Is.EqualTo(3));
        Assert.That(untrained.StandardError, Does.Contain("Model 'ridge' with seed 1 is not in").And.Contain("trains none"));
    }

    [TestCase(
        "There is no model 'rigde' among the cells asked for: did you mean 'ridge'?|There is no strength 'linf 0.3'|There is no seed '7' "
            + "among the cells asked for: expected one of: 1",
        "--model",
        "rigde",
        "--strength",
        "linf 0.3",
        "--seed",
        "7"
    )]
    [TestCase("There is no test clip 'x': there are cues-", "--clip", "x")]
    public async Task Wrong_names_are_told_with_what_there_is(string messages, params string[] arguments)
    {
        BufferedCommandResult result = await _tool.Run(["export-audio", _file, .. arguments]);
        Assert.That(result.ExitCode, Is.EqualTo(3), result.StandardError);
        foreach (string message in messages.Split('|'))
            Assert.That(Squeeze(result.StandardError), Does.Contain(message).And.Not.Contain("   at "));
    }

    [Test]
    public async Task What_is_not_finished_and_what_is_no_benchmark_is_told()
    {
        BufferedCommandResult unfinished = await _tool.Run("export-audio", _file, "--cache", _tool.PathOf("empty"), "-q");
        Assert.That(
            (unfinished.ExitCode, unfinished.StandardError.Contains("None of the 7 cells asked for is finished", StringComparison.Ordinal)),
            Is.EqualTo((3, true)),
            unfinished.StandardError
        );
        BufferedCommandResult folder = await _tool.Run("export-audio", _tool.PathOf("merbench-results/hear"));
        Assert.That(
            (folder.ExitCode, folder.StandardError.Contains("name the benchmark file", StringComparison.Ordinal)),
            Is.EqualTo((3, true)),
            folder.StandardError
        );
    }

    private static string Squeeze(string text) =>
        string.Join(' ', text.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries));
}
