using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CliWrap.Buffered;
using static MerBench.Tests.SoundFiles;

namespace MerBench.Tests;

/// <summary>What a run leaves to listen to.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class ListeningTests
{
    private static readonly string[] s_sounds = ["clean", "perturbed", "difference"];

    private MerBenchTool _tool = null!;
    private string _file = "";
    private string _audio = "";

    [OneTimeSetUp]
    public async Task Run() => (_tool, _file, _audio) = await HeardRun.Done();

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
                Samples(example, "clean", _audio),
                Samples(example, "perturbed", _audio),
                Samples(example, "difference", _audio)
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
    [Category("Slow")]
    [Explicit("Two runs with examples; run it with: dotnet test tests/MerBench.Tool.Tests --filter TestCategory=Slow")]
    public async Task A_resumed_run_writes_the_same_bytes_and_without_examples_there_is_no_audio()
    {
        Dictionary<string, string> before = Contents(_audio);
        BufferedCommandResult again = await _tool.Run("run", _file, "-o", _tool.PathOf("again"));
        Assert.That(again.StandardError, Does.Contain("7 cells finished before, 0 to run"));
        Assert.That(Contents(_tool.PathOf("again/audio")), Is.EqualTo(before));

        string silent = _tool.Write("silent.yaml", HeardRun.Benchmark.Replace("examples: 1", "examples: 0", StringComparison.Ordinal));
        BufferedCommandResult none = await _tool.Run("run", silent, "-o", _tool.PathOf("again"));
        Assert.That(none.StandardError, Does.Contain("7 cells finished before"), "the number of examples is in no key");
        Assert.That(Directory.GetFiles(_tool.PathOf("again/audio")), Is.Empty);
    }
}
