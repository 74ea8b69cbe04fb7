using MerBench.Attacks.Query;
using static MerBench.Attacks.Gradient.Tests.Scenario;
using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient.Tests;

/// <summary>Attacks that only ask for predictions.</summary>
public sealed class QueryAttackTests
{
    private static IEnumerable<string> Ids() => ["random", "square", "nes", "spsa"];

    private static IEnumerable<TestCaseData> IdsAndNorms() =>
        from id in Ids()
        from norm in Enum.GetValues<Norm>()
        select new TestCaseData(id, norm);

    private static IAttack Attack(string id, int queries) =>
        id switch
        {
            "random" => new RandomSearch(new RandomSearchOptions(queries)),
            "square" => new Square(new SquareOptions(queries)),
            "nes" => new Nes(new EstimatedGradientOptions(queries)),
            _ => new Spsa(new EstimatedGradientOptions(queries)),
        };

    private static Budget Of(Norm norm) =>
        new(
            norm,
            norm == Norm.Snr ? 15
                : norm == Norm.L2 ? 0.8
                : 0.2
        );

    [TestCaseSource(nameof(IdsAndNorms))]
    public void Budget_and_box_are_kept_the_objective_never_falls_and_no_gradient_is_asked(string id, Norm norm)
    {
        using var scope = NewDisposeScope();
        foreach (long[] shape in new long[][] { [3, 9, 7], [3, 200] })
        {
            Tensor input = (rand(shape) * 2) - 1;
            Func<Tensor, Tensor> value = Nonlinear(input.numel() / 3);
            AttackContext context = Raising(value, input, Of(norm), new Box(-1, 1));
            Tensor perturbed = Attack(id, 90).Perturb(context, CancellationToken.None);
            Tensor size = Of(norm).Measure(perturbed - input, input);
            Assert.That(size.isfinite().all().item<bool>(), "each clip was changed");
            Assert.That(
                norm == Norm.Snr ? (size - 15).min().item<float>() : (Of(norm).Size - size).min().item<float>(),
                Is.GreaterThan(-1e-4)
            );
            Assert.That(perturbed.abs().max().item<float>(), Is.LessThanOrEqualTo(1));
            Assert.That((value(perturbed) - value(input)).min().item<float>(), Is.GreaterThan(0));
            Assert.That(context.GradientCalls, Is.All.Zero);
            Assert.That(context.ForwardCalls, Is.All.InRange(85, 90));
        }
    }

    [TestCaseSource(nameof(Ids))]
    public void Queries_are_a_hard_limit(string id)
    {
        using var scope = NewDisposeScope();
        foreach (int queries in new[] { 4, 5, 37, 38, 42 })
        {
            AttackContext context = Raising(Nonlinear(12), randn(2, 12), Of(Norm.Linf));
            Attack(id, queries).Perturb(context, CancellationToken.None);
            Assert.That(context.ForwardCalls, Is.All.InRange(3, queries), $"{queries} queries");
        }
    }

    [TestCaseSource(nameof(IdsAndNorms))]
    public void A_clip_alone_gets_the_perturbation_that_it_gets_in_a_batch(string id, Norm norm)
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        Tensor input = randn(3, 4, 6);
        string[] ids = ["a", "b", "c"];
        float[] Result(Tensor clips, params string[] names) =>
            Floats(Attack(id, 120).Perturb(Raising(Nonlinear(24), clips, Of(norm), ids: names), CancellationToken.None));
        float[] together = Result(input, ids);
        Assert.That(Enumerable.Range(0, 3).SelectMany(i => Result(input[i].unsqueeze(0), ids[i])), Is.EqualTo(together));
        Assert.That(Result(input, ids), Is.EqualTo(together));
    }

    // Of a linear objective in d dimensions the corner gains |w|_1 eps.
    [TestCase("square", 0.9)]
    [TestCase("nes", 0.9)]
    [TestCase("spsa", 0.9)]
    public void On_a_linear_objective_most_of_what_is_possible_is_reached(string id, double share)
    {
        using var scope = NewDisposeScope();
        manual_seed(6);
        Tensor input = randn(4, 5, 4),
            weights = randn(5, 4);
        var budget = new Budget(Norm.Linf, 0.1);
        Tensor delta = Attack(id, 2000).Perturb(Raising(Linear(weights), input, budget), CancellationToken.None) - input;
        Assert.That((delta * weights).sum([1, 2]).min().item<float>(), Is.GreaterThan(share * 0.1 * weights.abs().sum().item<float>()));
    }

    [Test]
    public void Searching_beats_drawing_at_equal_queries([Values("square", "nes", "spsa")] string id, [Values] Norm norm)
    {
        using var scope = NewDisposeScope();
        manual_seed(8);
        Tensor input = randn(6, 10, 10);
        Func<Tensor, Tensor> value = Linear(randn(10, 10));
        double Reached(string attack) =>
            value(Attack(attack, 600).Perturb(Raising(value, input, Of(norm)), CancellationToken.None)).mean().item<float>();
        Assert.That(Reached(id), Is.GreaterThan(Reached("random")));
    }

    [TestCaseSource(nameof(Ids))]
    public void Without_a_budget_the_message_says_how_to_write_one(string id)
    {
        using var scope = NewDisposeScope();
        Assert.That(
            () => Attack(id, 10).Perturb(Raising(Nonlinear(6), randn(2, 6), null), CancellationToken.None),
            Throws.InstanceOf<PluginUserException>().With.Message.Contains($"'{id}'").And.Message.Contains("budgets: { linf:")
        );
    }
}
