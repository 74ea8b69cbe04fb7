using System.Diagnostics;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Tests.Benchmarks;

namespace MerBench.Host.Tests.Matrix;

public sealed class MatrixExpansionTests
{
    [Test]
    public void Cells_come_as_models_times_perturbations_times_strengths_times_seeds_minus_excludes()
    {
        BenchmarkDefinition d = Fixtures
            .Read(
                """
                dataset: cues
                models: { a: vgg, b: ridge }
                perturbations:
                  free: pgd
                  bound: { use: pgd, budgets: { snr: [40], linf: [0.1, 0.2] } }
                  heard: { use: pgd, domain: waveform, budgets: { masking-excess: [3, -6], snr: [50] } }
                  noise: { use: noise, severities: [5, 1] }
                seeds: [7, 3]
                matrix:
                  exclude:
                    - { model: b, seed: 3 }
                    - { perturbation: heard, seed: 3 }
                    - { perturbation: heard, model: b }
                    - { perturbation: noise, model: a }
                    - { model: b, perturbation: bound }
                """
            )
            .DefinitionOrThrow();
        IReadOnlyList<Cell> cells = MatrixExpansion.Expand(d);
        Assert.That(
            cells.Select(c => c.Name),
            Is.EqualTo(
                new[]
                {
                    "a / free / no budget / seed 7",
                    "a / free / no budget / seed 3",
                    "a / bound / linf 0.1 / seed 7",
                    "a / bound / linf 0.1 / seed 3",
                    "a / bound / linf 0.2 / seed 7",
                    "a / bound / linf 0.2 / seed 3",
                    "a / bound / snr 40 dB / seed 7",
                    "a / bound / snr 40 dB / seed 3",
                    "a / heard / snr 50 dB / seed 7",
                    "a / heard / masking-excess 3 dB / seed 7",
                    "a / heard / masking-excess -6 dB / seed 7",
                    "b / free / no budget / seed 7",
                    "b / noise / severity 5 / seed 7",
                    "b / noise / severity 1 / seed 7",
                }
            )
        );
        Assert.That(cells.Select(c => c.Index), Is.EqualTo(Enumerable.Range(0, cells.Count)));
    }

    [Test]
    public void A_hundred_thousand_cells_take_less_than_a_second()
    {
        string models = string.Join(", ", Enumerable.Range(0, 20).Select(i => $"m{i}: ridge"));
        string sizes = string.Join(", ", Enumerable.Range(1, 50));
        BenchmarkDefinition d = Fixtures
            .Read(
                $$"""
                dataset: cues
                models: { {{models}} }
                perturbations: { p: { use: pgd, budgets: { linf: [{{sizes}}], l2: [{{sizes}}] } } }
                seeds: [{{sizes}}]
                matrix: { exclude: [{{string.Join(", ", Enumerable.Range(1, 40).Select(s => $"{{ model: m0, seed: {s} }}"))}}] }
                """
            )
            .DefinitionOrThrow();
        var watch = Stopwatch.StartNew();
        IReadOnlyList<Cell> cells = MatrixExpansion.Expand(d);
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(1)));
        Assert.That(cells, Has.Count.EqualTo(100_000 - (40 * 100)));
    }
}
