using MerBench.Host.Checks;
using MerBench.Host.Checks.Pairs;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Plugins;
using MerBench.Host.Results;

namespace MerBench.Tests.Checks;

/// <summary>Two cells beside each other; the first should be the stronger one.</summary>
public sealed class PairCheckTests
{
    private static readonly PluginDescriptor Iterative = Evidence.Plugin(PluginKind.Attack, "iterative");
    private static readonly PluginDescriptor OneStep = Evidence.Plugin(PluginKind.Attack, "one-step") with { IsIterative = false };
    private static readonly PluginDescriptor Noise = Knowing("noise", AttackKnowledge.Noise);
    private static readonly PluginDescriptor Queries = Knowing("queries", AttackKnowledge.Queries);
    private static readonly PluginDescriptor Transfer = Knowing("transfer", AttackKnowledge.Transfer);

    private static IEnumerable<TestCaseData> Expected()
    {
        yield return Case(Iterative, OneStep, "weaker-than-one-step");
        yield return Case(OneStep, Iterative, null);
        yield return Case(Iterative, Noise, "weaker-than-noise");
        yield return Case(OneStep, Noise, "weaker-than-noise");
        yield return Case(Queries, Noise, "weaker-than-noise");
        yield return Case(Transfer, Noise, null);
        yield return Case(Iterative, Queries, "weaker-than-queries");
        yield return Case(OneStep, Queries, null);
        yield return Case(Queries, Iterative, null);
        yield return Case(Iterative, Transfer, "weaker-than-transfer");
        yield return Case(Queries, Transfer, "weaker-than-transfer");
        yield return Case(OneStep, Transfer, null);
        yield return Case(Noise, Transfer, null);

        static TestCaseData Case(PluginDescriptor strong, PluginDescriptor weak, string? check) =>
            new TestCaseData(strong, weak, check).SetArgDisplayNames(strong.Id, weak.Id, check ?? "nothing");
    }

    [TestCaseSource(nameof(Expected))]
    public void Who_knows_more_must_gain_as_much(PluginDescriptor strong, PluginDescriptor weak, string? check)
    {
        ComparedCell more = Evidence.Compared(weak, gain: 2);
        Assert.That(Doubts(Evidence.Compared(strong, gain: 2), more), Is.Empty);
        Doubt[] doubts = [.. Doubts(Evidence.Compared(strong, gain: 1), more)];
        Assert.That(doubts.Select(d => d.Check), check is null ? Is.Empty : Is.EqualTo(new[] { check }));
        Assert.That(doubts.Select(d => d.Reason), Is.All.Contains($"'{weak.Id}-{{}}' gains 2 against 1 in mse, more on 3 of 3 clips"));
    }

    [Test]
    public void At_another_budget_nothing_is_to_be_expected_of_another_attack() =>
        Assert.That(Doubts(Evidence.Compared(Iterative, 1), Evidence.Compared(OneStep, 2, budget: 0.2)), Is.Empty);

    [Test]
    public void What_was_crafted_on_the_attacked_model_is_no_transfer()
    {
        ComparedCell transfer = Evidence.Compared(Transfer, gain: 2);
        ComparedCell onItself = transfer with
        {
            Cell = transfer.Cell with { Perturbation = transfer.Cell.Perturbation with { Surrogates = [transfer.Cell.Model.Name] } },
        };
        Assert.That(Doubts(Evidence.Compared(Iterative, gain: 1), onItself), Is.Empty);
        Assert.That(Doubts(onItself with { Gains = [0, 0, 0] }, Evidence.Compared(Noise, gain: 1)), Is.Empty);
    }

    [TestCase(Norm.Linf, 0.2, 0.1, true)]
    [TestCase(Norm.Linf, 0.1, 0.2, false)]
    [TestCase(Norm.Snr, 30, 40, true)]
    [TestCase(Norm.Snr, 40, 30, false)]
    public void A_larger_budget_must_not_find_less(Norm norm, double strong, double weak, bool isDoubted)
    {
        Cell cell = Evidence.Cell(Iterative, new Budget(norm, strong));
        var larger = new ComparedCell(cell, [1, 1, 1]);
        var smaller = new ComparedCell(cell with { Budget = new Budget(norm, weak) }, [2, 2, 2]);
        Assert.That(
            Doubts(larger, smaller),
            isDoubted
                ? Is.EqualTo(
                    new[]
                    {
                        new Doubt(
                            "not-monotone-in-budget",
                            $"it finds less than with a smaller budget: 'iterative-{{}}' at {smaller.Cell.Strength} "
                                + "gains 2 against 1 in mse, more on 3 of 3 clips"
                        ),
                    }
                )
                : Is.Empty
        );
    }

    [TestCase(6, 3, 1)]
    [TestCase(3, 6, 0)]
    public void More_above_the_masking_threshold_must_not_find_less(double strong, double weak, int doubts)
    {
        Cell cell = Evidence.Cell(Iterative, default) with { Budget = null, MaskingExcess = strong };
        var larger = new ComparedCell(cell, [1, 1, 1]);
        var smaller = new ComparedCell(cell with { MaskingExcess = weak }, [2, 2, 2]);
        Assert.That(Doubts(larger, smaller).Count(d => d.Check == "not-monotone-in-budget"), Is.EqualTo(doubts));
    }

    [Test]
    public void Attacks_with_different_masking_excesses_are_not_compared()
    {
        ComparedCell At(PluginDescriptor attack, double gain, double excess) =>
            new(Evidence.Cell(attack, default) with { Budget = null, MaskingExcess = excess }, [gain, gain, gain]);
        Assert.That(Doubts(At(Iterative, 1, 3), At(Noise, 2, 10)), Is.Empty);
        Assert.That(Doubts(At(Iterative, 1, 3), At(Noise, 2, 3)).Select(d => d.Check), Is.EqualTo(new[] { "weaker-than-noise" }));
    }

    [TestCase("""{"steps":9}""", """{"steps":3}""", true)]
    [TestCase("""{"queries":9}""", """{"queries":3}""", true)]
    [TestCase("""{"steps":3}""", """{"steps":9}""", false)]
    [TestCase("""{"a":1,"steps":9}""", """{"a":2,"steps":3}""", false, Description = "more differs")]
    [TestCase("""{"restarts":9}""", """{"restarts":3}""", false, Description = "no option of effort")]
    [TestCase("""{"steps":"many"}""", """{"steps":"few"}""", false, Description = "not a number")]
    [TestCase("""{"steps":9.5}""", """{"steps":3}""", false, Description = "not a count")]
    [TestCase("""{"steps":9}""", """{"steps":null}""", false, Description = "left to the attack")]
    public void More_steps_must_not_find_less(string strong, string weak, bool isDoubted) =>
        Assert.That(
            Doubts(Evidence.Compared(Iterative, 1, options: strong), Evidence.Compared(Iterative, 2, options: weak)).Select(d => d.Check),
            isDoubted ? Is.EqualTo(new[] { "not-monotone-in-steps" }) : Is.Empty
        );

    [Test]
    public void A_gain_2_percent_smaller_is_no_shortfall()
    {
        Assert.That(new CellPair(Evidence.Compared(Iterative, 0.99), Evidence.Compared(OneStep, 1)).DescribeShortfall(), Is.Null);
        Assert.That(new CellPair(Evidence.Compared(Iterative, 0.97), Evidence.Compared(OneStep, 1)).DescribeShortfall(), Is.Not.Null);
    }

    [TestCase(false, 2, false)]
    [TestCase(false, 3, true)]
    [TestCase(true, 5, false, Description = "a single step overshoots")]
    [TestCase(true, 6, true)]
    public void Some_clips_may_gain_less(bool isOneStep, int worse, bool isShort)
    {
        // The mean is larger by far.
        double[] strong = [.. Enumerable.Range(0, 10).Select(clip => clip < worse ? 0.5 : 100)];
        double[] weak = [.. Enumerable.Repeat(1.0, 10)];
        var pair = new CellPair(
            Evidence.Compared(isOneStep ? OneStep : Iterative, 1) with
            {
                Gains = strong,
            },
            Evidence.Compared(Noise, 1) with
            {
                Gains = weak,
            }
        );
        Assert.That(pair.DescribeShortfall() is not null, Is.EqualTo(isShort));
    }

    [Test]
    public void Cells_of_one_model_seed_domain_and_objective_are_compared_and_the_stronger_one_is_doubted()
    {
        CellOutcome strong = Outcome(1, Iterative, gain: 1);
        CellOutcome weak = Outcome(2, OneStep, gain: 2);
        ILookup<int, Doubt> doubts = Examination.CompareCells([strong, weak]);
        Assert.That(doubts.Select(d => d.Key), Is.EqualTo(new[] { 1 }));
        Assert.That(doubts[1].Single().Check, Is.EqualTo("weaker-than-one-step"));

        Assert.That(Examination.CompareCells([strong, weak with { Cell = weak.Cell with { Seed = 2 } }]), Is.Empty);
        Assert.That(Examination.CompareCells([strong, weak with { Result = null, Failure = "it failed" }]), Is.Empty);
        Assert.That(Examination.CompareCells([Outcome(1, Iterative with { MinimisesNorm = true }, gain: 1), weak]), Is.Empty);
    }

    private static IEnumerable<Doubt> Doubts(ComparedCell strong, ComparedCell weak) =>
        CheckList.OfPairs.SelectMany(c => c.Examine(new CellPair(strong, weak)));

    private static PluginDescriptor Knowing(string id, AttackKnowledge knowledge) =>
        Evidence.Plugin(PluginKind.Attack, id) with
        {
            Knowledge = knowledge,
        };

    private static CellOutcome Outcome(int index, PluginDescriptor attack, float gain)
    {
        Cell cell = Evidence.Cell(attack, new Budget(Norm.Linf, 0.1)) with { Index = index };
        var size = new PerturbationSize(0.1, 0.1, 1, 1, null);
        var result = new CellResult
        {
            Key = "key",
            ModelKey = "model",
            Metrics = new Dictionary<string, MetricResult>(StringComparer.Ordinal),
            ClippedMetrics = new Dictionary<string, MetricResult>(StringComparer.Ordinal),
            OutOfRange = default!,
            Size = size,
            ForwardCalls = 1,
            GradientCalls = 1,
            Seconds = 1,
            Objective = new ObjectiveValues([1, 1], [1 + gain, 1 + gain]),
        };
        return new CellOutcome(cell, result, null, FromStore: false);
    }
}
