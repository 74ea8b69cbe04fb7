using MerBench.Host;
using MerBench.Host.Results;
using MerBench.Host.Runs;
using MerBench.Tests.Data;
using MerBench.Tests.Storage;

namespace MerBench.Tests.Runs;

/// <summary>Models that are made of other models of the benchmark.</summary>
public sealed class ComposedModelRunTests
{
    private const string Shape = """
        dataset: { use: cues, with: { clips: 16, seconds: 1, emotions: [valence, energy] } }
        models:
          MODELS
        perturbations:
          pgd: { use: pgd, with: { steps: 3 }, budgets: { l2: [0.2], linf: [0.01] } }
          waveform: { use: fgsm, domain: waveform, budgets: { snr: [50] } }
        metrics: [mae]
        evaluation: { batch: 2 }
        """;

    private readonly TemporaryFolder _folder = new();

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void They_are_attacked_as_one_and_what_is_proven_stands_beside_what_was_found()
    {
        RunResults results = Run(
            "composed",
            "smoothed: { use: smoothed, with: { of: both, noise: 0.5, samples: 200 } }",
            "both: { use: model-ensemble, with: { of: [ridge, other] } }",
            "ridge: ridge",
            "other: { use: ridge, with: { penalty: 5 } }"
        );
        Assert.That(results.FailedCells, Is.Zero, string.Join('\n', results.Cells.Select(c => c.Failure)));
        CertifiedRow proven = results.Certificates.Single(c => c.Model == "smoothed");
        Assert.That(proven.Budget, Is.EqualTo("l2 0.2"), "nothing is proven of other norms, or where no noise is");
        Assert.That(proven.Clean, Is.LessThan(proven.Perturbed));
        Assert.That(proven.Perturbed, Is.LessThan(proven.Certified));
        Assert.That((proven.Violations, proven.Confidence, proven.Seeds), Is.EqualTo((0, 0.999, 1)));
        CellSummary pgd = results.Cells.First(c => c.Model == "smoothed" && c.Strength == "l2 0.2");
        Assert.That(pgd.Result!.GradientCalls, Is.EqualTo(3 * 8 * pgd.Result.Certified!.Clips), "each of eight draws counts");
    }

    [Test]
    public void Defences_are_attacked_through_themselves_and_by_who_does_not_know_them()
    {
        RunResults results = Run(
            "defended",
            "ridge: ridge",
            "filtered: { use: defended, with: { of: ridge, defences: [{ use: quantisation, with: { bits: [8] } }, low-pass] } }",
            "careless: { use: defended, with: { of: ridge, defences: [noise], adaptive: false } }",
            "steady: { use: defended, with: { of: ridge, input: features, defences: [median-filter] } }"
        );
        CellSummary[] ofWaveforms = [.. results.Cells.Where(c => c.Perturbation == "waveform")];
        Assert.That(results.Cells.Select(c => c.Failure), Has.All.Null, "attacks that name no domain follow the defences to waveforms");
        DefenceRow filtered = results.Defences.Single(d => d.Model == "filtered" && d.Perturbation == "waveform");
        Assert.That(
            (filtered.Undefended, filtered.Seeds, filtered.Clips),
            Is.EqualTo(("ridge", 1, results.Dataset.Test)),
            "in all batches"
        );
        Assert.That(filtered.UndefendedAttacked, Is.GreaterThan(filtered.UndefendedClean));
        Assert.That(filtered.Adapted, Is.GreaterThan(filtered.Clean));
        Assert.That(filtered.Cost, Is.EqualTo(filtered.Clean - filtered.UndefendedClean));
        Assert.That(
            filtered.Survival * (filtered.UndefendedAttacked - filtered.UndefendedClean),
            Is.EqualTo(filtered.Unadapted - filtered.Clean).Within(1e-12)
        );
        string[] DoubtsOf(string model) => [.. ofWaveforms.Single(c => c.Model == model).Doubts.Select(d => d.Check)];
        Assert.That(DoubtsOf("careless"), Does.Contain("not-adaptive"));
        Assert.That(DoubtsOf("filtered"), Does.Not.Contain("not-adaptive").And.Not.Contain("gradient-wrong"));
        Assert.That(results.Defences.Select(d => d.Model), Does.Contain("steady"), "in features as well");
    }

    [TestCase("a: { use: defended, with: { of: ridge, defences: [loud] } }", "unknown corruption 'loud'")]
    [TestCase("a: { use: defended, with: { of: ridge, defences: [{ use: noise, severity: 9 }] } }", "severity")]
    [TestCase(
        "a: { use: defended, with: { of: ridge, defences: [{ use: low-pass, with: { cutoff: [5] } }] } }",
        "'low-pass' needs numbers from 10"
    )]
    [TestCase(
        "a: { use: defended, with: { of: ridge, input: features, defences: [codec] } }",
        "3:6: model 'a' cannot be made: defended: 'codec' does not work on features"
    )]
    [TestCase("a: { use: model-ensemble, with: { of: [a, ridge] } }", "3:6: model 'a' is made of itself")]
    [TestCase("a: { use: smoothed, with: { of: rigde, noise: 1 } }", "there is no model named 'rigde'; did you mean 'ridge'?")]
    [TestCase(
        "a: { use: smoothed, with: { of: ridge, noise: 1 }, excerpt: { seconds: 0.5 } }",
        "model 'a' is made of 'ridge', which hears by another front end or excerpt; give both the same 'front-end' and 'excerpt'"
    )]
    public void What_cannot_be_made_is_refused_in_the_file(string model, string complaint) =>
        Assert.That(() => Run("refused", model, "ridge: ridge"), Throws.InstanceOf<UserErrorException>().With.Message.Contains(complaint));

    private RunResults Run(string name, params string[] models)
    {
        string file = _folder.File($"{name}.yaml");
        File.WriteAllText(file, Shape.Replace("MODELS", string.Join("\n  ", models), StringComparison.Ordinal));
        var request = new RunRequest(file, [SmallBenchmark.Plugins])
        {
            Cache = _folder.File($"{name}-store"),
            Output = _folder.File(name),
            Threads = 1,
        };
        return BenchmarkRun.Execute(request, null, _ => { }, CancellationToken.None).Results;
    }
}
