using MerBench.Analysis.Comparisons;
using MerBench.Analysis.Snapshots;
using MerBench.Host.Results;

namespace MerBench.Host.Tests.Snapshots;

public sealed class SnapshotComparisonTests
{
    private static readonly double[] Errors = [.. Enumerable.Range(0, 30).Select(i => 0.2 + (0.01 * (i % 7)))];

    private static double[] Shifted(double by, double spread, int seed = 1)
    {
        RandomStream random = RandomStream.For("shift", seed.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return [.. Errors.Select(e => e + by + (spread * ((random.NextInt32(20001) / 10000.0) - 1)))];
    }

    private static ConditionComparison Compare(
        double[] received,
        Func<Snapshot, Snapshot>? accepted = null,
        Believable believable = Believable.Yes
    ) =>
        new Comparison
        {
            Accepted = _ => Errors,
            Received = _ => received,
            ChangeAccepted = accepted ?? (s => s),
            ReceivedBelievable = believable,
        }
            .Run()
            .Single();

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

    [TestCase(
        """{"model":{"assembly":"b","options":{"width":1}},"device":"cpu","weights":null}""",
        CauseKind.ModelCode,
        "code of m (another build of its plugin) changed"
    )]
    [TestCase(
        """{"model":{"assembly":"a","options":{"width":2}},"device":"cpu","weights":null}""",
        CauseKind.ModelOptions,
        "m: width: 2 -> 1"
    )]
    [TestCase(
        """{"model":{"assembly":"a","options":{"width":1}},"device":"cpu","weights":"abc"}""",
        CauseKind.Weights,
        "weights file of m changed"
    )]
    [TestCase(
        """{"model":{"assembly":"a","options":{"width":1}},"device":"cpu","weights":null,"train":{"epochs":3}}""",
        CauseKind.Training,
        "m, training: epochs: 3 -> nothing"
    )]
    [TestCase(
        """{"model":{"assembly":"a","options":{"width":1}},"device":"cpu","weights":null,"dataset":"abc"}""",
        CauseKind.Dataset,
        "dataset (other clips, ratings or options) changed"
    )]
    [TestCase(
        """{"model":{"assembly":"a","options":{"width":1}},"device":"cpu","weights":null,"front-end":{"assembly":"x"}}""",
        CauseKind.FrontEnd,
        "code of the front end (another build of its plugin) changed"
    )]
    public void What_differs_between_specifications_is_named(string model, CauseKind kind, string text)
    {
        ConditionComparison found = Compare(
            Shifted(0.05, 0.01),
            s => s with { Models = s.Models.ToDictionary(m => m.Key, _ => Comparison.Json(model), StringComparer.Ordinal) }
        );
        Assert.That(found.Causes.Select(c => (c.Kind, c.ToString())), Is.EqualTo(new[] { (kind, text) }));
        Assert.That(
            found.At.Line,
            Is.EqualTo(found.Causes[0].IsOfModel ? 4 : 6),
            "the model's line where it changed, else the perturbation's"
        );
    }

    [Test]
    public void Device_and_libtorch_are_causes_too()
    {
        ConditionComparison found = Compare(
            Shifted(0.05, 0.01),
            s => s with { Environment = Comparison.Environment with { Device = "cuda:0", LibTorch = "2.9.0" } }
        );
        Assert.That(found.Causes.Select(c => c.ToString()), Is.EqualTo(new[] { "device: cuda:0 -> cpu", "libtorch: 2.9.0 -> 2.10.0" }));
    }

    [Test]
    public void Another_processor_and_instruction_set_are_causes_and_what_an_older_snapshot_does_not_say_is_none()
    {
        ConditionComparison found = Compare(
            Shifted(0.05, 0.01),
            s => s with { Environment = Comparison.Environment with { Processor = "another", InstructionSet = "avx512_core_bf16" } }
        );
        Assert.That(
            found.Causes.Select(c => c.ToString()),
            Is.EqualTo(new[] { "processor: another -> AMD EPYC", "the instruction set: avx512_core_bf16 -> avx2" })
        );
        ConditionComparison older = Compare(
            Shifted(0.05, 0.01),
            s => s with { Environment = Comparison.Environment with { Processor = "", InstructionSet = "" } }
        );
        Assert.That(older.Causes, Is.Empty);
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
