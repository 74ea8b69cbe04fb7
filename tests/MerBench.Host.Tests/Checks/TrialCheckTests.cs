using MerBench.Host.Checks.Cells;
using MerBench.Host.Results;

namespace MerBench.Tests.Checks;

/// <summary>A few clips attacked once more.</summary>
public sealed class TrialCheckTests
{
    [TestCase(0.1, 0.25, false)]
    [TestCase(0.1, 0.15, true, Description = "less than the mean rating's error")]
    [TestCase(0.5, 0.55, true, Description = "a model worse than the mean: half of the mean's error on top")]
    [TestCase(0.5, 0.65, false)]
    public void With_a_budget_that_allows_anything_the_error_must_be_that_of_the_mean_rating(double clean, double attacked, bool isDoubted)
    {
        Budget? asked = null;
        CellEvidence cell = Evidence.HonestCell with
        {
            Trials = new Evidence.Trials
            {
                Within = budget =>
                {
                    asked = budget;
                    return new TrialErrors(clean, attacked, OfMeanRating: 0.2);
                },
            },
        };
        Doubt[] doubts = [.. new HugeBudgetCheck().Examine(cell)];
        Assert.That(asked, Is.EqualTo(new Budget(Norm.Linf, 30)));
        Assert.That(
            doubts.Select(d => d.Reason),
            isDoubted ? Has.One.StartsWith("at linf 30, which allows anything, it reaches an MAE of") : Is.Empty
        );
    }

    [TestCase(0.6, true)]
    [TestCase(0.4, false)]
    public void Where_most_predictions_lie_at_the_ends_of_their_range_a_direction_is_advised(double atEnds, bool isBounded)
    {
        CellEvidence cell = Evidence.HonestCell with
        {
            Trials = new Evidence.Trials { Within = _ => new TrialErrors(0.4, 0.41, OfMeanRating: 0.2, atEnds) },
        };
        string reason = new HugeBudgetCheck().Examine(cell).Single().Reason;
        Assert.That(
            reason,
            isBounded ? Does.Contain("'mse' has nowhere to go; attack in a direction") : Does.Contain("hides the gradient")
        );
    }

    [Test]
    public void An_attack_of_one_step_or_without_gradients_or_an_error_is_not_tried_at_a_huge_budget()
    {
        CellEvidence failing = Evidence.HonestCell with
        {
            Trials = new Evidence.Trials { Within = _ => new TrialErrors(Clean: 0.1, Attacked: 0.1, OfMeanRating: 0.2) },
        };
        var check = new HugeBudgetCheck();
        Assert.That(check.Examine(failing), Is.Not.Empty);
        Assert.That(check.Examine(failing with { Objective = "mae" }), Is.Not.Empty);
        Assert.That(check.Examine(failing with { Objective = "pearson" }), Is.Empty);
        Assert.That(check.Examine(failing with { Budget = null }), Is.Empty);
        Assert.That(check.Examine(failing with { Attack = failing.Attack with { IsIterative = false } }), Is.Empty);
        Assert.That(check.Examine(failing with { Attack = failing.Attack with { Knowledge = AttackKnowledge.Queries } }), Is.Empty);
    }

    [Test]
    public void A_huge_budget_keeps_its_norm_and_is_as_wide_as_inputs()
    {
        var wave = new Box(-1, 1);
        Assert.That(HugeBudgetCheck.Widen(new Budget(Norm.Linf, 0.1), wave, 100), Is.EqualTo(new Budget(Norm.Linf, 2)));
        Assert.That(HugeBudgetCheck.Widen(new Budget(Norm.L2, 0.1), wave, 100), Is.EqualTo(new Budget(Norm.L2, 20)));
        Assert.That(HugeBudgetCheck.Widen(new Budget(Norm.Snr, 40), wave, 100), Is.EqualTo(new Budget(Norm.Snr, -30)));
        Assert.That(HugeBudgetCheck.Widen(new Budget(Norm.Linf, 50), null, 100), Is.EqualTo(new Budget(Norm.Linf, 50)));
    }

    [TestCase(3.01f, false)]
    [TestCase(3.1f, true)]
    public void A_faster_format_must_gain_what_fp32_gains(float inFp32, bool isDoubted)
    {
        CellEvidence cell = Evidence.HonestCell with
        {
            Precision = Precision.Bf16,
            Clean = [1, 100],
            Perturbed = [3, 900],
            Trials = new Evidence.Trials { InFp32 = [inFp32] },
        };
        Assert.That(
            new PrecisionCheck().Examine(cell).Select(d => d.Reason),
            isDoubted
                ? Is.EqualTo(
                    new[] { "in bf16 it gained 2 on 1 clips, in fp32 2.1: 4.8 % apart; leave 'precision' out, or give it more steps" }
                )
                : Is.Empty
        );
    }

    [Test]
    public void In_fp32_and_for_what_was_crafted_elsewhere_nothing_is_compared()
    {
        CellEvidence transfer = Evidence.HonestCell with
        {
            Precision = Precision.Bf16,
            Attack = Evidence.IterativeAttack with { Knowledge = AttackKnowledge.Transfer },
        };
        Assert.That(new PrecisionCheck().Examine(Evidence.HonestCell), Is.Empty);
        Assert.That(new PrecisionCheck().Examine(transfer), Is.Empty);
    }
}
