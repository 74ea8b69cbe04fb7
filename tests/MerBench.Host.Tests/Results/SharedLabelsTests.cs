using System.Text.Json;
using MerBench.Host.IO;
using MerBench.Host.Results;

namespace MerBench.Tests.Results;

public sealed class SharedLabelsTests
{
    // The case that was seen: clean over two emotions, perturbed over one, harm of neither.
    private static readonly MetricResult Seen = Result(("joy", -0.111, double.NaN), ("fear", 0.039, 0), ("calm", double.NaN, double.NaN));

    [Test]
    public void Clean_perturbed_and_harm_are_over_the_labels_that_are_defined_in_both()
    {
        Assert.That(Seen.Mean with { LeftOut = null }, Is.EqualTo(new MetricValue(0.039, 0, 0.039)));
        Assert.That(Seen.Mean.LeftOut, Is.EqualTo(new[] { "joy", "calm" }));
    }

    [Test]
    public void Where_all_is_defined_nothing_is_said_of_labels()
    {
        MetricValue mean = Result(("joy", 0.5, 0.2), ("fear", 0.3, 0.4)).Mean;
        Assert.That((mean.Clean, mean.Perturbed), Is.EqualTo((0.4, 0.30000000000000004)));
        Assert.That(mean.Harm, Is.EqualTo(0.1).Within(1e-15));
        Assert.That(JsonSerializer.Serialize(mean, ResultJson.Options), Does.Not.Contain("leftOut"));
    }

    [Test]
    public void Where_no_label_is_defined_in_both_there_is_no_value()
    {
        MetricValue mean = Result(("joy", 0.5, double.NaN), ("fear", double.NaN, 0.4)).Mean;
        Assert.That(mean with { LeftOut = null }, Is.EqualTo(new MetricValue(null, null, null)));
        Assert.That(mean.LeftOut, Has.Count.EqualTo(2));
    }

    [Test]
    public void Seeds_are_set_against_each_other_over_labels_that_all_have()
    {
        var seeds = SharedLabels.Find([
            Result(("joy", 0.5, 0.1), ("fear", 0.9, 0.9)),
            Result(("joy", 0.3, 0.1), ("fear", 0.9, double.NaN)),
        ]);
        Assert.That(seeds.Labels, Is.EqualTo(new[] { "joy" }));
        Assert.That(seeds.LeftOut, Is.EqualTo(new[] { "fear" }));
        Assert.That(seeds.Means.Select(m => m.Clean), Is.EqualTo(new[] { 0.5, 0.3 }));
        Assert.That(seeds.Mean.Harm, Is.EqualTo(0.3).Within(1e-15));
        Assert.That(seeds.OfLabel("fear"), Is.Null);
        Assert.That(seeds.OfLabel("joy")!.Clean, Is.EqualTo(0.4));
    }

    [Test]
    public void Clean_values_alone_do_not_look_at_perturbed_ones()
    {
        var clean = SharedLabels.FindClean([Seen]);
        Assert.That(clean.Mean.Clean, Is.EqualTo(-0.036).Within(1e-15));
        Assert.That(clean.LeftOut, Is.EqualTo(new[] { "calm" }));
    }

    [Test]
    public void A_cell_that_was_stored_with_means_over_other_labels_is_read_by_the_rule()
    {
        const string stored = """
            { "mean": { "clean": -0.036, "perturbed": -0.102, "harm": 0.065 },
              "perLabel": { "joy": { "clean": -0.111, "perturbed": null, "harm": null },
                            "fear": { "clean": 0.039, "perturbed": 0, "harm": 0.039 } } }
            """;
        MetricResult read = JsonSerializer.Deserialize<MetricResult>(stored, ResultJson.Options)!;
        Assert.That(read.Mean with { LeftOut = null }, Is.EqualTo(new MetricValue(0.039, 0, 0.039)));
        string written = JsonSerializer
            .Serialize(read, ResultJson.Options)
            .ReplaceLineEndings("")
            .Replace(" ", "", StringComparison.Ordinal);
        Assert.That(written, Does.StartWith("""{"mean":{"clean":0.039,"perturbed":0,"harm":0.039,"leftOut":["joy"]},"perLabel":"""));
    }

    private static readonly LabelSpace Emotions = new(["joy", "fear"], 0, 1, "test");

    // Of a metric of anybody: what it does not define, be it NaN or infinite, is left out in one place.
    [Test]
    public void Every_metric_is_held_to_the_rule([Values(double.NaN, double.PositiveInfinity, double.NegativeInfinity)] double undefined)
    {
        ClipRow[] rows = [.. Enumerable.Range(0, 3).Select(i => new ClipRow($"{i}", [i, i], [i, i], [i + 1, 7]))];
        var table = new MetricTable(Emotions, rows);
        MetricValue mean = table.Compute(new UndefinedOnConstants(undefined), clipped: false).Mean;
        Assert.That(mean with { LeftOut = null }, Is.EqualTo(new MetricValue(0, 1, 1)));
        Assert.That(mean.LeftOut, Is.EqualTo(new[] { "fear" }));
    }

    private static MetricResult Result(params (string Label, double Clean, double Perturbed)[] labels) =>
        new(labels.ToDictionary(l => l.Label, l => MetricValue.From(l.Clean, l.Perturbed, higherIsBetter: true), StringComparer.Ordinal));

    private sealed class UndefinedOnConstants(double undefined) : IMetric
    {
        public bool HigherIsBetter => false;

        public double Compute(ReadOnlySpan<double> actual, ReadOnlySpan<double> predicted) =>
            predicted.ContainsAnyExcept(predicted[0]) ? Math.Abs(predicted[0] - actual[0]) : undefined;
    }
}
