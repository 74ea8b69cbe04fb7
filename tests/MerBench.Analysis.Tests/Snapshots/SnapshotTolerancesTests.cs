using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Reading;
using MerBench.Host.Tests.Benchmarks;

namespace MerBench.Host.Tests.Snapshots;

public sealed class SnapshotTolerancesTests
{
    private const string Path = "A2E/pgd/linf 0.1/seed 6/mae/perturbed";

    private static BenchmarkReading Read(string snapshot) =>
        BenchmarkReader.Parse(
            $$"""
            dataset: cues
            models: { A2E: { use: vgg }, other: { use: ridge } }
            perturbations: { pgd: { use: pgd, budgets: { linf: [0.1] } } }
            metrics: [mae, r2]
            snapshot: {{snapshot}}
            """,
            "/b.yaml",
            Fixtures.Make("/plugins.dll")
        );

    [TestCase("{ }", "cpu", 0.02, 0.001)]
    [TestCase("{ tolerance: { default: { absolute: 1 } } }", "cpu", null, 1)]
    [TestCase("{ tolerance: { mae: { absolute: 2 }, default: { absolute: 1 } } }", "cpu", null, 2)]
    [TestCase("{ tolerance: { mae: { absolute: 2 }, 'A2E/*': { absolute: 3 } } }", "cpu", null, 3)]
    [TestCase("{ tolerance: { 'A2E/*': { absolute: 3 }, mae: { absolute: 2 } } }", "cpu", null, 2)]
    [TestCase("{ tolerance: { 'A2E/pgd/linf 0.?/*/mae/perturbed': { absolute: 4 } } }", "cpu", null, 4)]
    [TestCase("{ tolerance: { '*/clean': { absolute: 4 } } }", "cpu", 0.02, 0.001)]
    [TestCase("{ tolerance: { 'other/*': { absolute: 4 } } }", "cpu", 0.02, 0.001)]
    [TestCase("{ tolerance: { r2: { absolute: 4 } } }", "cpu", 0.02, 0.001)]
    [TestCase("{ tolerance: { mae: { absolute: 2 } }, on: { cuda: { mae: { relative: 0.5 } } } }", "cuda", 0.5, null)]
    [TestCase("{ tolerance: { mae: { absolute: 2 } }, on: { cuda: { mae: { relative: 0.5 } } } }", "cpu", null, 2)]
    [TestCase("{ tolerance: { mae: { absolute: 2 } }, on: { cuda: { default: { relative: 0.5 } } } }", "cuda", null, 2)]
    public void The_last_match_holds_devices_before_all_and_default_last(
        string snapshot,
        string device,
        double? relative,
        double? absolute
    ) => Assert.That(Read(snapshot).DefinitionOrThrow().Tolerances.For(Path, "mae", device), Is.EqualTo(new Tolerance(relative, absolute)));

    [Test]
    public void Both_kinds_add_up() => Assert.That(new Tolerance(0.1, 0.5).Of(-20), Is.EqualTo(2.5));

    [TestCase("{ tolerance: { maee: { absolute: 1 } } }", "'maee' is no metric of this benchmark; did you mean 'mae'?")]
    [TestCase("{ tolerance: { 'A2EE/*': { absolute: 1 } } }", "no model of this benchmark is named 'A2EE'; did you mean 'A2E'?")]
    [TestCase("{ tolerance: { 'A2E/pdg/*': { absolute: 1 } } }", "no perturbation of this benchmark is named 'pdg'; did you mean 'pgd'?")]
    [TestCase("{ tolerance: { mae: { } } }", "the tolerance of 'mae' allows nothing")]
    [TestCase("{ tolerance: { mae: { absolute: -1 } } }", "absolute")]
    [TestCase("{ on: { gpu: { mae: { absolute: 1 } } } }", "'gpu' is no type of device")]
    public void Typing_errors_are_found(string snapshot, string expected)
    {
        BenchmarkReading reading = Read(snapshot);
        Assert.That(reading.Problems.Select(p => p.ToString()), Has.One.Contains(expected).And.All.StartsWith("/b.yaml:5:"));
    }
}
