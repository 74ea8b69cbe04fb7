using static MerBench.Attacks.Gradient.Tests.Scenario;
using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient.Tests;

public sealed class AccountingTests
{
    private static readonly Budget Linf = new(Norm.Linf, 0.3);

    [TestCase(1, true, 8, 7)]
    [TestCase(3, true, 22, 21)]
    [TestCase(1, false, 8, 7)]
    public void Pgd_makes_steps_times_restarts_gradient_calls_and_one_forward_call_a_restart(
        int restarts,
        bool randomStart,
        int forward,
        int gradient
    )
    {
        using var scope = NewDisposeScope();
        AttackContext context = Raising(Nonlinear(6), randn(2, 6), Linf);
        new Pgd(new PgdOptions(Steps: 7, Restarts: restarts, RandomStart: randomStart)).Perturb(context, CancellationToken.None);
        long expected = gradient + restarts + (randomStart ? 1 : 0);
        Assert.That(context.GradientCalls, Is.All.EqualTo(gradient));
        Assert.That(context.ForwardCalls, Is.All.EqualTo(expected));
    }

    [TestCase(1, true)]
    [TestCase(3, true)]
    [TestCase(1, false)]
    public void Apgd_makes_as_many_calls_as_pgd(int restarts, bool randomStart)
    {
        using var scope = NewDisposeScope();
        AttackContext context = Raising(Nonlinear(6), randn(2, 6), Linf);
        new Apgd(new ApgdOptions(Steps: 7, Restarts: restarts, RandomStart: randomStart)).Perturb(context, CancellationToken.None);
        // It goes back to its best point, whose answer it knows.
        Assert.That(context.GradientCalls.Zip(context.SparedCalls, (made, spared) => made + spared), Is.All.EqualTo(7 * restarts));
        Assert.That(
            context.ForwardCalls.Zip(context.SparedCalls, (made, spared) => made + spared),
            Is.All.EqualTo((8 * restarts) + (randomStart ? 1 : 0))
        );
    }

    [Test]
    public void Bim_makes_one_gradient_call_a_step()
    {
        using var scope = NewDisposeScope();
        AttackContext context = Raising(Nonlinear(6), randn(2, 6), Linf);
        new Bim(new BimOptions(Steps: 5)).Perturb(context, CancellationToken.None);
        Assert.That(context.GradientCalls, Is.All.EqualTo(5));
        Assert.That(context.ForwardCalls, Is.All.EqualTo(5));
    }

    [Test]
    public void Fgsm_makes_one_gradient_call()
    {
        using var scope = NewDisposeScope();
        AttackContext context = Raising(Nonlinear(6), randn(2, 6), Linf);
        new Fgsm().Perturb(context, CancellationToken.None);
        Assert.That(context.GradientCalls, Is.All.EqualTo(1));
        Assert.That(context.ForwardCalls, Is.All.EqualTo(1));
    }

    [Test]
    public void Progress_rises_to_one()
    {
        using var scope = NewDisposeScope();
        var reported = new List<double>();
        AttackContext context = Raising(Nonlinear(6), randn(2, 6), Linf, progress: new Recorder(reported));
        new Pgd(new PgdOptions(Steps: 4, Restarts: 2)).Perturb(context, CancellationToken.None);
        Assert.That(reported, Is.EqualTo(Enumerable.Range(1, 8).Select(i => i / 8.0)).Within(1e-12));
    }

    [Test]
    public void Cancelling_stops_at_the_next_step()
    {
        using var scope = NewDisposeScope();
        using var cancel = new CancellationTokenSource();
        int calls = 0;
        Tensor CancelsInThird(Tensor x)
        {
            if (++calls == 3)
                cancel.Cancel();
            return x.flatten(1).sum(1);
        }

        AttackContext context = Raising(CancelsInThird, randn(2, 6), Linf);
        Assert.That(() => new Pgd(new PgdOptions()).Perturb(context, cancel.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(calls, Is.EqualTo(3));
    }

    [Test]
    public void Without_a_budget_the_message_says_how_to_write_one([Values("pgd", "fgsm", "apgd", "bim")] string id)
    {
        using var scope = NewDisposeScope();
        IAttack attack = id switch
        {
            "pgd" => new Pgd(new PgdOptions()),
            "apgd" => new Apgd(new ApgdOptions()),
            "bim" => new Bim(new BimOptions()),
            _ => new Fgsm(),
        };
        Assert.That(
            () => attack.Perturb(Raising(Nonlinear(6), randn(2, 6), null), CancellationToken.None),
            Throws.InstanceOf<PluginUserException>().With.Message.Contains(id).And.Message.Contains("budgets: { linf:")
        );
    }

    private sealed class Recorder(List<double> values) : IProgress<double>
    {
        public void Report(double value) => values.Add(value);
    }
}
