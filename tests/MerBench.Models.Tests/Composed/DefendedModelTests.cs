using MerBench.Models.Composed.Defences;
using static TorchSharp.torch;

namespace MerBench.Tests.Composed;

/// <summary>Gradients through defences, of a linear model behind corruptions that are known in closed form.</summary>
public sealed class DefendedModelTests
{
    private const int Values = 12;

    private static readonly LabelSpace s_emotions = new(["valence"]);

    [Test]
    public void Where_a_defence_has_no_gradient_that_of_the_identity_is_followed_at_what_it_returns()
    {
        using var scope = NewDisposeScope();
        using DefendedModel model = Build(new DefendedOptions("network", [new Chosen(new Rounding())]));
        Tensor clip = Clip();
        (Tensor emotion, Tensor gradient) = Ask(model, clip);
        Assert.That(emotion.item<float>(), Is.EqualTo(((clip * 4).round() / 4).square().sum().item<float>()).Within(1e-5));
        Assert.That(gradient.allclose(2 * ((clip * 4).round() / 4)), "of x squared at the rounded clip, not at the clip");
        Assert.That((model.HasStandInGradient, model.IsAdaptive, model.Undefended), Is.EqualTo((true, true, "network")));
    }

    [Test]
    public void Where_it_has_one_that_is_followed()
    {
        using var scope = NewDisposeScope();
        using DefendedModel model = Build(new DefendedOptions("network", [new Chosen(new Raising())]));
        Tensor clip = Clip();
        Assert.That(Ask(model, clip).Gradient.allclose(4.5 * clip));
        Assert.That(model.HasStandInGradient, Is.False);
    }

    [Test]
    public void Of_what_draws_predictions_are_the_mean_of_the_same_draws_and_attacks_follow_others()
    {
        using var scope = NewDisposeScope();
        using DefendedModel model = Build(
            new DefendedOptions("network", [new Chosen(new Shaking())], PredictionSamples: 3, AttackSamples: 5)
        );
        Tensor clips = cat([Clip(), Clip() * 0.5]);
        Tensor whole = model.Forward(clips).Emotion;
        Assert.That(whole.Equals(model.Forward(clips).Emotion), "the same each time");
        Assert.That(whole[1].allclose(model.Forward(clips[1..]).Emotion[0]), "whatever the batch");
        using IFrozenModel form = model.Freeze(Precision.Fp32);
        Assert.That(((ISampledForm)form).Samples, Is.EqualTo(5));
        Assert.That(form.Forward(clips).Emotion.allclose(whole), Is.False, "drawn anew");
    }

    // One response for judging and another for crafting: nothing is drawn, and the two still differ.
    [Test]
    public void Of_a_fixed_stock_predictions_have_one_part_and_attacks_another()
    {
        using var scope = NewDisposeScope();
        using DefendedModel model = Build(
            new DefendedOptions("network", [new Chosen(new Stocked())], PredictionSamples: 2, AttackSamples: 2)
        );
        Tensor clip = Clip();
        double Of(double gain) => (clip * gain).square().sum().item<float>();
        Assert.That(model.Forward(clip).Emotion.item<float>(), Is.EqualTo(Of(0.5)).Within(1e-5));
        using IFrozenModel form = model.Freeze(Precision.Fp32);
        Assert.That(form.Forward(clip).Emotion.item<float>(), Is.EqualTo(Of(2)).Within(1e-5));
        Assert.That(form, Is.InstanceOf<ISampledForm>(), "so that its predictions are not held to those of the model");
    }

    [Test]
    public void Without_adaptation_attacks_see_what_is_not_defended()
    {
        using var scope = NewDisposeScope();
        using DefendedModel model = Build(new DefendedOptions("network", [new Chosen(new Rounding())], Adaptive: false));
        Tensor clip = Clip();
        using IFrozenModel form = model.Freeze(Precision.Fp32);
        Assert.That(form.Forward(clip).Emotion.item<float>(), Is.EqualTo(clip.square().sum().item<float>()).Within(1e-5));
        Assert.That(model.IsAdaptive, Is.False);
    }

    [Test]
    public void A_defence_that_works_elsewhere_is_refused()
    {
        using var model = new DefendedModel(new DefendedOptions("network", [new Chosen(new Rounding())], Input: Domain.Features));
        Assert.That(
            () => model.Compose([Part(Domain.Features)]),
            Throws.InstanceOf<PluginUserException>().With.Message.Contains("'rounding' does not work on features")
        );
    }

    private static Tensor Clip() => rand(1, Values, generator: new Generator(3)) - 0.5;

    private static (Tensor Emotion, Tensor Gradient) Ask(DefendedModel model, Tensor clip)
    {
        using IFrozenModel form = model.Freeze(Precision.Fp32);
        Tensor x = clip.clone().requires_grad_();
        Tensor emotion = form.Forward(x).Emotion;
        return (emotion, autograd.grad([emotion.sum()], [x])[0]);
    }

    private static DefendedModel Build(DefendedOptions options)
    {
        var model = new DefendedModel(options);
        model.Compose([Part()]);
        model.Build(new ModelContext(s_emotions, null, [Values], CPU, RandomStream.For("defended")));
        return model;
    }

    // The sum of squares, of waveforms.
    private static ModelPart Part(Domain input = Domain.Waveform)
    {
        Func<Tensor, ModelOutput> squares = x => new ModelOutput(x.square().sum([1], keepdim: true));
        return new ModelPart("network", input, _ => squares, (_, _) => squares);
    }

    private sealed class Chosen(ICorruption corruption) : CorruptionChoice
    {
        public override string Id => corruption.GetType().Name.ToLowerInvariant();

        public override int Severity => 1;

        public override ICorruption Create() => corruption;
    }

    private sealed class Rounding : ICorruption
    {
        public IReadOnlyList<Domain> Domains => [Domain.Waveform];

        public Tensor Corrupt(CorruptionContext context, CancellationToken cancel) => (context.Input * 4).round() / 4;
    }

    private sealed class Raising : IDifferentiableCorruption
    {
        public IReadOnlyList<Domain> Domains => [Domain.Waveform];

        public bool IsExact => true;

        public Tensor Corrupt(CorruptionContext context, CancellationToken cancel) => Approach(context);

        public Tensor Approach(CorruptionContext context) => context.Input * 1.5;
    }

    private sealed class Stocked : ICorruption
    {
        public IReadOnlyList<Domain> Domains => [Domain.Waveform];

        public Tensor Corrupt(CorruptionContext context, CancellationToken cancel) =>
            context.Input * (context.Purpose == CorruptionPurpose.Crafting ? 2 : 0.5);
    }

    private sealed class Shaking : ICorruption
    {
        public IReadOnlyList<Domain> Domains => [Domain.Waveform];

        public Tensor Corrupt(CorruptionContext context, CancellationToken cancel) =>
            context.Input + tensor(context.Random.Select(r => 0.1f * (float)r.NextNormal()).ToArray()).unsqueeze(1);
    }
}
