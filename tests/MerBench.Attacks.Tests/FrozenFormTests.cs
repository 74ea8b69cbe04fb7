using MerBench.Attacks.Query;
using MerBench.Models.Vgg;
using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient.Tests;

/// <summary>A model's faster form for attacks finds what the model itself lets them find.</summary>
public sealed class FrozenFormTests
{
    private const int Clips = 3, Frames = 60, Bands = 50;

    private static IEnumerable<TestCaseData> Attacks() => new (string Name, IAttack Attack)[]
    {
        ("fgsm", new Fgsm()),
        ("bim", new Bim(new BimOptions(Steps: 10))),
        ("pgd", new Pgd(new PgdOptions(Steps: 10))),
        ("apgd", new Apgd(new ApgdOptions(Steps: 10))),
        ("adam-sign", new AdamSign(new AdamSignOptions(Steps: 10))),
        ("jacobian", new Jacobian()),
        ("fmn", new Fmn(new FmnOptions(Steps: 10))),
        ("square", new Square(new SquareOptions(Queries: 20))),
        ("nes", new Nes(new EstimatedGradientOptions(Queries: 20))),
        ("spsa", new Spsa(new EstimatedGradientOptions(Queries: 20))),
        ("random", new RandomSearch(new RandomSearchOptions(Queries: 20))),
    }.Select(a => new TestCaseData(a.Attack).SetArgDisplayNames(a.Name));

    [TestCaseSource(nameof(Attacks))]
    public void Attacks_find_the_same_harm_in_fp32(IAttack attack)
    {
        using var scope = NewDisposeScope();
        using VggModel model = Trained();
        using IFrozenModel frozen = model.Freeze(Precision.Fp32);
        double plain = Objective(model, attack, model.Forward), fast = Objective(model, attack, frozen.Forward);
        // Estimated gradients are differences of predictions, which rounding reaches sooner.
        Assert.That(fast, Is.EqualTo(plain).Within(attack is Nes or Spsa ? 2e-4 : 1e-5));
    }

    [Test]
    public void In_bf16_apgd_finds_nearly_the_same()
    {
        using var scope = NewDisposeScope();
        using VggModel model = Trained();
        using IFrozenModel half = model.Freeze(Precision.Bf16);
        var attack = new Apgd(new ApgdOptions(Steps: 20));
        double plain = Objective(model, attack, model.Forward), fast = Objective(model, attack, half.Forward), clean = Objective(model, null, model.Forward);
        Assert.That((fast - clean) / (plain - clean), Is.EqualTo(1).Within(0.05));
    }

    // As of a prediction that is nearly right, or of a change in multiples of a small tolerance.
    [TestCase(1e-5)]
    [TestCase(1)]
    [TestCase(100)]
    public void In_fp16_gradients_neither_vanish_nor_overflow(double slope)
    {
        using var scope = NewDisposeScope();
        using VggModel model = Trained();
        using IFrozenModel half = model.Freeze(Precision.Fp16);
        manual_seed(11);
        Tensor input = randn(Clips, Frames, Bands);
        Tensor exact = Gradient(model.Forward), found = Gradient(half.Forward);
        Assert.That(((found - exact).norm() / exact.norm()).item<float>(), Is.InRange(0, 0.15), "units that are nearly zero switch at other inputs");

        Tensor Gradient(Func<Tensor, ModelOutput> forward)
        {
            Tensor x = input.clone().requires_grad_();
            return autograd.grad([(forward(x).Emotion * slope).sum()], [x])[0];
        }
    }

    // Batch norm with statistics of its own, as after training.
    private static VggModel Trained()
    {
        var model = new VggModel(new VggOptions(Width: 0.125));
        model.Build(new ModelContext(new LabelSpace(["valence", "energy"]), null, [Frames, Bands], CPU, RandomStream.For("frozen")));
        manual_seed(5);
        using (no_grad())
        {
            foreach ((string name, Tensor value) in model.State.Where(s => s.Key.Contains("running_", StringComparison.Ordinal))) value.copy_(rand_like(value) + (name.EndsWith("var", StringComparison.Ordinal) ? 0.5 : -0.5));
        }

        model.SetTraining(false);
        foreach (TorchSharp.Modules.Parameter parameter in model.Parameters) parameter.requires_grad_(false);
        return model;
    }

    // Judged by the model itself, whatever the attack saw.
    private static double Objective(VggModel model, IAttack? attack, Func<Tensor, ModelOutput> seen)
    {
        manual_seed(9);
        Tensor input = randn(Clips, Frames, Bands), ratings = rand(Clips, 2);
        using var context = new AttackContext(seen, input, ratings, MerBench.Objective.Mse, [.. Enumerable.Range(0, Clips).Select(i => RandomStream.For("clip", FormattableString.Invariant($"{i}")))]) { Budget = new Budget(Norm.Linf, 0.03), Emotions = new LabelSpace(["valence", "energy"]) };
        Tensor perturbed = attack?.Perturb(context, CancellationToken.None) ?? input;
        using var guard = no_grad();
        return (model.Forward(perturbed).Emotion - ratings).square().mean().item<float>();
    }
}
