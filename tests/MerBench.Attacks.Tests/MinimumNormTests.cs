using MerBench.Attacks.Query;
using static MerBench.Attacks.Gradient.Tests.Scenario;
using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient.Tests;

/// <summary>On a linear model w.x the smallest perturbation that moves it by the tolerance t is known: t / |w|_1 in linf, t / |w|_2 in
/// l2.</summary>
public sealed class MinimumNormTests
{
    // A tenth of the scale, which is what a context has unless told otherwise.
    private const double Tolerance = 0.1;

    private static IEnumerable<TestCaseData> Gradients() =>
        [
            new(new Fmn(new FmnOptions(Steps: 200)), Norm.Linf, 1.05),
            new(new Fmn(new FmnOptions(Steps: 200, Norm: Norm.L2)), Norm.L2, 1.05),
            new(new Ddn(new DdnOptions(Steps: 300, Gamma: 0.02)), Norm.L2, 1.06),
            new(new CarliniWagner(new CarliniWagnerOptions(Steps: 200, Searches: 9)), Norm.L2, 1.10),
            new(new Boundary(new BoundaryOptions(Queries: 4000)), Norm.L2, 2),
        ];

    [TestCaseSource(nameof(Gradients))]
    public void The_smallest_success_on_a_linear_model_is_nearly_the_known_one(IAttack attack, Norm norm, double factor)
    {
        using var scope = NewDisposeScope();
        manual_seed(21);
        Tensor weights = randn(30),
            input = randn(5, 30);
        Tensor perturbed = attack.Perturb(Raising(Linear(weights), input, null), CancellationToken.None);
        double dual = norm == Norm.Linf ? weights.abs().sum().item<float>() : weights.norm().item<float>();
        Tensor size = new Budget(norm, 0).Measure(perturbed - input, input) * (dual / Tolerance),
            shift = ((perturbed - input) * weights).sum(1) / Tolerance;
        Assert.That(shift.min().item<float>(), Is.GreaterThanOrEqualTo(0.999), "every clip succeeds");
        Assert.That(size.min().item<float>(), Is.GreaterThanOrEqualTo(0.99), "nothing is smaller than the optimum");
        Assert.That(size.max().item<float>(), Is.LessThan(factor), "in multiples of the optimum");
    }

    [Test]
    public void On_a_bumpy_model_every_success_is_real_and_smaller_than_what_pgd_needs([Values("fmn", "ddn", "cw")] string id)
    {
        using var scope = NewDisposeScope();
        manual_seed(22);
        Tensor input = randn(12, 40);
        Func<Tensor, Tensor> value = Nonlinear(40);
        IAttack attack = id switch
        {
            "fmn" => new Fmn(new FmnOptions(Norm: Norm.L2)),
            "ddn" => new Ddn(new DdnOptions()),
            _ => new CarliniWagner(new CarliniWagnerOptions()),
        };
        Tensor found = attack.Perturb(Raising(value, input, null), CancellationToken.None) - input;
        Assert.That(((value(input + found) - value(input)) / Tolerance).min().item<float>(), Is.GreaterThanOrEqualTo(0.999));
        Tensor size = found.norm(1);

        // The next smaller ball of pgd must fail, or pgd would have found a smaller one.
        Tensor byPgd = new Pgd(new PgdOptions(Steps: 40)).Perturb(
            Raising(value, input, new Budget(Norm.L2, size.median().item<float>() * 0.5)),
            CancellationToken.None
        );
        Assert.That((((value(byPgd) - value(input)) / Tolerance) >= 1).to(ScalarType.Float32).mean().item<float>(), Is.LessThan(0.75));
    }

    [Test]
    public void With_a_budget_nothing_leaves_it_and_what_cannot_succeed_comes_close([Values(Norm.Linf, Norm.L2, Norm.Snr)] Norm norm)
    {
        using var scope = NewDisposeScope();
        manual_seed(23);
        Tensor weights = randn(30),
            input = rand(4, 30) - 0.5;
        var budget = new Budget(norm, norm == Norm.Snr ? 60 : 1e-3);
        var box = new Box(-1, 1);
        IAttack[] attacks =
        [
            new Fmn(new FmnOptions()),
            new Boundary(new BoundaryOptions(Queries: 200)),
            .. norm == Norm.Linf ? Array.Empty<IAttack>() : [new Ddn(new DdnOptions()), new CarliniWagner(new CarliniWagnerOptions())],
        ];
        foreach (IAttack attack in attacks)
        {
            Tensor perturbed = attack.Perturb(Raising(Linear(weights), input, budget, box), CancellationToken.None);
            Tensor radius = budget.Radius(input).flatten(),
                size = new Budget(norm == Norm.Linf ? Norm.Linf : Norm.L2, 0).Measure(perturbed - input, input);
            Assert.That((size - radius).max().item<float>(), Is.LessThan(1e-6), attack.GetType().Name);
            Assert.That(((perturbed - input) * weights).sum(1).min().item<float>(), Is.GreaterThan(0), attack.GetType().Name);
        }
    }

    [Test]
    public void Budgets_in_linf_are_refused_by_attacks_that_minimise_l2()
    {
        using var scope = NewDisposeScope();
        AttackContext Context() => Raising(Nonlinear(6), randn(2, 6), new Budget(Norm.Linf, 0.1));
        Assert.That(
            () => new Ddn(new DdnOptions()).Perturb(Context(), CancellationToken.None),
            Throws.InstanceOf<PluginUserException>().With.Message.Contains("fmn")
        );
        Assert.That(
            () => new CarliniWagner(new CarliniWagnerOptions()).Perturb(Context(), CancellationToken.None),
            Throws.InstanceOf<PluginUserException>().With.Message.Contains("fmn")
        );
    }

    [Test]
    public void Calls_are_as_documented()
    {
        using var scope = NewDisposeScope();
        long[] Calls(IAttack attack)
        {
            AttackContext context = Raising(Nonlinear(6), randn(2, 6), null);
            attack.Perturb(context, CancellationToken.None);
            Assert.That(context.ForwardCalls[0], Is.EqualTo(context.ForwardCalls[1]));
            return [context.GradientCalls[0], context.ForwardCalls[0]];
        }

        // One forward call more than documented: nobody handed over the clean prediction.
        Assert.That(Calls(new Fmn(new FmnOptions(Steps: 7))), Is.EqualTo(new long[] { 7, 9 }));
        Assert.That(Calls(new Ddn(new DdnOptions(Steps: 7))), Is.EqualTo(new long[] { 7, 9 }));
        Assert.That(Calls(new CarliniWagner(new CarliniWagnerOptions(Steps: 7, Searches: 3))), Is.EqualTo(new long[] { 21, 22 }));
        Assert.That(Calls(new Boundary(new BoundaryOptions(Queries: 50))), Is.EqualTo(new long[] { 0, 51 }));
    }

    [Test]
    public void A_clip_alone_gets_what_it_gets_in_a_batch([Values("fmn", "ddn", "cw", "boundary")] string id)
    {
        using var scope = NewDisposeScope();
        manual_seed(24);
        Tensor input = randn(3, 24);
        IAttack attack = id switch
        {
            "fmn" => new Fmn(new FmnOptions(Steps: 20)),
            "ddn" => new Ddn(new DdnOptions(Steps: 20)),
            "cw" => new CarliniWagner(new CarliniWagnerOptions(Steps: 10)),
            _ => new Boundary(new BoundaryOptions(Queries: 100)),
        };
        float[] together = Floats(attack.Perturb(Raising(Nonlinear(24), input, null), CancellationToken.None));
        float[] alone =
        [
            .. Enumerable
                .Range(0, 3)
                .SelectMany(i =>
                    Floats(attack.Perturb(Raising(Nonlinear(24), input[i].unsqueeze(0), null, ids: [$"clip {i}"]), CancellationToken.None))
                ),
        ];
        Assert.That(alone, Is.EqualTo(together));
    }
}
