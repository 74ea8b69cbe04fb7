using static MerBench.Attacks.Gradient.Tests.Scenario;
using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient.Tests;

/// <summary>A clip's perturbation depends on the clip and its stream, and on nothing else.</summary>
public sealed class IndependenceTests
{
    private static readonly string[] Ids = ["a", "b", "c", "d"];

    private static IEnumerable<Budget> Budgets() => [new(Norm.Linf, 0.2), new(Norm.L2, 0.7), new(Norm.Snr, 18)];

    private static readonly IAttack Pgd = new Pgd(new PgdOptions(Steps: 12, Restarts: 3, Momentum: 0.5)),
        Apgd = new Apgd(new ApgdOptions(Steps: 30, Restarts: 2));

    private static float[] Attack(IAttack attack, Tensor input, Budget budget, params string[] ids) =>
        Floats(attack.Perturb(Raising(Nonlinear(24), input, budget, new Box(-4, 4), ids), CancellationToken.None));

    private static IEnumerable<TestCaseData> AttacksAndBudgets() =>
        from attack in new[] { Pgd, Apgd }
        from budget in Budgets()
        select new TestCaseData(attack, budget);

    [TestCaseSource(nameof(AttacksAndBudgets))]
    public void A_clip_alone_gets_the_perturbation_that_it_gets_in_a_batch(IAttack attack, Budget budget)
    {
        using var scope = NewDisposeScope();
        manual_seed(9);
        Tensor input = randn(4, 4, 6);
        float[] together = Attack(attack, input, budget, Ids);
        float[] alone = [.. Enumerable.Range(0, 4).SelectMany(i => Attack(attack, input[i].unsqueeze(0), budget, Ids[i]))];
        float[] reversed = Attack(attack, input.flip(0), budget, [.. Ids.Reverse()]);
        Assert.That(alone, Is.EqualTo(together));
        Assert.That(reversed.Chunk(24).Reverse().SelectMany(row => row), Is.EqualTo(together));
    }

    [TestCaseSource(nameof(AttacksAndBudgets))]
    public void Running_twice_gives_the_same_bits_and_another_stream_other_ones(IAttack attack, Budget budget)
    {
        using var scope = NewDisposeScope();
        manual_seed(10);
        Tensor input = randn(4, 4, 6);
        Assert.That(Attack(attack, input, budget, Ids), Is.EqualTo(Attack(attack, input, budget, Ids)));
        Assert.That(Attack(attack, input, budget, "e", "f", "g", "h"), Is.Not.EqualTo(Attack(attack, input, budget, Ids)));
    }

    [Test]
    public void A_clip_without_a_usable_gradient_stays_clean_and_leaves_the_others_alone(
        [Values] Norm norm,
        [Values(0f, float.NaN)] float broken
    )
    {
        using var scope = NewDisposeScope();
        manual_seed(11);
        Tensor input = randn(2, 5);
        input[0, 0] = tensor(100f);
        Tensor Value(Tensor x) => x.sum(1) * where(x[.., 0] > 50, broken, 1f);
        var budget = new Budget(norm, norm == Norm.Snr ? 20 : 0.3);
        foreach (
            IAttack attack in new IAttack[]
            {
                new Fgsm(),
                new Pgd(new PgdOptions()),
                new Pgd(new PgdOptions(Momentum: 0.9)),
                new Apgd(new ApgdOptions()),
                new Bim(new BimOptions()),
            }
        )
        {
            Tensor perturbed = attack.Perturb(Raising(Value, input, budget), CancellationToken.None);
            Assert.That(Floats(perturbed[0]), Is.EqualTo(Floats(input[0])), $"{attack.GetType().Name}: broken clip");
            Assert.That((perturbed[1] - input[1]).min().item<float>(), Is.GreaterThan(0), $"{attack.GetType().Name}: healthy clip");
        }
    }

    [Test]
    public void A_gradient_that_is_infinite_in_places_is_followed_elsewhere([Values] Norm norm)
    {
        using var scope = NewDisposeScope();
        Tensor input = ones(1, 4),
            weights = tensor(new[] { 1f, float.PositiveInfinity, float.NaN, -1f });
        var budget = new Budget(norm, norm == Norm.Snr ? 20 : 0.3);
        Tensor delta = new Fgsm().Perturb(Raising(Linear(weights), input, budget), CancellationToken.None) - input;
        Assert.That(Floats(delta.sign()), Is.EqualTo(new[] { 1f, 0f, 0f, -1f }));
    }

    [Test]
    public void A_silent_clip_under_an_snr_budget_comes_back_silent()
    {
        using var scope = NewDisposeScope();
        AttackContext context = Raising(Linear(ones(5)), zeros(1, 5), new Budget(Norm.Snr, 20));
        Assert.That(Floats(new Pgd(new PgdOptions()).Perturb(context, CancellationToken.None)), Is.All.EqualTo(0f));
        Assert.That(Floats(new Fgsm().Perturb(context, CancellationToken.None)), Is.All.EqualTo(0f));
    }
}
