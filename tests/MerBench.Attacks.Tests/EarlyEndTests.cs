using static MerBench.Attacks.Gradient.Tests.Scenario;
using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient.Tests;

/// <summary>Clips whose answers are known leave the batch, and nothing but the number of calls tells.</summary>
public sealed class EarlyEndTests
{
    private const int Steps = 60;
    private static readonly LabelSpace s_three = new(["valence", "arousal", "tension"]);
    private static readonly Budget Linf = new(Norm.Linf, 0.3),
        L2 = new(Norm.L2, 0.3);

    private static IEnumerable<(string Name, Func<bool, IAttack> Create)> Attacks() =>
        [
            ("bim", r => new Bim(new BimOptions(Steps, StepSize: 0.25)) { RemembersAnswers = r }),
            ("bim odd", r => new Bim(new BimOptions(Steps + 1, StepSize: 0.7)) { RemembersAnswers = r }),
            ("pgd", r => new Pgd(new PgdOptions(Steps, RandomStart: false)) { RemembersAnswers = r }),
            ("pgd momentum", r => new Pgd(new PgdOptions(Steps, Momentum: 0.9, Restarts: 2)) { RemembersAnswers = r }),
            ("apgd", r => new Apgd(new ApgdOptions(Steps, Restarts: 2)) { RemembersAnswers = r }),
            ("adam-sign", r => new AdamSign(new AdamSignOptions(Steps, LearningRate: 0.1)) { RemembersAnswers = r }),
            (
                "adam-sign threshold",
                r => new AdamSign(new AdamSignOptions(Steps, LearningRate: 0.1, ReturnedIterate.Threshold)) { RemembersAnswers = r }
            ),
        ];

    // Where clips come to rest or go in circles: a corner of the ball, that of the box, no gradient, a top that steps of fixed length cross
    // back and forth, and a bumpy landscape where hardly any does.
    private static IEnumerable<(string Name, Func<Tensor, Tensor> Value, Budget Budget, Box? Box)> Places() =>
        [
            ("corner", Linear(tensor(new[] { 1f, -2f, 0.5f, 0f, 3f, -1f })), Linf, null),
            ("box", Linear(tensor(new[] { 1f, -2f, 0.5f, 0f, 3f, -1f })), Linf, new Box(-0.2, 0.2)),
            ("kink", x => -(x - 0.07).abs().flatten(1).sum(1), Linf, null),
            ("kink in l2", x => -(x - 0.07).abs().flatten(1).sum(1), L2, null),
            ("saturated", x => (x - 0.1).relu().clamp_max(0.05).flatten(1).sum(1), Linf, null),
            ("bumps", Nonlinear(6), Linf, null),
        ];

    private static IEnumerable<TestCaseData> Cases() =>
        from attack in Attacks()
        from place in Places()
        select new TestCaseData(attack.Create, place.Value, place.Budget, place.Box).SetArgDisplayNames($"{attack.Name}, {place.Name}");

    [TestCaseSource(nameof(Cases))]
    public void Results_and_what_is_watched_are_the_same_to_the_last_bit(
        Func<bool, IAttack> create,
        Func<Tensor, Tensor> value,
        Budget budget,
        Box? box
    )
    {
        using var scope = NewDisposeScope();
        Found with = Run(create(true), value, budget, box),
            without = Run(create(false), value, budget, box);
        Assert.That(with.Perturbed, Is.EqualTo(without.Perturbed));
        for (int clip = 0; clip < 4; clip++)
            Assert.That(with.Watched[clip], Is.EqualTo(without.Watched[clip]), $"clip {clip}");
        Assert.That(without.Spared, Is.All.Zero);
        Assert.That(with.Made.Zip(with.Spared, (m, s) => m + s), Is.EqualTo(without.Made));
    }

    [TestCase("bim", "corner", 6)]
    [TestCase("bim odd", "kink", 8)]
    [TestCase("pgd", "kink", 8)]
    [TestCase("pgd", "saturated", 8)]
    [TestCase("pgd momentum", "corner", 30)]
    [TestCase("apgd", "corner", 15)]
    public void Few_calls_are_made_where_clips_rest_or_go_in_circles(string attack, string place, int most)
    {
        using var scope = NewDisposeScope();
        (_, Func<Tensor, Tensor> value, Budget budget, Box? box) = Places().Single(p => p.Name == place);
        Found found = Run(Attacks().Single(a => a.Name == attack).Create(true), value, budget, box);
        Assert.That(found.Made, Is.All.LessThanOrEqualTo(most));
    }

    [Test]
    public void A_clip_that_rests_leaves_the_batch_and_the_others_go_on()
    {
        using var scope = NewDisposeScope();
        var asked = new List<long>();
        Tensor slope = tensor(new[] { 0f, 1f });
        Tensor Value(Tensor x)
        {
            asked.Add(x.shape[0]);
            return x.flatten(1).sum(1) * (x.shape[0] == 2 ? slope : slope[1..]);
        }

        AttackContext context = Raising(Value, zeros(2, 3), Linf);
        new Bim(new BimOptions(20)).Perturb(context, CancellationToken.None);
        Assert.That(asked, Is.EqualTo(Enumerable.Repeat(1L, 19).Prepend(2L)));
        Assert.That(context.GradientCalls, Is.EqualTo(new[] { 1, 20 }));
        Assert.That(context.SparedCalls, Is.EqualTo(new[] { 19, 0 }));
    }

    [TestCase("pgd")]
    [TestCase("apgd")]
    [TestCase("adam-sign")]
    public void Patience_ends_a_clip_that_no_longer_gains_and_says_so(string id)
    {
        using var scope = NewDisposeScope();
        IAttack attack = id switch
        {
            "pgd" => new Pgd(new PgdOptions(Steps, StepSize: 0.001, RandomStart: false, Patience: 5)),
            "apgd" => new Apgd(new ApgdOptions(Steps, Patience: 5)),
            _ => new AdamSign(new AdamSignOptions(Steps, LearningRate: 0.01, Patience: 5)),
        };

        // The first clip's top is near, the second one's out of reach. Emotions that keep their correlation let adam-sign go on.
        Tensor top = tensor(new[] { 0.033f, 20 }).unsqueeze(1),
            apart = tensor(new[] { 0f, 0.5f, 1f });
        ModelOutput Model(Tensor x) => new((-(x - (x.shape[0] == 2 ? top : top[1..])).square().flatten(1).sum(1)).unsqueeze(1) + apart);
        var context = new AttackContext(
            Model,
            zeros(2, 3),
            apart.expand(2, 3),
            Objective.Parse("+valence", s_three),
            [RandomStream.For("0"), RandomStream.For("1")]
        )
        {
            Budget = new Budget(Norm.Linf, 10),
        };
        Tensor perturbed = attack.Perturb(context, CancellationToken.None);
        Assert.That(
            context.Notes.Select(n => n.ContainsKey("ended-by")),
            Is.EqualTo(new[] { true, id == "apgd" }),
            "apgd's first step reaches the ball's surface"
        );
        Assert.That(context.Notes[0]["ended-by"], Is.EqualTo("patience"));
        Assert.That(context.GradientCalls[0] + context.SparedCalls[0], Is.LessThan(Steps / 2));
        if (id == "pgd")
            Assert.That((perturbed[0] - 0.033).abs().max().item<float>(), Is.LessThan(0.01));
    }

    private sealed record Found(
        float[] Perturbed,
        IReadOnlyList<long> Made,
        IReadOnlyList<long> Spared,
        IReadOnlyList<(float, float)>[] Watched
    );

    private static Found Run(IAttack attack, Func<Tensor, Tensor> value, Budget budget, Box? box)
    {
        manual_seed(61);
        Tensor input = (rand(4, 6) * 0.3) - 0.15;
        string[] ids = ["a", "b", "c", "d"];
        var watch = new Watch();
        var context = new AttackContext(
            x => new ModelOutput(stack([value(x), value(x) * -2, x.flatten(1).mean([1])], 1)),
            input,
            tensor(new[] { 0f, 1f, 0.5f }).expand(4, 3),
            Objective.Parse("+valence", s_three),
            [.. ids.Select(id => RandomStream.For("early", id))]
        )
        {
            Budget = budget,
            Box = box,
            Observer = watch,
        };
        Tensor perturbed = attack.Perturb(context, CancellationToken.None);
        return new Found(Floats(perturbed), context.GradientCalls, context.SparedCalls, watch.Clips);
    }

    private sealed class Watch : IAttackObserver
    {
        public List<(float, float)>[] Clips { get; } =
        [
            [],
            [],
            [],
            [],
        ];

        public void Evaluated(Tensor value, Tensor? gradient, IReadOnlyList<int>? rows)
        {
            for (int i = 0; i < value.shape[0]; i++)
                Clips[rows?[i] ?? i].Add((value[i].item<float>(), gradient is null ? -1 : gradient[i].norm().item<float>()));
        }
    }
}
