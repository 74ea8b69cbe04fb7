using static MerBench.Attacks.Gradient.Tests.Scenario;
using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient.Tests;

/// <summary>On a linear objective w.x the best perturbation of a ball is known: sign(w) eps for linf, w/|w| eps for l2 and snr.</summary>
public sealed class LinearOptimumTests
{
    private static IEnumerable<IAttack> Attacks() =>
        [
            new Fgsm(),
            new Pgd(new PgdOptions(Steps: 60)),
            new Pgd(new PgdOptions(Steps: 60, RandomStart: false)),
            new Pgd(new PgdOptions(Steps: 60, Momentum: 0.9, Restarts: 2)),
            new Apgd(new ApgdOptions(Steps: 60)),
            new Apgd(new ApgdOptions(Steps: 60, RandomStart: false)),
            new Apgd(new ApgdOptions(Steps: 60, Restarts: 2)),
            new Bim(new BimOptions()),
        ];

    [TestCaseSource(nameof(Attacks))]
    public void Linf_attacks_reach_the_corner_that_the_signs_name(IAttack attack)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        Tensor input = randn(3, 4, 5),
            weights = randn(4, 5);
        Tensor delta = attack.Perturb(Raising(Linear(weights), input, new Budget(Norm.Linf, 0.1)), CancellationToken.None) - input;
        Assert.That(Floats(delta), Is.EqualTo(Floats(weights.sign().mul(0.1f).expand(3, 4, 5))).Within(1e-6));
    }

    [TestCaseSource(nameof(Attacks))]
    public void L2_attacks_reach_the_point_along_the_weights(IAttack attack)
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        Tensor input = randn(3, 4, 5),
            weights = randn(4, 5);
        Tensor delta = attack.Perturb(Raising(Linear(weights), input, new Budget(Norm.L2, 0.5)), CancellationToken.None) - input;
        Assert.That(Floats(delta), Is.EqualTo(Floats((weights / weights.norm() * 0.5f).expand(3, 4, 5))).Within(2e-4));
    }

    [TestCaseSource(nameof(Attacks))]
    public void Snr_attacks_reach_the_point_along_the_weights_at_each_clips_own_radius(IAttack attack)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        Tensor loudness = tensor(new[] { 1f, 0.1f, 5f }).reshape(3, 1);
        Tensor input = randn(3, 50) * loudness,
            weights = randn(50);
        Tensor delta = attack.Perturb(Raising(Linear(weights), input, new Budget(Norm.Snr, 20)), CancellationToken.None) - input;
        Tensor radius = input.norm(1, keepdim: true) * 0.1f; // 20 dB is a tenth of the amplitude
        Assert.That(Floats(delta / radius), Is.EqualTo(Floats((weights / weights.norm()).expand(3, 50))).Within(1e-3));
    }

    [TestCaseSource(nameof(Attacks))]
    public void The_box_cuts_the_corner_where_the_clip_lies_at_its_edge(IAttack attack)
    {
        using var scope = NewDisposeScope();
        Tensor input = tensor(new[] { 0.95f, -0.95f, 0.95f, -1f }).reshape(1, 4),
            weights = tensor(new[] { 1f, -1f, -1f, 2f });
        Tensor perturbed = attack.Perturb(
            Raising(Linear(weights), input, new Budget(Norm.Linf, 0.1), new Box(-1, 1)),
            CancellationToken.None
        );
        Assert.That(Floats(perturbed), Is.EqualTo(new[] { 1f, -1f, 0.85f, -0.9f }).Within(1e-6));
    }

    [TestCaseSource(nameof(Attacks))]
    public void Tiny_gradients_steer_as_well_as_large_ones(IAttack attack)
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        Tensor input = randn(2, 30),
            weights = randn(30);
        Tensor Delta(double scale) =>
            attack.Perturb(Raising(Linear(weights * scale), input, new Budget(Norm.L2, 0.5)), CancellationToken.None) - input;
        Assert.That(Floats(Delta(1e-25)), Is.EqualTo(Floats(Delta(1))).Within(1e-4));
    }
}
