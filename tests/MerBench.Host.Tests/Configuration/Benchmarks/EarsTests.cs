using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;

namespace MerBench.Host.Tests.Benchmarks;

/// <summary>Models that hear otherwise than the benchmark says, and attacks that live where models listen.</summary>
public sealed class EarsTests
{
    private const string Models = """
        dataset: cues
        front-end: madmom-log
        excerpt: { seconds: 5, placement: middle }
        models:
          plain: ridge
          same: { use: ridge, front-end: madmom-log, excerpt: { seconds: 5 } }
          tagger: { use: vgg, front-end: { use: mel-16k }, excerpt: { placement: start, standardise-from: nothing } }

        """;

    [Test]
    public void A_model_hears_as_it_says_and_otherwise_as_the_benchmark_does()
    {
        BenchmarkDefinition d = Fixtures.Read(Models + "perturbations: { p: pgd }").DefinitionOrThrow();
        Ears own = d.EarsOf(d.Models[2]);
        Assert.That(own.FrontEnd.Plugin.Id, Is.EqualTo("mel-16k"));
        Assert.That(
            own.Excerpt.Apply(new Preparation(10, ExcerptPlacement.Random, true, 0.25)),
            Is.EqualTo(new Preparation(5, ExcerptPlacement.Start, true, 0.25) { StandardiseFrom = StandardisationSource.Nothing })
        );
        Assert.That(d.EarsOf(d.Models[1]), Is.EqualTo(d.EarsOf(d.Models[0])), "saying the same makes no difference");
        Assert.That(d.EarsInUse, Is.EqualTo(new[] { d.EarsOf(d.Models[0]), own }));
        Assert.That(d.Uses.Select(u => u.Plugin.Id), Does.Contain("mel-16k").And.Contain("madmom-log"));
    }

    [Test]
    public void A_front_end_that_no_model_hears_by_is_not_used()
    {
        BenchmarkDefinition d = Fixtures
            .Read("dataset: cues\nfront-end: mel\nmodels: { a: { use: ridge, front-end: mel-16k } }\nperturbations: { p: pgd }")
            .DefinitionOrThrow();
        Assert.That(d.EarsInUse.Select(e => e.FrontEnd.Plugin.Id), Is.EqualTo(new[] { "mel-16k" }));
        Assert.That(d.Uses.Select(u => u.Plugin.Id), Does.Not.Contain("mel"));
    }

    [Test]
    public void Mistakes_in_the_ears_of_a_model_have_their_places() =>
        Assert.That(
            Fixtures.ProblemsOf(
                "dataset: cues\nmodels: { a: { use: ridge, front-end: mell, excerpt: { seconds: 0 } } }\nperturbations: { p: pgd }"
            ),
            Is.EqualTo(
                new[]
                {
                    "2:39: unknown front end 'mell'; did you mean 'mel'?",
                    "2:65: 'models.a.excerpt.seconds': expected a number > 0, <= 86400, found '0'",
                }
            )
        );

    [TestCase("plain", "same", "features", null)]
    [TestCase("plain", "tagger", "features", "which reads features of another front end or excerpt; write 'domain: waveform'")]
    [TestCase("plain", "tagger", "waveform", "which hears 22050 Hz and not 16000; give both the same sample rate")]
    public void An_attack_is_crafted_on_a_model_that_hears_the_same(string attacked, string from, string domain, string? problem)
    {
        string[] problems = Fixtures.ProblemsOf(
            Models
                + $"perturbations: {{ p: {{ use: borrow, with: {{ from: {from} }}, domain: {domain} }} }}\n"
                + $"matrix: {{ exclude: [{{ model: tagger }}, {{ model: {(attacked == "plain" ? "same" : "plain")} }}] }}"
        );
        Assert.That(problems, problem is null ? Is.Empty : Has.Length.EqualTo(1));
        if (problem is not null)
            Assert.That(problems[0], Does.StartWith($"8:21: 'p' is crafted on model '{from}' against model '{attacked}', {problem}"));
    }

    [Test]
    public void Waveforms_of_one_rate_and_length_are_the_same_for_both() =>
        Assert.That(
            Fixtures.ProblemsOf(
                """
                dataset: cues
                models: { a: ridge, b: { use: ridge, front-end: mel }, c: { use: ridge, excerpt: { seconds: 3 } } }
                perturbations: { p: { use: borrow, with: { from: b }, domain: waveform } }
                matrix: { exclude: [{ model: c }] }
                """
            ),
            Is.Empty
        );

    [TestCase("p: pgd", Domain.Waveform, TestName = "Where_a_model_reads_waveforms_attacks_are_of_waveforms")]
    [TestCase("p: { use: pgd, domain: waveform }", Domain.Waveform, TestName = "What_the_file_says_is_done")]
    [TestCase("p: { use: borrow, with: { from: w } }", Domain.Waveform, TestName = "Also_where_they_are_crafted_on_it")]
    public void Domains_follow_models(string perturbation, Domain expected)
    {
        BenchmarkDefinition d = Fixtures
            .Read(
                $$"""
                dataset: cues
                models: { a: ridge, w: { use: listener, with: { input: waveform } } }
                perturbations: { {{perturbation}} }
                matrix: { exclude: [{{(perturbation.Contains("borrow", StringComparison.Ordinal) ? "{ model: w }" : "")}}] }
                """
            )
            .DefinitionOrThrow();
        Assert.That(MatrixExpansion.Expand(d).Select(c => c.Perturbation.Domain).Distinct(), Is.EqualTo(new[] { expected }));
    }

    [TestCase("ridge", "")]
    [TestCase("{ use: listener, with: { input: waveform } }", "matrix: { exclude: [{ model: w }] }")]
    public void Without_a_model_of_waveforms_attacks_are_of_features(string model, string matrix)
    {
        BenchmarkDefinition d = Fixtures
            .Read($"dataset: cues\nmodels: {{ a: ridge, w: {model} }}\nperturbations: {{ p: pgd }}\n{matrix}")
            .DefinitionOrThrow();
        Assert.That(d.Perturbations[0].Domain, Is.EqualTo(Domain.Features));
    }

    [Test]
    public void Resynthesis_asks_for_features_and_is_refused_where_a_model_reads_waveforms() =>
        Assert.That(
            Fixtures.ProblemsOf(
                "dataset: cues\nmodels: { w: { use: listener, with: { input: waveform } } }\n"
                    + "perturbations: { p: { use: pgd, resynthesis: 5 } }"
            ),
            Has.Length.EqualTo(1).And.All.Contain("3:21: 'p' perturbs features, and model 'w' reads waveforms")
        );
}
