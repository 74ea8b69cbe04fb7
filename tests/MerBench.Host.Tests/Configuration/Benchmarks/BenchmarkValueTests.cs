using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Configuration.Reading;

namespace MerBench.Host.Tests.Benchmarks;

/// <summary>What the values of a benchmark file become.</summary>
public sealed class BenchmarkValueTests
{
    [TestCase("${A}-${B:-b}", "1-b")]
    [TestCase("\"${A}\"", "1")]
    [TestCase("$${A}", "${A}")]
    [TestCase("${B:-a: [b], {c}", "a: [b], {c")]
    [TestCase("${EMPTY:-x}", "x")]
    [TestCase("a$b", "a$b")]
    public void Variables_are_put_into_scalars_also_within_braces(string text, string expected)
    {
        BenchmarkReading reading = Fixtures.Read(
            "{ name: " + text + ", dataset: cues, models: { a: vgg }, perturbations: { p: pgd }, seeds: [ ${A} ] }",
            "b.yaml",
            ("A", "1"),
            ("EMPTY", "")
        );
        Assert.That(reading.Problems, Is.Empty);
        Assert.That(reading.Definition!.Name, Is.EqualTo(expected));
    }

    [Test]
    public void Merge_keys_take_lists_the_first_wins_and_own_keys_win_over_all()
    {
        BenchmarkDefinition d = Fixtures
            .Read(
                """
                dataset: cues
                models:
                  a: { use: vgg, train: &a { epochs: 1, batch: 2 } }
                  b: { use: vgg, train: &b { epochs: 3, patience: 4 } }
                  c: { use: vgg, train: { <<: [*a, *b], batch: 9 } }
                perturbations: { p: pgd }
                """
            )
            .DefinitionOrThrow();
        Assert.That(d.Models[2].Train, Is.EqualTo(new TrainRecipe(Epochs: 1, Batch: 9, Patience: 4)));
    }

    [Test]
    public void An_id_of_an_attack_and_a_corruption_is_the_attack_and_a_corruption_takes_a_domain_it_has()
    {
        BenchmarkDefinition d = Fixtures
            .Read(
                """
                dataset: cues
                models: { a: vgg }
                perturbations: { p: both, q: noise, r: { use: noise, domain: waveform } }
                """
            )
            .DefinitionOrThrow();
        Assert.That(d.Perturbations.Select(p => p.IsCorruption), Is.EqualTo(new[] { false, true, true }));
        Assert.That(d.Perturbations.Select(p => p.Domain), Is.EqualTo(new[] { Domain.Features, Domain.Features, Domain.Waveform }));
        Assert.That(d.Perturbations[1].Severities, Is.EqualTo(new[] { 1, 2, 3, 4, 5 }));
    }

    [Test]
    public void Weights_resolve_against_the_folder_of_the_file_for_each_seed()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        foreach (int seed in new[] { 6, 21 })
            File.WriteAllText(Path.Combine(folder, $"w{seed}.pt"), "");
        BenchmarkDefinition d = Fixtures
            .Read(
                "dataset: cues\nmodels: { a: { use: vgg, weights: 'w{seed}.pt' } }\nperturbations: { p: pgd }\nseeds: [6, 21]",
                Path.Combine(folder, "b.yaml")
            )
            .DefinitionOrThrow();
        Directory.Delete(folder, recursive: true);
        Assert.That(d.Models[0].Train, Is.Null);
        Assert.That(d.Models[0].Weights!.Key, Is.Null);
        Assert.That(d.Models[0].Weights!.ForSeed(21), Is.EqualTo(Path.Combine(folder, "w21.pt")));
    }

    [Test]
    public void Weights_may_name_the_dictionary_of_a_checkpoint()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        File.WriteAllText(Path.Combine(folder, "w.pth"), "");
        BenchmarkReading Read(string weights) =>
            Fixtures.Read(
                $"dataset: cues\nmodels: {{ a: {{ use: vgg, weights: {weights} }} }}\nperturbations: {{ p: pgd }}",
                Path.Combine(folder, "b.yaml")
            );
        BenchmarkDefinition named = Read("{ path: w.pth, key: ema }").DefinitionOrThrow();
        string problem = Read("{ key: ema }").Problems.Single().ToString();
        Directory.Delete(folder, recursive: true);
        Assert.That(named.Models[0].Weights, Is.EqualTo(new WeightsPath(Path.Combine(folder, "w.pth"), "ema")));
        Assert.That(problem, Does.Contain(":2:").And.Contains("'path'"));
    }
}
