using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Configuration.Reading;

namespace MerBench.Host.Tests.Benchmarks;

public sealed class BenchmarkReaderTests
{
    internal const string Smallest = """
        dataset: cues
        models: { a: vgg }
        perturbations: { p: pgd }
        """;

    // The example of the design, with the folder of the machine and without adversarial training.
    internal const string Paper = """
        name: interpretable-vs-blackbox
        dataset: { use: soundtracks, with: { root: ${SOUNDTRACKS} , clips: ${CLIPS:-360} } }
        front-end: madmom-log
        models:
          A2E:    { use: vgg, with: { head: direct },          train: &std { epochs: 199, batch: 8, learning-rate: 5e-4, patience: 50 } }
          A2M2E:  { use: vgg, with: { head: bottleneck-wide }, train: { <<: *std, concept-weight: 0.5 } }
          ridge:  ridge
        perturbations:
          as-released:   { use: adam-sign, with: { steps: 1000, step-size: 0.002 } }          # no budget: that is what was run
          as-configured: { use: adam-sign, with: { steps: 1000, step-size: 0.002 }, budgets: { linf: [0.001] } }
          pgd:           { use: pgd, budgets: { linf: [0.001, 0.003, 0.01, 0.03, 0.1], snr: [40] }, objective: +valence -arousal }
          mp3:           { use: codec, with: { format: mp3 }, severities: [1, 3, 5] }
        seeds: [6, 21, 42, 796, 950, 2025, 2324, 2451, 3100, 7192]
        metrics: [mae, rmse, { use: pearson }, ccc]
        matrix: { exclude: [ { model: ridge, perturbation: mp3 }, { seed: 6, model: A2E } ] }
        excerpt: { seconds: 5, placement: middle, standardise-on: all, standardise-from: recordings }
        evaluation: { batch: 4, cell-timeout: 1h30m }
        snapshot: { tolerance: { default: { relative: 0.02 }, pearson: { absolute: 0.01 } } }
        """;

    [Test]
    public void The_example_of_the_design_is_read()
    {
        BenchmarkReading reading = Fixtures.Read(Paper, "/bench/b.yaml", ("SOUNDTRACKS", "/"));
        Assert.That(reading.Problems, Is.Empty);
        BenchmarkDefinition d = reading.Definition!;
        Assert.Multiple(() =>
        {
            Assert.That(d.Name, Is.EqualTo("interpretable-vs-blackbox"));
            Assert.That(d.Dataset.Options, Is.EqualTo(new TracksOptions("/", null, 360)));
            Assert.That(d.FrontEnd.Plugin.Id, Is.EqualTo("madmom-log"));
            Assert.That(d.Models.Select(m => m.Name), Is.EqualTo(new[] { "A2E", "A2M2E", "ridge" }));
            Assert.That(d.Models[1].Use.Options, Is.EqualTo(new NetOptions(Head.BottleneckWide)));
            Assert.That(d.Models[1].Train, Is.EqualTo(new TrainRecipe(199, 8, 5e-4, 50, 0.5)));
            Assert.That(d.Models[2].Train, Is.Null);
            Assert.That(d.Perturbations.Select(p => p.Name), Is.EqualTo(new[] { "as-released", "as-configured", "pgd", "mp3" }));
            Assert.That(d.Perturbations[0].Budgets, Is.Empty);
            Assert.That(d.Perturbations[2].Budgets, Has.Count.EqualTo(6).And.Contains(new Budget(Norm.Snr, 40)));
            Assert.That(d.Perturbations[2].Objective, Is.EqualTo("+valence -arousal"));
            Assert.That(d.Perturbations[2].Domain, Is.EqualTo(Domain.Features));
            Assert.That(d.Perturbations[3].Severities, Is.EqualTo(new[] { 1, 3, 5 }));
            Assert.That(d.Perturbations[3].Domain, Is.EqualTo(Domain.Waveform));
            Assert.That(d.Seeds, Has.Count.EqualTo(10));
            Assert.That(d.Metrics.Select(m => m.Plugin.Id), Is.EqualTo(new[] { "mae", "rmse", "pearson", "ccc" }));
            Assert.That(
                d.Excerpt.Apply(new Preparation()),
                Is.EqualTo(new Preparation(5, ExcerptPlacement.Middle, true, 0.5) { StandardiseFrom = StandardisationSource.Recordings })
            );
            Assert.That((d.EvaluationBatch, d.CellTimeout), Is.EqualTo((4, TimeSpan.FromMinutes(90))));
            Assert.That(
                d.Tolerances.For("A2E/pgd/linf 0.03/seed 6/pearson/clean", "pearson", "cpu"),
                Is.EqualTo(new Tolerance(null, 0.01))
            );
            // A2E: 11 strengths x 9 seeds; A2M2E: 11 x 10; ridge: 8 x 10 without the codec.
            Assert.That(MatrixExpansion.Expand(d), Has.Count.EqualTo(99 + 110 + 80));
        });
    }

    [Test]
    public void The_smallest_file_gets_the_defaults()
    {
        BenchmarkDefinition d = Fixtures.Read(Smallest).DefinitionOrThrow();
        Assert.Multiple(() =>
        {
            Assert.That(d.Name, Is.EqualTo("b"));
            Assert.That(d.FrontEnd.Plugin.Id, Is.EqualTo("madmom-log"));
            Assert.That(d.Models[0].Train, Is.EqualTo(new TrainRecipe()));
            Assert.That(d.Models[0].Use.OptionsJson, Is.EqualTo("""{"head":"direct","width":1}"""));
            Assert.That(d.Perturbations[0].Objective, Is.EqualTo("mse"));
            Assert.That(d.Seeds, Is.EqualTo(new[] { 1 }));
            Assert.That(d.Metrics.Select(m => m.Plugin.Id), Is.EqualTo(new[] { "mae", "rmse", "pearson", "ccc", "r2" }));
            Assert.That((d.EvaluationBatch, d.CellTimeout), Is.EqualTo((16, TimeSpan.FromHours(1))));
            Assert.That(d.Excerpt, Is.EqualTo(new PreparationOverrides()));
        });
    }

    [Test]
    public void All_problems_of_a_file_are_reported_at_once_in_the_order_of_places() =>
        Assert.That(
            Fixtures.ProblemsOf(
                """
                dataset: cue
                front-ned: mel
                models:
                  a: { use: vgg, with: { head: bottleneckwide, widht: 2 }, train: { epochs: many, concept-weight: 1.4 } }
                  b: { use: vgg, train: *std }
                perturbations:
                  p: { use: pgd, with: { stpes: 5, steps: 0 }, budgets: { linf: [0.1, -1, .inf, 0.1], l3: [1] } }
                  q: { use: codec, severities: [1, 6], budgets: { l2: [1] } }
                  r: { use: old-pgd, objective: msa }
                  s: { use: vgg }
                seeds: [1, 1, x]
                metrics: [mae, mae]
                matrix: { exclude: [ { model: aa }, { seed: 7 }, {} ] }
                evaluation: { cell-timeout: 5 }
                """
            ),
            Is.EqualTo(
                new[]
                {
                    "1:10: unknown dataset 'cue'; did you mean 'cues'?",
                    "2:1: unknown key 'front-ned'; did you mean 'front-end'?",
                    "4:32: 'models.a.with.head': expected one of direct, bottleneck-wide, found 'bottleneckwide'; did you mean "
                        + "'bottleneck-wide'?",
                    "4:48: unknown key 'widht'; did you mean 'width'?",
                    "4:77: 'models.a.train.epochs': expected a whole number from 1 to 100000, found 'many'",
                    "4:99: 'models.a.train.concept-weight': expected a number from 0 to 1, found '1.4'",
                    "5:25: unknown anchor '*std'; anchors stand before their use",
                    "7:26: unknown key 'stpes'; did you mean 'steps'?",
                    "7:43: 'perturbations.p.with.steps': expected a whole number from 1 to 100000, found '0'",
                    "7:71: 'perturbations.p.budgets.linf': expected a number of at least 0, found '-1'",
                    "7:75: 'perturbations.p.budgets.linf': expected a number of at least 0, finite, found '.inf'",
                    "7:81: budget linf 0.1 is listed twice",
                    "7:87: unknown key 'l3'; did you mean 'l2'?",
                    "8:6: missing key 'format'; expected text",
                    "8:36: 'perturbations.q.severities': expected a whole number from 1 to 5, found '6'",
                    "8:49: 'codec' is a corruption, and budgets are for attacks; give 'severities' instead",
                    "9:13: attack or corruption 'old-pgd' cannot be used (needs-another-contract): built against contract 2.0, host has "
                        + "1.0; 'merbench list' shows every plugin that was found",
                    "9:33: 'msa' is not an objective: expected mse, mae, pearson, ccc, any, any-up, any-down, quadrant, concepts, "
                        + "emotion-only, changes, or a direction such as '+valence -arousal'; did you mean 'mse'?",
                    "10:13: unknown attack or corruption 'vgg'; 'vgg' is a model; expected one of: adam-sign, borrow, both, codec, noise, "
                        + "pgd",
                    "11:12: seed 1 is listed twice",
                    "11:15: 'seeds': expected a whole number, found 'x'",
                    "12:16: metric 'mae' is listed twice",
                    "13:31: there is no model named 'aa'; expected one of: a, b",
                    "13:45: 7 is not one of the seeds; expected one of: 1",
                    "13:50: this excludes every cell; give at least one of: model, perturbation, seed",
                    "14:29: 'evaluation.cell-timeout': expected a duration such as 90s, 30m or 1h30m, in seconds from 1 to 31536000, "
                        + "found '5'; write 5s for seconds",
                }
            )
        );

    [TestCase("", "1:1: the file is empty; 'merbench init' writes an example")]
    [TestCase("# only a comment\n", "1:1: the file is empty; 'merbench init' writes an example")]
    [TestCase("just text", "1:1: expected a mapping, found 'just text'")]
    [TestCase("[1]", "1:1: expected a mapping, found a list")]
    [TestCase(
        Smallest + "\n---\nname: x",
        "4:1: a second YAML document begins here, and a benchmark file holds one; split the file, or remove the '---'"
    )]
    [TestCase(Smallest + "\ndataset: cues", "4:1: key 'dataset' is already set in line 1; remove one of the two")]
    [TestCase(Smallest + "\nmatrix:\n\texclude: []", "5:1: a tab indents this line, and YAML allows only spaces; replace it by spaces")]
    [TestCase(
        Smallest + "\nname: ${NAME}",
        "4:7: variable 'NAME' is not set; set it in the environment, or give a default as in ${NAME:-default}"
    )]
    [TestCase(
        Smallest + "\nname: \"my ${NAME}\"",
        "4:11: variable 'NAME' is not set; set it in the environment, or give a default as in ${NAME:-default}"
    )]
    [TestCase(
        Smallest + "\nname: a${1}",
        "4:8: '${' does not begin a variable: expected ${NAME} or ${NAME:-default}, or $${ for the characters themselves; set it in the "
            + "environment, or give a default as in ${NAME:-default}"
    )]
    [TestCase(Smallest + "\nname: !secret x", "4:7: the tag '!secret' means nothing here; leave it out")]
    [TestCase(Smallest + "\nname: []", "4:7: 'name': expected text, found a list")]
    [TestCase(Smallest + "\nseeds: 3", "4:8: 'seeds': expected a list, each item a whole number, found '3'; write [3]")]
    [TestCase(Smallest + "\nseeds: []", "4:8: 'seeds': expected at least 1 entries")]
    [TestCase(Smallest + "\nseeds: [\"3\"]", "4:9: 'seeds': expected a whole number, found the text \"3\"; leave out the quotes")]
    [TestCase(Smallest + "\nseeds: [99999999999]", "4:9: 'seeds': expected a whole number, found '99999999999'")]
    [TestCase(
        Smallest + "\nmatrix: { exclude: [ { seed: 1 } ] }",
        "1:1: the matrix is empty: 'matrix.exclude' leaves out every cell; exclude less"
    )]
    [TestCase(Smallest + "\nmetrics: [{ use: mae, with: { x: 1 } }]", "4:31: unknown key 'x'; 'mae' has no options")]
    [TestCase(
        Smallest + "\ndevice: tpu",
        "4:9: 'device': 'tpu' is not a device: expected auto, cpu, cuda, cuda:N with the number of a GPU such as cuda:0, or cuda:all"
    )]
    [TestCase(
        Smallest + "\ndevice: [cuda:0, cuda:x]",
        "4:18: 'device': 'cuda:x' is not a device: expected auto, cpu, cuda, cuda:N with the number of a GPU such as cuda:0, or cuda:all"
    )]
    [TestCase(
        Smallest + "\ndevice: [cuda:0, cpu]",
        "4:9: 'device': 'cuda:0, cpu' are devices of two types, whose results differ in rounding: a run uses one type"
    )]
    [TestCase(Smallest + "\ndevice: [auto, cpu]", "4:9: 'device': 'auto' stands for devices by itself, and must stand alone")]
    [TestCase(
        Smallest + "\ndevice: []",
        "4:9: 'device': expected auto, cpu, cuda, cuda:N with the number of a GPU such as cuda:0, or cuda:all, or a list of devices, "
            + "found a list"
    )]
    [TestCase("dataset: cues\nmodels: {}\nperturbations: { p: pgd }", "2:9: 'models': expected at least 1 entries")]
    [TestCase(
        "dataset: ~\nmodels: { a: vgg }\nperturbations: { p: pgd }",
        "1:10: 'dataset': expected a mapping, or the value of 'use' alone, found nothing"
    )]
    [TestCase(
        "models: { a: vgg }\nperturbations: { p: pgd }",
        "1:1: missing key 'dataset'; expected a mapping, or the value of 'use' alone"
    )]
    [TestCase(
        "dataset: cues\nmodels: { a: vgg }\nperturbations: { p: { use: codec, with: { format: mp4 } } }",
        "3:51: 'perturbations.p.with.format': expected one of mp3, ogg; did you mean 'mp3'?"
    )]
    [TestCase(
        "dataset: cues\nmodels: { a: { use: ridge, train: { epochs: 3 } } }\nperturbations: { p: pgd }",
        "2:35: model 'a' is not trained by a recipe; remove 'train': 'ridge' fits itself or comes trained"
    )]
    [TestCase(
        "dataset: cues\nmodels: { a: { use: vgg, weights: w.bin } }\nperturbations: { p: pgd }",
        "2:35: 'w.bin' is not a file of weights that can be loaded; expected a name that ends in .safetensors, .pt or .pth"
    )]
    [TestCase(
        "dataset: cues\nmodels: { a: { use: vgg, weights: 'w{seed}.pt' } }\nperturbations: { p: pgd }",
        "2:35: weights 'w{seed}.pt' do not exist; looked for /bench/w1.pt"
    )]
    [TestCase(
        "dataset: { use: cues, with: { root: nowhere } }\nmodels: { a: vgg }\nperturbations: { p: pgd }",
        "1:37: 'dataset.with.root': folder 'nowhere' does not exist; looked for /bench/nowhere"
    )]
    [TestCase(
        "dataset: { use: cues, with: { ratings: r.csv } }\nmodels: { a: vgg }\nperturbations: { p: pgd }",
        "1:40: 'dataset.with.ratings': file 'r.csv' does not exist; looked for /bench/r.csv"
    )]
    [TestCase(
        "dataset: cues\nmodels: { a: vgg }\nperturbations: { p: { use: pgd, severities: [1] } }",
        "3:46: 'pgd' is an attack, and severities are for corruptions; give 'budgets' instead"
    )]
    [TestCase(
        "dataset: cues\nmodels: { a: vgg }\nperturbations: { p: { use: pgd, budgets: { masking-excess: [3] } } }",
        "3:61: 'masking-excess' is about what is heard, and features are not; write 'domain: waveform'"
    )]
    [TestCase(
        "dataset: cues\nmodels: { a: vgg }\nperturbations: { p: { use: pgd, domain: waveform, budgets: { masking-excess: [3, 3] } } }",
        "3:82: masking excess 3 is listed twice"
    )]
    [TestCase(
        "dataset: cues\nmodels: { a: vgg }\nperturbations: { p: { use: pgd, domain: waveform, budgets: { masking-excess: [3, 99] } } }",
        "3:82: 'perturbations.p.budgets.masking-excess': expected a number from -60 to 60, found '99'"
    )]
    [TestCase(
        "dataset: cues\nmodels: { a: vgg, <<: 3 }\nperturbations: { p: pgd }",
        "2:23: '<<' merges a mapping or a list of mappings, and this is '3'"
    )]
    public void A_mistake_is_one_clear_problem(string yaml, string problem) =>
        Assert.That(Fixtures.ProblemsOf(yaml), Is.EqualTo(new[] { problem }));

    [TestCase("cuda:1", new[] { "cuda:1" })]
    [TestCase("[cuda:0, cuda:3]", new[] { "cuda:0", "cuda:3" })]
    [TestCase("${DEVICES:-cpu,cpu}", new[] { "cpu", "cpu" })]
    public void A_device_is_one_or_a_list(string text, string[] devices) =>
        Assert.That(Fixtures.Read($"{Smallest}\ndevice: {text}").DefinitionOrThrow().Devices.Names, Is.EqualTo(devices));

    [TestCase("a: [1, 2")]
    [TestCase("a: 'x")]
    [TestCase("a: b: c")]
    [TestCase("a: }")]
    public void What_is_not_YAML_is_one_problem(string yaml) =>
        Assert.That(Fixtures.ProblemsOf(yaml), Has.Length.EqualTo(1).And.One.Contains("this is not YAML"));

    [Test]
    public void A_bracket_that_is_not_closed_is_reported_near_its_line() =>
        Assert.That(
            Fixtures.ProblemsOf("dataset: { use: cues\nmodels: { a: vgg }"),
            Is.EqualTo(
                new[]
                {
                    "2:1: this is not YAML: an earlier '{' or '[' is not closed; check brackets, quotes, colons and indentation here and "
                        + "in the line above",
                }
            )
        );

    [Test]
    public void A_file_that_nests_without_end_is_a_problem_and_not_a_stack_overflow() =>
        Assert.That(Fixtures.ProblemsOf("a: " + new string('[', 100_000)), Has.Length.EqualTo(1));

    [Test]
    public void A_missing_file_is_a_problem() =>
        Assert.That(
            BenchmarkReader.Read("/nowhere/b.yaml", Fixtures.Catalog).Problems.Single().ToString(),
            Is.EqualTo("/nowhere/b.yaml:1:1: the benchmark file cannot be read: there is no such file")
        );
}
