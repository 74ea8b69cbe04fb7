using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Reading;
using MerBench.Host.Plugins;

namespace MerBench.Host.Tests.Benchmarks;

public sealed class ThreatModelTests
{
    private const string Common = """
        dataset: cues
        models: { r: ridge }
        perturbations:
          p: { use: pgd, budgets: { linf: [0.05, 0.1, 0.2], snr: [30] } }
          w: { use: pgd, domain: waveform, budgets: { l2: [1] } }
          s: { use: square, budgets: { linf: [0.1] } }
          f: { use: pgd, domain: waveform, budgets: { linf: [0.1] } }
          n: { use: noise, severities: [2, 3] }
          t: { use: pitch }
        threat-model:
        """;

    private static readonly PluginCatalog Catalog = new([
        .. Fixtures.Catalog.All,
        Fixtures.Catalog.Find(PluginKind.Attack, "pgd")! with
        {
            Id = "square",
            Knowledge = AttackKnowledge.Queries,
        },
        Fixtures.Catalog.Find(PluginKind.Corruption, "noise")! with
        {
            Id = "pitch",
            LabelPreserving = false,
        },
    ]);

    private static BenchmarkReading Read(string threat) => BenchmarkReader.Parse($"{Common} {threat}\n", "/bench/b.yaml", Catalog);

    [Test]
    public void What_is_declared_is_what_is_within_the_budget()
    {
        ThreatModel threat = Read("{ name: x, perturbations: [p, s, n], budget: { linf: 0.1 }, severity: 2 }")
            .DefinitionOrThrow()
            .ThreatModel!;
        Assert.Multiple(() =>
        {
            Assert.That(threat.Knowledge, Is.EqualTo(AdversaryKnowledge.WhiteBox));
            Assert.That(threat.Budget, Is.EqualTo("linf 0.1"));
            Assert.That(
                threat.Includes("p", "linf", 0.05, null) && threat.Includes("p", "linf", 0.1, null) && threat.Includes("n", null, null, 2)
            );
            Assert.That(
                threat.Includes("p", "linf", 0.2, null)
                    || threat.Includes("p", "snr", 30, null)
                    || threat.Includes("n", null, null, 3)
                    || threat.Includes("f", "linf", 0.1, null),
                Is.False
            );
        });
        ThreatModel quiet = Read("{ name: x, budget: { snr: 20 } }").DefinitionOrThrow().ThreatModel!;
        Assert.That(quiet.Perturbations, Is.EqualTo(new[] { "p", "n" }), "all that keep the labels and are within the budget");
        Assert.That(quiet.Includes("p", "snr", 30, null), "a larger SNR is a smaller perturbation");
        Assert.That(
            Read("{ name: x, perturbations: [n] }").DefinitionOrThrow().ThreatModel,
            Has.Property("Knowledge").EqualTo(AdversaryKnowledge.Natural).And.Property("Severity").EqualTo(5)
        );
        Assert.That(
            Read("{ name: x, perturbations: [s], budget: { linf: 0.1 } }").DefinitionOrThrow().ThreatModel!.Knowledge,
            Is.EqualTo(AdversaryKnowledge.BlackBox)
        );
    }

    [TestCase(
        "{ name: x, perturbations: [q], budget: { linf: 0.1 } }",
        "q]",
        "there is no perturbation named 'q'; expected one of: p, w, s, f, n, t"
    )]
    [TestCase(
        "{ name: x, perturbations: [p, t], budget: { linf: 0.1 } }",
        "t]",
        "'t' changes what listeners feel, so that errors under it are no lack of robustness; remove it"
    )]
    [TestCase(
        "{ name: x, perturbations: [p], budget: { linf: 0.01 } }",
        "p]",
        "'p' is never run within linf 0.01; run it so, or change the threat model"
    )]
    [TestCase(
        "{ name: x, perturbations: [p] }",
        "p]",
        "'p' is never run without a budget, and the threat model has none; run it so, or change the threat model"
    )]
    [TestCase(
        "{ name: x, perturbations: [n], severity: 1 }",
        "n]",
        "'n' is never run at severity 1 or below; run it so, or change the threat model"
    )]
    [TestCase(
        "{ name: x, perturbations: [p, f], budget: { linf: 0.1 } }",
        "p,",
        "the attacks of a threat model live in one domain, and these are in two; name those of one under 'perturbations'"
    )]
    [TestCase(
        "{ name: x, budget: { linf: 0.1 } }",
        "{",
        "the attacks of a threat model live in one domain, and these are in two; name those of one under 'perturbations'"
    )]
    [TestCase("{ name: x, perturbations: [p, p], budget: { linf: 0.1 } }", "p]", "'p' is listed twice")]
    [TestCase(
        "{ name: x, perturbations: [s], budget: { linf: 0.1 }, knowledge: white-box }",
        "white",
        "no perturbation of the threat model knows as much as a white-box adversary, so that it is not tested; write black-box, or list "
            + "other perturbations"
    )]
    [TestCase(
        "{ name: x, perturbations: [p, s], budget: { linf: 0.1 }, knowledge: black-box }",
        "black",
        "'p' knows more than a black-box adversary; write white-box, or list other perturbations"
    )]
    [TestCase(
        "{ name: x, perturbations: [p], budget: { linf: 0.1, l2: 1 } }",
        "{ linf",
        "the budget of a threat model has one norm; give one of: linf, l2, snr"
    )]
    public void Claims_that_the_benchmark_does_not_test_are_problems_at_their_place(string threat, string at, string message) =>
        Assert.That(
            Read(threat).Problems.Select(p => p.ToString()),
            Is.EqualTo(
                new[] { $"/bench/b.yaml:10:{"threat-model: ".Length + threat.IndexOf(at, StringComparison.Ordinal) + 1}: {message}" }
            )
        );

    [Test]
    public void A_threat_model_needs_a_name_and_a_link_an_address()
    {
        Assert.That(
            Read("{ perturbations: [n] }").Problems.Select(p => p.ToString()),
            Has.One.StartsWith("/bench/b.yaml:10:15: missing key 'name'")
        );
        Assert.That(
            Read("{ name: x, perturbations: [n] }\nabout: { link: 'javascript:alert(1)' }").Problems.Select(p => p.ToString()),
            Is.EqualTo(new[] { "/bench/b.yaml:11:16: 'javascript:alert(1)' is no address of the web; write https://..." })
        );
    }
}
