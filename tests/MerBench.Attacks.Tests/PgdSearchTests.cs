using static MerBench.Attacks.Gradient.Tests.Scenario;
using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient.Tests;

public sealed class PgdSearchTests
{
    private static readonly Budget Linf = new(Norm.Linf, 0.3);

    // A peak at 0.2 between valleys: steps of 0.25 from 0 jump over it and end elsewhere.
    private static Tensor Peak(Tensor x) => (-(x - 0.2).square() * 50).exp().flatten(1).sum(1);

    private static Tensor Run(PgdOptions options, AttackContext context) => new Pgd(options).Perturb(context, CancellationToken.None);

    [Test]
    public void The_best_iterate_is_returned_and_not_the_last()
    {
        using var scope = NewDisposeScope();
        var seen = new List<float>();
        Tensor Watched(Tensor x)
        {
            Tensor value = Peak(x);
            seen.Add(value.item<float>());
            return value;
        }

        Tensor best = Run(new PgdOptions(Steps: 6, StepSize: 0.6, RandomStart: false), Raising(Watched, zeros(1, 1), Linf));
        Assert.Multiple(() =>
        {
            Assert.That(seen[^1], Is.LessThan(seen.Max()), "the last iterate must not be the best one for this test to say anything");
            Assert.That(Peak(best).item<float>(), Is.EqualTo(seen.Max()));
        });
    }

    [Test]
    public void The_point_after_the_last_step_counts()
    {
        using var scope = NewDisposeScope();
        Tensor best = Run(new PgdOptions(Steps: 1, StepSize: 1, RandomStart: false), Raising(Linear(ones(4)), zeros(1, 4), Linf));
        Assert.That(Floats(best), Is.All.EqualTo(0.3f));
    }

    [Test]
    public void A_clip_that_only_gets_weaker_is_returned_clean()
    {
        using var scope = NewDisposeScope();
        Tensor clean = zeros(2, 3);
        Tensor Cusp(Tensor x) => -x.abs().flatten(1).sum(1);
        Assert.That(Floats(Run(new PgdOptions(Restarts: 3), Raising(Cusp, clean, Linf))), Is.All.EqualTo(0f));
    }

    [Test]
    public void The_best_is_kept_for_each_clip_across_restarts()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        Tensor input = randn(6, 20);
        Func<Tensor, Tensor> value = Nonlinear(20);
        Tensor previous = value(input);
        foreach (int restarts in new[] { 1, 2, 5 })
        {
            Tensor next = value(Run(new PgdOptions(Steps: 5, Restarts: restarts), Raising(value, input, Linf)));
            Assert.That((next - previous).min().item<float>(), Is.GreaterThanOrEqualTo(0), $"{restarts} restarts");
            previous = next;
        }
    }

    [TestCase(Norm.Linf, 0.2)]
    [TestCase(Norm.L2, 0.6)]
    [TestCase(Norm.Snr, 15)]
    public void Pgd_harms_at_least_as_much_as_fgsm_and_fgsm_more_than_chance(Norm norm, double size)
    {
        using var scope = NewDisposeScope();
        manual_seed(6);
        Tensor input = randn(16, 20);
        var budget = new Budget(norm, size);
        Func<Tensor, Tensor> value = Nonlinear(20);
        AttackContext Context() => Raising(value, input, budget);
        Tensor noise = budget.Project(norm == Norm.Linf ? randn(16, 20).sign() * size : randn(16, 20) * 100, input);
        float chance = value(input + noise).mean().item<float>();
        float fgsm = value(new Fgsm().Perturb(Context(), CancellationToken.None)).mean().item<float>();
        float pgd = value(Run(new PgdOptions(RandomStart: false), Context())).mean().item<float>();
        Assert.That(pgd, Is.GreaterThan(fgsm));
        Assert.That(fgsm, Is.GreaterThan(chance));
    }

    [Test]
    public void Momentum_carries_the_search_through_a_gradient_that_flips()
    {
        using var scope = NewDisposeScope();

        // A slope with a ripple: without momentum the sign flips in the first dip and the search stays there.
        Tensor Rippled(Tensor x) => (x + (0.05 * (x * 60).sin())).flatten(1).sum(1);
        var budget = new Budget(Norm.Linf, 1);
        float Reach(double momentum) =>
            Run(new PgdOptions(Steps: 60, StepSize: 0.025, RandomStart: false, Momentum: momentum), Raising(Rippled, zeros(1, 1), budget))
                .item<float>();
        Assert.That(Reach(0), Is.LessThan(0.1));
        Assert.That(Reach(1), Is.GreaterThan(0.9));
    }

    [Test]
    public void The_objective_is_raised_whichever_way_it_points()
    {
        using var scope = NewDisposeScope();
        manual_seed(8);
        var emotions = new LabelSpace(["valence", "arousal", "tension"]);
        Tensor input = randn(3, 10),
            weights = randn(10, 3),
            targets = rand(3, 3);
        ModelOutput Model(Tensor x) => new(x.matmul(weights));
        foreach (string text in new[] { "+valence", "-valence", "+valence -arousal", "mse", "mae", "pearson", "ccc" })
        {
            Objective objective = Objective.Parse(text, emotions);
            var context = new AttackContext(Model, input, targets, objective, [.. "abc".Select(c => RandomStream.For($"{c}"))])
            {
                Budget = Linf,
            };
            Tensor gain =
                objective.Value(Model(Run(new PgdOptions(), context)), context.Targets) - objective.Value(Model(input), context.Targets);
            Assert.That(gain.min().item<float>(), Is.GreaterThan(0), text);
        }
    }
}
