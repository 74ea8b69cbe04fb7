using static MerBench.Attacks.Gradient.Tests.Scenario;
using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient.Tests;

public sealed class ApgdTests
{
    // Croce and Hein 2020: p = 0, .22, .41, .57, .70, .80, .87, .93, .99.
    [Test]
    public void Checkpoints_are_the_papers() =>
        Assert.That(ApgdCheckpoints.Plan(100), Is.EqualTo(new[] { 22, 41, 57, 70, 80, 87, 93, 99 }));

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(5)]
    [TestCase(1000)]
    public void Checkpoints_rise_within_the_steps(int steps)
    {
        IReadOnlyList<int> found = ApgdCheckpoints.Plan(steps);
        Assert.That(found, Is.Ordered.And.Unique.And.All.InRange(1, Math.Max(1, steps - 1)));
    }

    // The objective's top lies inside of the ball: steps of fixed length circle around it, halved ones arrive.
    [Test]
    public void Halving_steps_arrive_at_a_maximum_inside_of_the_ball([Values] Norm norm)
    {
        using var scope = NewDisposeScope();
        Tensor input = ones(2, 3),
            top = tensor(new[] { 1.11f, 0.93f, 1.02f });
        Tensor Value(Tensor x) => -(x - top).square().sum(1);
        var budget = new Budget(norm, norm == Norm.Snr ? 5 : 0.5);
        double Miss(IAttack attack) =>
            (attack.Perturb(Raising(Value, input, budget), CancellationToken.None) - top).abs().max().item<float>();
        Assert.That(
            Miss(new Apgd(new ApgdOptions(Steps: 100))),
            Is.LessThan(0.006).And.LessThan(Miss(new Pgd(new PgdOptions(Steps: 100))) / 3)
        );
    }

    [Test]
    public void On_a_bumpy_objective_forty_steps_find_more_than_ten_and_ten_more_than_one()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        Tensor input = randn(64, 40);
        Func<Tensor, Tensor> value = Nonlinear(40);
        double Reached(IAttack attack) =>
            value(attack.Perturb(Raising(value, input, new Budget(Norm.L2, 3)), CancellationToken.None)).mean().item<float>();
        Assert.That(Reached(new Apgd(new ApgdOptions(Steps: 40))), Is.GreaterThan(Reached(new Apgd(new ApgdOptions(Steps: 10)))));
        Assert.That(Reached(new Apgd(new ApgdOptions(Steps: 10))), Is.GreaterThan(Reached(new Fgsm())));
    }

    // Clean predictions come from the model, those of the attack from a form of it that rounds otherwise: at the clean input the slope is
    // that of the difference, which here points down, away from what the attack looks for.
    [Test]
    public void Where_the_objective_is_flat_at_the_clean_input_rounding_does_not_lead_the_search()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        Tensor input = randn(16, 8),
            toConcepts = randn(4, 3),
            toEmotions = randn(4, 1);
        ModelOutput Predict(Tensor x) => new(x[.., ..4].matmul(toEmotions), x[.., 4..].matmul(toConcepts));
        ModelOutput clean = Predict(input);
        LabelSpace emotions = new(["valence"]);
        float[] Reached(IAttack attack)
        {
            using var context = new AttackContext(
                Predict,
                input,
                zeros(16, 1),
                Objective.Parse("concepts", emotions),
                [.. Enumerable.Range(0, 16).Select(i => RandomStream.For("flat", $"{i}"))]
            )
            {
                Budget = new Budget(Norm.Linf, 0.5),
                Emotions = emotions,
                Clean = new ModelOutput(clean.Emotion + 1e-6, clean.Concepts),
            };
            return Floats(context.Evaluate(attack.Perturb(context, CancellationToken.None)));
        }

        float[] apgd = Reached(new Apgd(new ApgdOptions(Steps: 20))),
            pgd = Reached(new Pgd(new PgdOptions(Steps: 20)));
        for (int clip = 0; clip < apgd.Length; clip++)
            Assert.That(apgd[clip], Is.GreaterThan(0.5 * pgd[clip]).And.GreaterThan(0.01), $"clip {clip}");
    }
}
