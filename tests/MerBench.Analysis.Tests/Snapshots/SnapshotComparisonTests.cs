using MerBench.Analysis.Comparisons;
using MerBench.Analysis.Snapshots;
using MerBench.Host.Results;
using static MerBench.Host.Tests.Snapshots.ComparedErrors;

namespace MerBench.Host.Tests.Snapshots;

public sealed class SnapshotComparisonTests
{
    [Test]
    public void Equal_runs_are_the_same_and_name_neither_clips_nor_causes()
    {
        ConditionComparison same = Compare(Errors);
        Assert.Multiple(() =>
        {
            Assert.That(same.Verdict, Is.EqualTo(SnapshotVerdict.Same));
            Assert.That(same.Clips, Is.Empty);
            Assert.That(same.Causes, Is.Empty);
            Assert.That(same.PerturbedChange, Is.Null);
        });
    }

    [Test]
    public void A_change_within_the_tolerance_is_none_however_sure() =>
        Assert.That(Compare(Shifted(0.0009, 0.0001)).Verdict, Is.EqualTo(SnapshotVerdict.Same));

    [Test]
    public void Higher_errors_of_most_clips_regressed_and_lower_ones_improved()
    {
        Assert.That(Compare(Shifted(0.02, 0.01)).Verdict, Is.EqualTo(SnapshotVerdict.Regressed));
        Assert.That(Compare(Shifted(-0.02, 0.01)).Verdict, Is.EqualTo(SnapshotVerdict.Improved));
    }

    [Test]
    public void A_change_that_clips_do_not_agree_on_cannot_be_told_and_says_what_could_have_been()
    {
        ConditionComparison found = Compare(Shifted(0.01, 0.2));
        Assert.That(found.Verdict, Is.EqualTo(SnapshotVerdict.CannotTell));
        Assert.That(found.PerturbedChange!.SmallestVisible, Is.GreaterThan(Math.Abs(found.PerturbedChange.Mean)));
    }

    [Test]
    public void The_clips_that_moved_most_come_first()
    {
        double[] received = [.. Shifted(0.02, 0.001)];
        received[17] += 1;
        received[4] += 0.5;
        Assert.That(Compare(received).Clips.Select(c => c.Clip).Take(2), Is.EqualTo(new[] { "clip 17", "clip 4" }));
    }

    [Test]
    public void A_metric_that_moved_without_any_clip_is_judged_by_its_direction()
    {
        ConditionComparison Moved(double by) =>
            new Comparison
            {
                Accepted = _ => Errors,
                Received = _ => Errors,
                ChangeAccepted = s =>
                    s with
                    {
                        Cells = s.Cells.ToDictionary(
                            c => c.Key,
                            c =>
                                c.Value with
                                {
                                    Metrics = new Dictionary<string, MetricValue>(StringComparer.Ordinal)
                                    {
                                        ["mae"] = new(0.1, Errors.Average() - by, 0),
                                    },
                                },
                            StringComparer.Ordinal
                        ),
                    },
            }
                .Run()
                .Single();
        Assert.That(Moved(0.05).Verdict, Is.EqualTo(SnapshotVerdict.Regressed));
        Assert.That(Moved(-0.05).Verdict, Is.EqualTo(SnapshotVerdict.Improved));
    }

    // Values that happen to agree say nothing where they are means over other emotions.
    [TestCase(null, "fear", SnapshotVerdict.Regressed, "no longer defined for fear")]
    [TestCase("fear", null, SnapshotVerdict.Improved, "now defined for fear")]
    [TestCase("joy", "fear", SnapshotVerdict.Regressed, "no longer defined for fear, and now defined for joy")]
    public void Means_over_other_emotions_are_not_the_same(
        string? acceptedWithout,
        string? receivedWithout,
        SnapshotVerdict verdict,
        string why
    )
    {
        Snapshot Without(Snapshot s, string? label) =>
            s with
            {
                Cells = s.Cells.ToDictionary(
                    c => c.Key,
                    c =>
                        c.Value with
                        {
                            Metrics = c.Value.Metrics.ToDictionary(
                                m => m.Key,
                                m => m.Value with { LeftOut = label is null ? null : [label] },
                                StringComparer.Ordinal
                            ),
                        },
                    StringComparer.Ordinal
                ),
            };
        ConditionComparison found = new Comparison
        {
            Accepted = _ => Errors,
            Received = _ => Errors,
            ChangeAccepted = s => Without(s, acceptedWithout),
            ChangeReceived = s => Without(s, receivedWithout),
        }
            .Run()
            .Single();
        Assert.That(found.Verdict, Is.EqualTo(verdict));
        Assert.That(found.Explanation[0], Does.EndWith($"; the two are over other emotions: {why}"));
    }

    [Test]
    public void Cells_of_one_side_alone_are_new_or_missing_and_failed_ones_failed()
    {
        IReadOnlyList<ConditionComparison> found = new Comparison
        {
            Budgets = "[0.1, 0.2]",
            Accepted = _ => Errors,
            Received = _ => Errors,
            ChangeAccepted = s =>
                s with
                {
                    Cells = s
                        .Cells.Where(c => c.Value.Strength != "linf 0.1")
                        .Append(
                            new("m / gone / linf 3 / seed 1", s.Cells.Values.First() with { Perturbation = "gone", Strength = "linf 3" })
                        )
                        .ToDictionary(StringComparer.Ordinal),
                },
        }.Run();
        Assert.That(
            found.Select(c => (c.Perturbation, c.Strength, c.Verdict)),
            Is.EqualTo(
                new[]
                {
                    ("p", "linf 0.1", SnapshotVerdict.New),
                    ("p", "linf 0.2", SnapshotVerdict.Same),
                    ("gone", "linf 3", SnapshotVerdict.Missing),
                }
            )
        );
        ConditionComparison failed = new Comparison
        {
            Accepted = _ => Errors,
            Received = _ => Errors,
            ChangeCell = c => c with { Failure = "it threw" },
        }
            .Run()
            .Single();
        Assert.That((failed.Verdict, failed.Cells[0].Note), Is.EqualTo((SnapshotVerdict.Failed, "it threw")));
    }

    [Test]
    public void An_improvement_that_is_doubtful_cannot_be_told()
    {
        ConditionComparison found = Compare(Shifted(-0.05, 0.01), believable: Believable.Doubtful);
        Assert.That(found.Verdict, Is.EqualTo(SnapshotVerdict.CannotTell));
        Assert.That(found.Cells[0].Note, Does.Contain("its gradient is zero"));
        Assert.That(Compare(Shifted(0.05, 0.01), believable: Believable.Doubtful).Verdict, Is.EqualTo(SnapshotVerdict.Regressed));
    }

    [Test]
    public void An_improvement_under_another_attack_cannot_be_told()
    {
        ConditionComparison found = Compare(
            Shifted(-0.05, 0.01),
            s =>
                s with
                {
                    Cells = s.Cells.ToDictionary(
                        c => c.Key,
                        c =>
                            c.Value with
                            {
                                Specification = Comparison.Json(
                                    """{"perturbation":{"assembly":"a","options":{"steps":50}},"model":"another key"}"""
                                ),
                            },
                        StringComparer.Ordinal
                    ),
                }
        );
        Assert.That(found.Verdict, Is.EqualTo(SnapshotVerdict.CannotTell));
        Assert.That(found.Causes.Select(c => c.ToString()), Is.EqualTo(new[] { "p: steps: 50 -> 5" }));
    }

    [Test]
    public void Seeds_are_tested_together_and_one_that_moved_alone_does_not_decide()
    {
        ConditionComparison One(double by) =>
            new Comparison
            {
                Seeds = 5,
                Accepted = _ => Errors,
                Received = cell => Shifted(cell.Seed == 3 ? by : 0, 0.0005, cell.Seed),
            }
                .Run()
                .Single();
        ConditionComparison found = One(0.1);
        Assert.That(
            found.Cells.Select(c => c.Verdict),
            Is.EqualTo(
                new[] { SnapshotVerdict.Same, SnapshotVerdict.Same, SnapshotVerdict.CannotTell, SnapshotVerdict.Same, SnapshotVerdict.Same }
            )
        );
        Assert.That(found.PerturbedChange!.Seeds, Is.EqualTo(5));
    }
}
