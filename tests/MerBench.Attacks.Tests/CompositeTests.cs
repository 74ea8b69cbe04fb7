using MerBench.Attacks.Composite;
using static MerBench.Attacks.Gradient.Tests.Scenario;
using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient.Tests;

public sealed class CompositeTests
{
    private static readonly Budget Linf = new(Norm.Linf, 0.3);

    [Test]
    public void An_ensemble_keeps_the_better_attack_of_each_clip_and_says_which()
    {
        using var scope = NewDisposeScope();
        Tensor input = zeros(2, 4);
        AttackContext context = Raising(x => x.sum(1) * tensor(new[] { 1f, -1f }), input, Linf);
        Tensor perturbed = new Ensemble(new EnsembleOptions([new Fixed("up", 0.1f), new Fixed("down", -0.2f)])).Perturb(
            context,
            CancellationToken.None
        );
        Assert.That(Floats(perturbed[0]), Is.All.EqualTo(0.1f));
        Assert.That(Floats(perturbed[1]), Is.All.EqualTo(-0.2f));
        Assert.That(context.Notes.Select(n => n["winner"]), Is.EqualTo(new[] { "up", "down" }));
    }

    [Test]
    public void Where_no_attack_helps_the_clean_clip_wins()
    {
        using var scope = NewDisposeScope();
        AttackContext context = Raising(x => x.sum(1), zeros(1, 4), Linf);
        Tensor perturbed = new Ensemble(new EnsembleOptions([new Fixed("down", -0.2f)])).Perturb(context, CancellationToken.None);
        Assert.That(Floats(perturbed), Is.All.EqualTo(0f));
        Assert.That(context.Notes[0]["winner"], Is.EqualTo("none"));
    }

    [Test]
    public void A_transfer_asks_the_attacked_model_nothing_and_goes_where_the_other_one_points()
    {
        using var scope = NewDisposeScope();
        Tensor input = zeros(2, 4);
        AttackContext context = Raising(
            x => -x.sum(1),
            input,
            Linf,
            surrogates: name => x => new ModelOutput(x.sum(1).unsqueeze(1) * (name == "other" ? 1 : float.NaN))
        );
        Tensor perturbed = new Transfer(new TransferOptions(new Chosen("fgsm", () => new Fgsm()), "other")).Perturb(
            context,
            CancellationToken.None
        );
        Assert.That(Floats(perturbed), Is.All.EqualTo(0.3f));
        Assert.That(context.ForwardCalls, Is.All.Zero);
    }

    [Test]
    public void A_universal_perturbation_is_one_for_all_clips_and_the_best_one_of_a_linear_model([Values] Norm norm)
    {
        using var scope = NewDisposeScope();
        manual_seed(41);
        Tensor weights = randn(20),
            training = randn(30, 20),
            test = randn(3, 20);
        var budget = new Budget(norm, norm == Norm.Snr ? 20 : 0.5);
        using var attack = new Universal(new UniversalOptions(Epochs: 20, Batch: 8));
        AttackContext fit = Raising(Linear(weights), training, budget),
            use = Raising(Linear(weights), test, budget);
        attack.Fit(fit, CancellationToken.None);
        Tensor delta = attack.Perturb(use, CancellationToken.None) - test;
        Tensor best = norm == Norm.Linf ? weights.sign() : weights / weights.norm();
        Assert.That((delta - (best * budget.Radius(test))).abs().max().item<float>(), Is.LessThan(norm == Norm.Linf ? 1e-5 : 0.02));
        Assert.That(fit.GradientCalls, Is.All.EqualTo(20));
        Assert.That(use.ForwardCalls, Is.All.Zero);
    }

    private sealed class Fixed(string id, float change) : AttackChoice, IAttack
    {
        public override string Id => id;

        public override IAttack Create() => this;

        public Tensor Perturb(AttackContext context, CancellationToken cancel) => context.Input + change;
    }

    private sealed class Chosen(string id, Func<IAttack> create) : AttackChoice
    {
        public override string Id => id;

        public override IAttack Create() => create();
    }
}
