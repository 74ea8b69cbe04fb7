using CsCheck;
using static MerBench.Attacks.Gradient.Tests.Scenario;
using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient.Tests;

public sealed class BudgetHoldsTests
{
    private sealed record Case(
        Norm Norm,
        double Share,
        long[] Shape,
        int Steps,
        double StepSize,
        double Momentum,
        int Restarts,
        bool RandomStart,
        bool Boxed
    );

    private static readonly Gen<Case> Cases =
        from norm in Gen.Enum<Norm>()
        from share in Gen.Double[0, 1]
        from shape in Gen.Long[1, 7].Array[2, 4]
        from steps in Gen.Int[1, 6]
        from stepSize in Gen.Double[0.01, 3]
        from momentum in Gen.Int[0, 2].Select(i => i * 0.5)
        from restarts in Gen.Int[1, 3]
        from randomStart in Gen.Bool
        from boxed in Gen.Bool
        select new Case(norm, share, shape, steps, stepSize, momentum, restarts, randomStart, boxed);

    [Test]
    public void Every_attack_stays_within_budget_and_box_and_never_lowers_what_pgd_maximises() =>
        Cases.Sample(
            c =>
            {
                using var scope = NewDisposeScope();
                Tensor input = rand(c.Shape) * 2 - 1;
                Box? box = c.Boxed ? new Box(-1, 1) : null;
                var budget = new Budget(c.Norm, c.Norm == Norm.Snr ? 60 * c.Share : 2 * c.Share);
                Func<Tensor, Tensor> value = Nonlinear(input.numel() / input.shape[0]);
                AttackContext Context() => Raising(value, input, budget, box);

                var pgd = new Pgd(new PgdOptions(c.Steps, c.StepSize, c.Restarts, c.RandomStart, c.Momentum));
                Tensor byPgd = pgd.Perturb(Context(), CancellationToken.None),
                    byFgsm = new Fgsm().Perturb(Context(), CancellationToken.None);
                AssertAllowed(byPgd, input, budget, box);
                AssertAllowed(byFgsm, input, budget, box);
                Tensor byApgd = new Apgd(new ApgdOptions(c.Steps * 4, c.Restarts, c.RandomStart)).Perturb(
                    Context(),
                    CancellationToken.None
                );
                AssertAllowed(byApgd, input, budget, box);
                AssertAllowed(new Bim(new BimOptions(c.Steps)).Perturb(Context(), CancellationToken.None), input, budget, box);
                Assert.That((value(byApgd) - value(input)).min().item<float>(), Is.GreaterThanOrEqualTo(0));
                Assert.That((value(byPgd) - value(input)).min().item<float>(), Is.GreaterThanOrEqualTo(0));
            },
            iter: 150,
            threads: 1
        );

    private static void AssertAllowed(Tensor perturbed, Tensor input, Budget budget, Box? box)
    {
        Assert.That(perturbed.shape, Is.EqualTo(input.shape));
        Assert.That(perturbed.isfinite().all().item<bool>());

        // Two roundings of numbers of size |x| + radius, in as many elements as the norm adds up.
        Tensor radius = budget.Radius(input).flatten(),
            delta = (perturbed - input).flatten(1);
        Tensor size = budget.Norm == Norm.Linf ? delta.abs().amax([1]) : delta.norm(1);
        Tensor rounding = 2.4e-7 * (input.flatten(1).norm(1) + radius);
        Assert.That((size - radius - rounding).max().item<float>(), Is.LessThanOrEqualTo(0));
        if (box is { } b)
            Assert.That(perturbed.min().item<float>() >= b.Minimum && perturbed.max().item<float>() <= b.Maximum);
    }
}
