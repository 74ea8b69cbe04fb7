using MerBench.Analysis.Comparisons;
using MerBench.Analysis.Snapshots;
using MerBench.Host.Results;
using static MerBench.Host.Tests.Snapshots.ComparedErrors;

namespace MerBench.Host.Tests.Snapshots;

/// <summary>How often the test calls a change what is none, and sees what is one.</summary>
public sealed class SnapshotPowerTests
{
    // The promise of the test: runs that differ by noise alone are called worse or better in at most 5 of 100 cases, up to what chance
    // allows in 400.
    [Test]
    public void Noise_alone_is_seldom_taken_for_a_change()
    {
        int called = Enumerable
            .Range(0, 400)
            .Count(i =>
                new Comparison
                {
                    Tolerance = "{ default: { absolute: 0 } }",
                    Accepted = _ => Shifted(0, 0.1, i),
                    Received = _ => Shifted(0, 0.1, 1000 + i),
                }
                    .Run()
                    .Single()
                    .Verdict
                    is SnapshotVerdict.Regressed
                        or SnapshotVerdict.Improved
            );
        Assert.That(called, Is.LessThanOrEqualTo(32), "the 99.5 % quantile of a binomial of 400 at 5 %");
    }

    // Independent of the formula: draw changes with just that mean, and count how often the test sees them.
    [Test]
    public void The_smallest_visible_change_is_seen_in_four_of_five_cases()
    {
        double visible = Enumerable.Range(0, 200).Average(i => Compare(Shifted(0.05, 0.1, i)).PerturbedChange!.SmallestVisible);
        int seen = Enumerable.Range(0, 400).Count(i => Compare(Shifted(visible, 0.1, 5000 + i)).Verdict == SnapshotVerdict.Regressed);
        Assert.That(seen / 400.0, Is.EqualTo(0.8).Within(0.07));
    }
}
