using static TorchSharp.torch;

namespace MerBench.Tests;

/// <summary>Objectives over time, on two clips of three moments and two emotions.</summary>
public sealed class ObjectiveOverTimeTests
{
    private static readonly LabelSpace s_emotions = new(["valence", "energy"]);

    // Squared distances from the ratings, the mean over emotions: clip 0 .01 .04 .01, clip 1 .16 .01 and unrated.
    private static ModelOutput Predicted => Of([0.6f, 0.4f, 0.7f, 0.7f, 0.4f, 0.6f, 0.9f, 0.1f, 0.5f, 0.5f, 0.3f, 0.3f]);

    private static ClipReference Reference =>
        new(zeros(2, 2))
        {
            Clean = Of([0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f]),
            Tolerance = full(2, 2, 0.1),
            Curve = new CurveReference(
                tensor([0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.6f, 0.6f, float.NaN, float.NaN], [2, 3, 2]),
                new RatedMoments(0.5, 3)
            ),
        };

    [TestCase("mse @ frames", 0.02, 0.085)]
    [TestCase("mse @ peak", 0.04, 0.16)]
    [TestCase("mse@0.5 s", 0.04, 0.01)]
    [TestCase("mse @ 60 s", 0.01, 0, Description = "the last moment")]
    [TestCase("+valence @ 1 s", 0.4, 0.3)]
    [TestCase("+valence -energy @ 0s", 0.2, 0.8)]
    public void Values_are_those_of_the_moments(string objective, double first, double second) =>
        Assert.That(
            Numbers(Objective.Parse(objective, s_emotions).Value(Predicted, Reference)),
            Is.EqualTo(new[] { first, second }).Within(1e-6)
        );

    [TestCase("mse @ frames", (1 + 2 + 1) / 3.0, (4 + 0) / 2.0)]
    [TestCase("any @ peak", 2, 4)]
    public void Shifts_are_those_of_the_moments_in_multiples_of_the_tolerance(string objective, double first, double second) =>
        Assert.That(
            Numbers(Objective.Parse(objective, s_emotions).Shift(Predicted, Reference)),
            Is.EqualTo(new[] { first, second }).Within(1e-5)
        );

    [Test]
    public void Changes_are_the_steps_from_moment_to_moment()
    {
        Objective changes = Objective.Parse("changes", s_emotions);
        // Steps of clip 0: .1 .3, -.3 -.1; of clip 1: -.4 .4, -.2 -.2.
        Assert.That(Numbers(changes.Value(Predicted, Reference)), Is.EqualTo(new[] { 0.2 / 4, 0.4 / 4 }).Within(1e-6));
        Assert.That(Numbers(changes.Shift(Predicted, Reference)), Is.EqualTo(new[] { 3, 4.0 }).Within(1e-5));
        Assert.That(changes.NeedsClean && changes.IsOverTime);
    }

    [Test]
    public void Where_nobody_rated_nothing_pulls_and_no_gradient_is_lost()
    {
        foreach (string objective in new[] { "mse @ frames", "mae @ peak", "+valence @ frames" })
        {
            Tensor curve = Predicted.Curve!.requires_grad_();
            Tensor value = Objective.Parse(objective, s_emotions).Value(new ModelOutput(curve.mean([1])) { Curve = curve }, Reference);
            Tensor gradient = autograd.grad([value.sum()], [curve])[0];
            Assert.That(gradient.isfinite().all().item<bool>(), objective);
            Assert.That(gradient[1, 2].abs().sum().item<float>(), Is.Zero, objective);
            Assert.That(gradient.abs().sum().item<float>(), Is.Positive, objective);
        }
    }

    [TestCase("mse @ noon", "'noon' is no part of a curve")]
    [TestCase("changes @ peak", "changes looks at all moments")]
    [TestCase("+tension @ peak", "'tension' is not an emotion of this dataset")]
    public void What_is_no_objective_over_time_is_refused_by_its_part(string objective, string reason) =>
        Assert.That(() => Objective.Parse(objective, s_emotions), Throws.TypeOf<FormatException>().With.Message.Contains(reason));

    [Test]
    public void A_dataset_without_curves_is_named() =>
        Assert.That(
            () => Objective.Parse("mse @ peak", s_emotions).Value(Predicted, new ClipReference(zeros(2, 2))),
            Throws.TypeOf<PluginUserException>().With.Message.Contains("needs a dataset that rates emotions over time")
        );

    [Test]
    public void A_window_keeps_inputs_clean_and_gradients_zero_elsewhere()
    {
        Tensor window = tensor([0f, 1f, 1f, 0f]);
        using var context = new AttackContext(
            x => new ModelOutput(x.square().sum([1], keepdim: true)),
            full(2, 4, 2f),
            zeros(2, 1),
            Objective.Weighted("sum", [1]),
            [RandomStream.For("a"), RandomStream.For("b")]
        )
        {
            Window = window,
        };
        (Tensor value, Tensor gradient) = context.Differentiate(full(1, 4, 3f), [1]);
        Assert.That(Numbers(value), Is.EqualTo(new[] { 4 + 9 + 9 + 4.0 }));
        Assert.That(Numbers(gradient), Is.EqualTo(new[] { 0, 6, 6, 0.0 }));
        Assert.That(Numbers(context.Forward(full(2, 4, 0f)).Emotion), Is.EqualTo(new[] { 8, 8.0 }));
    }

    private static ModelOutput Of(float[] curve)
    {
        Tensor values = tensor(curve, [2, 3, 2]);
        return new ModelOutput(values.mean([1])) { Curve = values };
    }

    private static double[] Numbers(Tensor values) => Array.ConvertAll(values.to(float32).data<float>().ToArray(), v => (double)v);
}
