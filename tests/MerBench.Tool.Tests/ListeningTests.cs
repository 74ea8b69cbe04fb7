using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CliWrap.Buffered;

namespace MerBench.Tests;

/// <summary>What a run leaves to listen to, and what <c>export-audio</c> makes of its store.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class ListeningTests
{
    private const string Benchmark = """
        name: hear
        dataset: { use: cues, with: { clips: 40, seconds: 2 } }
        models: { ridge: ridge }
        perturbations:
          found: { use: pgd, with: { steps: 3 }, budgets: { linf: [0.02, 0.1] } }
          heard: { use: pgd, domain: waveform, with: { steps: 5 }, budgets: { linf: [0.001] } }
          realised: { use: pgd, with: { steps: 3 }, budgets: { linf: [0.1] }, resynthesis: 20 }
          hopeless: { use: pgd, with: { steps: 3 }, budgets: { linf: [0.1] }, resynthesis: 1 }
          louder: { use: gain, severities: [5] }
          hissing: { use: noise, domain: waveform, severities: [3] }
        evaluation: { examples: 1 }
        """;

    private static readonly string[] s_sounds = ["clean", "perturbed", "difference"];

    private MerBenchTool _tool = null!;
    private string _file = "";
    private string _audio = "";

    [OneTimeSetUp]
    public async Task RunOnce()
    {
        _tool = new MerBenchTool(report: true);
        _file = _tool.Write("hear.yaml", Benchmark);
        BufferedCommandResult run = await _tool.Run("run", _file, "-q");
        Assert.That(run.ExitCode, Is.Zero, run.StandardError);
        _audio = _tool.PathOf("merbench-results/hear/audio");
    }

    [OneTimeTearDown]
    public void Clean() => _tool.Dispose();

    [Test]
    public void A_run_lists_its_worst_clip_of_each_perturbation_with_all_that_a_listener_has_to_know()
    {
        JsonNode index = Index(_audio);
        JsonNode[] examples = Examples(index);
        Assert.That(
            examples.Select(e => (Text(e, "perturbation"), Text(e, "strength"), Text(e, "kind"), Text(e, "domain"))),
            Is.EquivalentTo(
                new[]
                {
                    ("found", "linf 0.1", "resynthesis", "features"),
                    ("heard", "linf 0.001", "waveform", "waveform"),
                    ("realised", "linf 0.1", "resynthesis", "features"),
                    ("hopeless", "linf 0.1", "resynthesis", "features"),
                    ("louder", "severity 5", "waveform", "waveform"),
                    ("hissing", "severity 3", "waveform", "waveform"),
                }
            )
        );
        Assert.That(Text(examples[^1], "perturbation"), Is.EqualTo("louder"), "what changes labels comes last");
        Assert.That(index["leftOut"]!.AsArray(), Is.Empty);
        foreach (JsonNode example in examples)
        {
            string name = Text(example, "name");
            Assert.That(
                example["rating"]!.AsObject().Select(r => r.Key),
                Is.EqualTo(example["perturbed"]!.AsObject().Select(r => r.Key)),
                name
            );
            foreach (string sound in s_sounds)
            {
                Assert.That(Path.Combine(_audio, Text(example["audio"]!, sound)), Does.Exist);
                Assert.That(Path.Combine(_audio, Text(example["spectrograms"]!, sound)), Does.Exist);
            }
        }

        JsonNode found = examples.Single(e => Text(e, "perturbation") == "found");
        Assert.That(Number(found, "residual"), Is.InRange(0.05, 0.99));
        Assert.That(Number(found, "realisedHarm"), Is.GreaterThan(0).And.LessThan(Number(found, "harm")));
        Assert.That(found["notes"]![0]!.ToString(), Does.Contain("audio that was searched for"));
        Assert.That(
            examples.Where(e => e["failed"]!.GetValue<bool>()).Select(e => (Text(e, "perturbation"), e["notes"]![0]!.ToString()[..24])),
            Is.EqualTo(new[] { ("hopeless", "The resynthesis failed: ") })
        );
        Assert.That(
            examples.Single(e => Text(e, "perturbation") == "louder")["notes"]!.ToJsonString(),
            Does.Contain("changes what listeners feel")
        );
    }

    // The example is the clip that the cell's own table says was harmed most, by as much.
    [Test]
    public async Task The_example_is_the_clip_that_was_harmed_most()
    {
        BufferedCommandResult asked = await _tool.Run(
            "query",
            """
            select clip, "mae.perturbed" - "mae.clean" as harm
            from (
                select clip, avg(abs(perturbed - rating)) as "mae.perturbed", avg(abs(clean - rating)) as "mae.clean"
                from predictions where perturbation = 'heard' group by clip
            ) order by harm desc limit 1
            """,
            "--json"
        );
        Assert.That(asked.ExitCode, Is.Zero, asked.StandardError);
        JsonNode worst = JsonNode.Parse(asked.StandardOutput)![0]!,
            heard = Example(_audio, "heard");
        Assert.That(
            (Text(heard, "clip"), Number(heard, "harm")),
            Is.EqualTo((Text(worst, "clip"), Number(worst, "harm")))
                .Using<(string, double)>((a, b) => a.Item1 == b.Item1 && Math.Abs(a.Item2 - b.Item2) < 1e-4)
        );
    }

    [Test]
    public void Files_are_equally_loud_and_their_difference_is_what_it_is_called()
    {
        foreach (JsonNode example in Examples(Index(_audio)))
        {
            (double[] clean, double[] perturbed, double[] difference) = (
                Samples(example, "clean"),
                Samples(example, "perturbed"),
                Samples(example, "difference")
            );
            Assert.That(clean, Has.Length.EqualTo(2 * 22_050));
            Assert.That(Level(perturbed) - Level(clean), Is.EqualTo(0).Within(0.1), Text(example, "name"));
            (double c, double p, double d) = (Gain(example, "clean"), Gain(example, "perturbed"), Gain(example, "difference"));
            double error = 0;
            for (int i = 0; i < clean.Length; i++)
                error = Math.Max(error, Math.Abs((difference[i] / d) - ((perturbed[i] / p) - (clean[i] / c))));
            Assert.That(
                error,
                Is.LessThan((0.51 / 32768 * ((1 / c) + (1 / p) + (1 / d))) + 1e-6),
                "no more than three roundings to 16 bits"
            );
        }
    }

    [Test]
    public void The_report_holds_sounds_and_pictures_with_their_names()
    {
        string page = File.ReadAllText(_tool.PathOf("merbench-results/hear/report.html"));
        JsonNode[] examples = Examples(Index(_audio));
        MatchCollection sounds = Regex.Matches(
            page,
            "<audio controls preload=\"metadata\" src=\"data:audio/wav;base64,(?<data>[^\"]+)\" aria-label=\"(?<name>[^\"]+)\">",
            RegexOptions.None,
            TimeSpan.FromSeconds(10)
        );
        Assert.That(
            sounds.Select(s => Convert.FromBase64String(s.Groups["data"].Value).Length),
            Is.EqualTo(examples.SelectMany(e => s_sounds.Select(s => (int)new FileInfo(Path.Combine(_audio, Text(e["audio"]!, s))).Length)))
        );
        Assert.That(
            sounds.Select(s => s.Groups["name"].Value).Distinct().Count(),
            Is.EqualTo(sounds.Count),
            "each player has a name of its own"
        );
        Assert.That(
            Regex.Count(
                page,
                "src=\"data:image/webp;base64,[^\"]+\" width=\"480\" height=\"240\" alt=\"Spectrogram of ",
                RegexOptions.None,
                TimeSpan.FromSeconds(10)
            ),
            Is.EqualTo(sounds.Count)
        );
        Assert.That(
            page,
            Does.Contain(">perturbed (resynthesis)<")
                .And.Contain(">resynthesis</span>")
                .And.Contain(">waveform</span>")
                .And.Contain(">resynthesis failed</span>")
        );
    }

    [Test]
    public void Sixteen_bits_keep_most_of_the_harm()
    {
        JsonNode heard = Example(_audio, "heard");
        Assert.That(Number(heard, "harm"), Is.GreaterThan(0.01));
        Assert.That(Number(heard, "writtenHarm"), Is.EqualTo(Number(heard, "harm")).Within(10).Percent);
    }

    [Test]
    public async Task A_resumed_run_writes_the_same_bytes_and_without_examples_there_is_no_audio()
    {
        Dictionary<string, string> before = Contents(_audio);
        BufferedCommandResult again = await _tool.Run("run", _file, "-o", _tool.PathOf("again"));
        Assert.That(again.StandardError, Does.Contain("7 cells finished before, 0 to run"));
        Assert.That(Contents(_tool.PathOf("again/audio")), Is.EqualTo(before));

        string silent = _tool.Write("silent.yaml", Benchmark.Replace("examples: 1", "examples: 0", StringComparison.Ordinal));
        BufferedCommandResult none = await _tool.Run("run", silent, "-o", _tool.PathOf("again"));
        Assert.That(none.StandardError, Does.Contain("7 cells finished before"), "the number of examples is in no key");
        Assert.That(Directory.GetFiles(_tool.PathOf("again/audio")), Is.Empty);
    }

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
            double[] before = Samples(example, "perturbed"),
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

    private static JsonNode Index(string folder) => JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "index.json")))!;

    private static JsonNode[] Examples(JsonNode index) => [.. index["examples"]!.AsArray().Select(e => e!)];

    private static JsonNode Example(string folder, string perturbation) =>
        Examples(Index(folder)).Single(e => Text(e, "perturbation") == perturbation);

    private static string Text(JsonNode node, string key) => node[key]!.GetValue<string>();

    private static double Number(JsonNode node, string key) => node[key]!.GetValue<double>();

    private static double Gain(JsonNode example, string sound) => Math.Pow(10, Number(example["gainsDb"]!, sound) / 20);

    private static double Level(double[] samples) => 10 * Math.Log10(samples.Average(s => s * s));

    private double[] Samples(JsonNode example, string sound, string? folder = null)
    {
        byte[] file = File.ReadAllBytes(Path.Combine(folder ?? _audio, Text(example["audio"]!, sound)));
        Assert.That(BitConverter.ToInt32(file, 40), Is.EqualTo(file.Length - 44));
        return [.. Enumerable.Range(0, (file.Length - 44) / 2).Select(i => BitConverter.ToInt16(file, 44 + (2 * i)) / 32768.0)];
    }

    private static Dictionary<string, string> Contents(string folder) =>
        Directory
            .GetFiles(folder)
            .ToDictionary(
                f => Path.GetFileName(f),
                f => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(f)))
            );
}
