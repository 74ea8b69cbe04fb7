using MerBench.Host.Hearing;
using static TorchSharp.torch;

namespace MerBench.Tests.Hearing;

public sealed class LoudestWithinTests
{
    private const int Rate = 22_050;

    private static double Excess(Tensor clean, Tensor perturbed) => new MaskedClip(clean, Rate).Excess(perturbed - clean);

    [TestCase(-6, 1e-4)]
    [TestCase(3, 1e-4)]
    [TestCase(3, 0.1)]
    public void A_perturbation_is_scaled_up_or_down_to_just_within_the_bound(double bound, double size)
    {
        using var scope = NewDisposeScope();
        manual_seed(71);
        Tensor clean = randn(Rate) * 0.05,
            perturbed = clean + (randn(Rate) * size),
            delta = perturbed - clean,
            scaled = new LoudestWithin(clean, Rate, bound).Scale(perturbed);
        Assert.That(Excess(clean, scaled), Is.InRange(bound - 0.01, bound));
        Tensor factor = (scaled - clean).dot(delta) / delta.dot(delta);
        Assert.That((scaled - clean - (factor * delta)).abs().max().item<float>(), Is.LessThan(1e-7), "it is the same but for its size");
    }

    // What the box cuts is no multiple any more: the closed form does not hold, and halving has to find the size.
    [Test]
    public void Where_the_box_cuts_the_waveform_the_bound_holds_all_the_same()
    {
        using var scope = NewDisposeScope();
        manual_seed(72);
        Tensor clean = (randn(Rate) * 0.6).clamp(-1, 1),
            scaled = new LoudestWithin(clean, Rate, 3).Scale((clean + (randn(Rate) * 1e-3)).clamp(-1, 1));
        Assert.That(scaled.abs().max().item<float>(), Is.LessThanOrEqualTo(1));
        Assert.That(Excess(clean, scaled), Is.InRange(2.0, 3.0));
    }

    [Test]
    public void What_was_not_changed_stays()
    {
        using var scope = NewDisposeScope();
        Tensor clean = zeros(Rate);
        Assert.That(new LoudestWithin(clean, Rate, 3).Scale(clean).equal(clean).all().item<bool>());
    }
}
