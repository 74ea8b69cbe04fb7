using MerBench.Attacks.Composite;
using MerBench.Attacks.Query;
using MerBench.Models.Vgg;
using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient.Tests;

/// <summary>A model's faster form for attacks finds what the model itself lets them find.</summary>
public sealed class FrozenFormTests
{
    private const int Clips = 3,
        Frames = 60,
        Bands = 50;

    private static readonly LabelSpace s_emotions = new(["valence", "energy"]);
    private static readonly Budget s_linf = new(Norm.Linf, 0.03),
        s_l2 = new(Norm.L2, 1);

    private static IEnumerable<TestCaseData> Attacks() =>
        new (string Name, IAttack Attack, Budget Budget)[]
        {
            ("fgsm", new Fgsm(), s_linf),
            ("bim", new Bim(new BimOptions(Steps: 10)), s_linf),
            ("pgd", new Pgd(new PgdOptions(Steps: 10)), s_linf),
            ("pgd with momentum", new Pgd(new PgdOptions(Steps: 5, Momentum: 0.9, Restarts: 2)), s_l2),
            ("apgd", new Apgd(new ApgdOptions(Steps: 10)), s_linf),
            ("adam-sign", new AdamSign(new AdamSignOptions(Steps: 10)), s_linf),
            ("jacobian", new Jacobian(), s_linf),
            ("universal", new Universal(new UniversalOptions(Epochs: 3, Batch: 2)), s_linf),
            ("masking", new Masking(new MaskingOptions(Steps: 5, Frame: 256)), s_linf),
            ("fmn", new Fmn(new FmnOptions(Steps: 10)), s_linf),
            ("ddn", new Ddn(new DdnOptions(Steps: 10)), s_l2),
            ("cw", new CarliniWagner(new CarliniWagnerOptions(Steps: 5, Searches: 2)), s_l2),
            ("boundary", new Boundary(new BoundaryOptions(Queries: 40)), s_l2),
            ("square", new Square(new SquareOptions(Queries: 20)), s_linf),
            ("random", new RandomSearch(new RandomSearchOptions(Queries: 20)), s_linf),
            (
                "ensemble",
                new Ensemble(new EnsembleOptions([new Chosen(new Fgsm()), new Chosen(new Apgd(new ApgdOptions(Steps: 5)))])),
                s_linf
            ),
            ("transfer", new Transfer(new TransferOptions(new Chosen(new Pgd(new PgdOptions(Steps: 5))), "itself")), s_linf),
            // Under linf the sign of an estimated gradient turns where rounding reaches a difference of predictions: 2e-4 apart.
            ("nes", new Nes(new EstimatedGradientOptions(Queries: 20)), s_l2),
            ("spsa", new Spsa(new EstimatedGradientOptions(Queries: 20)), s_l2),
        }.Select(a => new TestCaseData(a.Attack, a.Budget).SetArgDisplayNames(a.Name));

    [TestCaseSource(nameof(Attacks))]
    public void Attacks_find_the_same_harm_in_fp32(IAttack attack, Budget budget)
    {
        using var scope = NewDisposeScope();
        using VggModel model = Trained();
        using IFrozenModel frozen = model.Freeze(Precision.Fp32);
        double plain = Objective(model, attack, budget, model.Forward),
            fast = Objective(model, attack, budget, frozen.Forward),
            clean = Objective(model, null, budget, model.Forward);
        Assert.That(fast, Is.EqualTo(plain).Within(1e-5));
        Assert.That(plain, Is.Not.EqualTo(clean), "it finds something");
    }

    [Test]
    public void No_attack_of_these_plugins_is_forgotten()
    {
        string[] all =
        [
            .. new[] { typeof(Pgd), typeof(Square), typeof(Ensemble) }
                .SelectMany(t => t.Assembly.GetTypes())
                .Where(t => t.IsPublic && !t.IsAbstract && t.IsAssignableTo(typeof(IAttack)))
                .Select(t => t.Name),
        ];
        Assert.That(Attacks().Select(a => a.Arguments[0]!.GetType().Name).Distinct(), Is.EquivalentTo(all));
    }

    [Test]
    public void In_bf16_apgd_finds_nearly_the_same()
    {
        using var scope = NewDisposeScope();
        using VggModel model = Trained();
        using IFrozenModel half = model.Freeze(Precision.Bf16);
        var attack = new Apgd(new ApgdOptions(Steps: 20));
        double plain = Objective(model, attack, s_linf, model.Forward),
            fast = Objective(model, attack, s_linf, half.Forward),
            clean = Objective(model, null, s_linf, model.Forward);
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
        Tensor exact = Gradient(model.Forward),
            found = Gradient(half.Forward);
        Assert.That(
            ((found - exact).norm() / exact.norm()).item<float>(),
            Is.InRange(0, 0.15),
            "units that are nearly zero switch at other inputs"
        );

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
        model.Build(new ModelContext(s_emotions, null, [Frames, Bands], CPU, RandomStream.For("frozen")));
        manual_seed(5);
        using (no_grad())
        {
            foreach ((string name, Tensor value) in model.State.Where(s => s.Key.Contains("running_", StringComparison.Ordinal)))
                value.copy_(rand_like(value) + (name.EndsWith("var", StringComparison.Ordinal) ? 0.5 : -0.5));
        }

        model.SetTraining(false);
        foreach (TorchSharp.Modules.Parameter parameter in model.Parameters)
            parameter.requires_grad_(false);
        return model;
    }

    // Judged by the model itself, whatever the attack saw. For attacks on waveforms, features stand for samples.
    private static double Objective(VggModel model, IAttack? attack, Budget budget, Func<Tensor, ModelOutput> seen)
    {
        manual_seed(9);
        bool isWaveform = attack is Masking;
        Tensor input = randn(Clips, Frames, Bands) * (isWaveform ? 0.2 : 1),
            ratings = rand(Clips, 2);
        if (isWaveform)
            input = input.clamp(-1, 1).flatten(1);
        using AttackContext context = Context(),
            training = Context();
        (attack as IFittedAttack)?.Fit(training, CancellationToken.None);
        Tensor perturbed = attack?.Perturb(context, CancellationToken.None) ?? input;
        using var guard = no_grad();
        return (model.Forward(Features(perturbed)).Emotion - ratings).square().mean().item<float>();

        Tensor Features(Tensor x) => x.reshape(-1, Frames, Bands);

        AttackContext Context() =>
            new(
                x => seen(Features(x)),
                input,
                ratings,
                MerBench.Objective.Mse,
                [.. Enumerable.Range(0, Clips).Select(i => RandomStream.For("clip", FormattableString.Invariant($"{i}")))]
            )
            {
                Budget = budget,
                Box = isWaveform ? new Box(-1, 1) : null,
                Domain = isWaveform ? Domain.Waveform : Domain.Features,
                SampleRate = 22050,
                Emotions = s_emotions,
                Surrogates = _ => x => seen(Features(x)),
            };
    }

    private sealed class Chosen(IAttack attack) : AttackChoice
    {
        public override string Id => attack.GetType().Name;

        public override IAttack Create() => attack;
    }
}
