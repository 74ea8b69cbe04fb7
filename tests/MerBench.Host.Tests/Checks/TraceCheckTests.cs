using MerBench.Host.Checks;
using MerBench.Host.Checks.Cells;
using MerBench.Host.Results;

namespace MerBench.Tests.Checks;

/// <summary>What an attack saw gives it away.</summary>
public sealed class TraceCheckTests
{
    [Test]
    public void A_gradient_that_is_no_number_is_doubted()
    {
        var check = new GradientNanCheck();
        Assert.That(check.Examine(Evidence.HonestCell), Is.Empty);
        CellEvidence one = Evidence.HonestCell with { Traces = [new ClipTrace([1, 3], [1, float.NaN]), Evidence.Climb(2, 4)] };
        Doubt doubt = check.Examine(one).Single();
        Assert.That(doubt, Is.EqualTo(new Doubt("gradient-nan", "4.5 % of the gradients hold values that are not numbers")));
    }

    [Test]
    public void Gradients_that_are_zero_for_a_clip_are_doubted()
    {
        var check = new GradientZeroCheck();
        Assert.That(check.Examine(Evidence.HonestCell with { Traces = [new ClipTrace([1, 3], [0, 1, 1])] }), Is.Empty, "fewer than half");
        CellEvidence stuck = Evidence.HonestCell with { Traces = [new ClipTrace([1, 1], [0, 1]), Evidence.Climb(2, 4)] };
        Assert.That(check.Examine(stuck).Single().Reason, Does.StartWith("for 1 of 2 clips at least half of the gradients are zero"));
        Assert.That(
            check.Examine(stuck with { Traces = [new ClipTrace([1, 1], []), Evidence.Climb(2, 4)] }),
            Is.Empty,
            "it asked for none"
        );
    }

    [Test]
    public void One_clip_in_twenty_may_have_no_gradient()
    {
        ClipTrace[] nineteen = [.. Enumerable.Repeat(Evidence.Climb(1, 3), 19)];
        var stuck = new ClipTrace([1], [0]);
        Assert.That(new GradientZeroCheck().Examine(Evidence.HonestCell with { Traces = [.. nineteen, stuck] }), Is.Empty);
        Assert.That(new GradientZeroCheck().Examine(Evidence.HonestCell with { Traces = [.. nineteen[1..], stuck] }), Is.Not.Empty);
    }

    [TestCase(9e5f, false)]
    [TestCase(2e6f, true)]
    [TestCase(float.PositiveInfinity, true)]
    public void A_gradient_a_million_times_as_long_as_the_others_explodes(float longest, bool isDoubted)
    {
        CellEvidence cell = Evidence.HonestCell with { Traces = [new ClipTrace([1, 3, 3, 3], [1, 1, 1, longest])] };
        Assert.That(
            new GradientExplodesCheck().Examine(cell).Select(d => d.Reason),
            isDoubted ? Has.One.EndsWith("where their median is 1") : Is.Empty
        );
    }

    [Test]
    public void A_search_that_still_rises_has_not_converged()
    {
        var check = new NotConvergedCheck();
        Assert.That(check.Examine(Evidence.HonestCell), Is.Empty);
        // Of a gain of 2 in 20 calls, half comes with the last.
        ClipTrace late = Late(20);
        CellEvidence rising = Evidence.HonestCell with { Traces = [late, late], Clean = [1, 1] };
        Assert.That(
            check.Examine(rising).Single().Reason,
            Is.EqualTo("the last tenth of its calls brought 50 % of its gain; give it more steps")
        );
        Assert.That(check.Examine(rising with { Traces = [Late(9), Late(9)] }), Is.Empty, "nine calls have no last tenth");

        static ClipTrace Late(int calls) => new([.. Enumerable.Repeat(2f, calls - 1), 3], [.. Enumerable.Repeat(1f, calls)]);
    }

    [TestCase(2.95f, false)]
    [TestCase(2.9f, true)]
    public void An_attack_that_does_not_return_the_best_it_saw_is_doubted(float returned, bool isDoubted)
    {
        CellEvidence cell = Evidence.HonestCell with
        {
            Clean = [1],
            Perturbed = [returned],
            Traces = [new ClipTrace([1, 3, float.NaN, 2], [1, 1, 1, 1])],
        };
        Assert.That(
            new NotTheBestCheck().Examine(cell).Select(d => d.Reason),
            isDoubted ? Is.EqualTo(new[] { "it returned points whose gain is 5 % below that of the best ones it saw" }) : Is.Empty
        );
    }

    [Test]
    public void What_the_host_scaled_is_not_compared_with_points_that_the_attack_saw()
    {
        CellEvidence cell = Evidence.HonestCell with { Perturbed = [1.1f, 2.1f] };
        Assert.That(new NotTheBestCheck().Examine(cell), Is.Not.Empty);
        Assert.That(new NotTheBestCheck().Examine(cell with { IsScaled = true }), Is.Empty);
    }

    [Test]
    public void A_search_that_gained_nothing_or_was_not_watched_lost_nothing()
    {
        ICellCheck[] checks = [new NotConvergedCheck(), new NotTheBestCheck()];
        CellEvidence flat = Evidence.HonestCell with { Traces = [Evidence.Climb(1, 1), Evidence.Climb(2, 2)], Perturbed = [0, 0] };
        CellEvidence unwatched = flat with { Traces = [new ClipTrace([], []), new ClipTrace([], [])] };
        Assert.That(checks.SelectMany(c => c.Examine(flat)), Is.Empty);
        Assert.That(checks.SelectMany(c => c.Examine(unwatched)), Is.Empty);
    }
}
